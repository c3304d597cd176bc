import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryHandler, entryNames } from './assets.ts';
import { bundleEntry } from './bundle.ts';

const sources = fileURLToPath(new URL('../functions/handlers/entries', import.meta.url));

/** Bundles every entry into a folder of its name, with the files of the project that functions read. */
export async function bundleEntries(folder: string, project: string): Promise<void> {
  for (const name of entryNames.filter((entry) => existsSync(join(sources, `${entry}.ts`)))) {
    const { handler } = await bundleEntry(name, join(folder, name), { project });
    if (handler !== entryHandler(name)) {
      throw new Error(`the bundle of ${name} is loaded as ${handler}, not as ${entryHandler(name)}`);
    }
  }
}
