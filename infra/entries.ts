import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryHandler, entryNames } from './assets.ts';
import { bundleEntry } from './bundle.ts';

const sources = fileURLToPath(new URL('../functions/handlers/entries', import.meta.url));

/** Bundles every entry into a folder of its name, with the project's configuration and what functions read beside it. */
export async function bundleEntries(folder: string, configuration: string): Promise<void> {
  for (const name of entryNames.filter((entry) => existsSync(join(sources, `${entry}.ts`)))) {
    const { handler } = await bundleEntry(name, join(folder, name), { configuration });
    if (handler !== entryHandler(name)) {
      throw new Error(`the bundle of ${name} is loaded as ${handler}, not as ${entryHandler(name)}`);
    }
  }
}
