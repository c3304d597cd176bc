import { Home } from './home.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly home: string;
  readonly config?: string;
}

/** Opens the home for one command and cleans its temporary folder afterwards. */
export async function withHome<T>(options: GlobalOptions, work: (home: Home) => Promise<T>): Promise<T> {
  const home = await Home.open({ home: options.home, config: options.config });
  try {
    return await work(home);
  } finally {
    await home.close();
  }
}
