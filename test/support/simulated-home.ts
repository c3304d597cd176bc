import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { FolderFileSink } from '../../functions/adapters/folder-file-sink.ts';
import { loadFacts, loadSource } from '../../functions/adapters/project-files.ts';
import { type SourceName, sourceFiles } from '../../functions/core/simulation/source-files.ts';
import type { Truth } from '../../functions/core/simulation/truth.ts';
import { splitCsvLine } from '../../functions/core/split-csv-line.ts';
import { Home } from '../../functions/local/home.ts';
import { importFiles } from '../../functions/use-cases/import-files.ts';
import {
  defaultSimulation,
  type SimulationOptions,
  simulateStore,
} from '../../functions/use-cases/simulate-store.ts';

export interface SimulatedHome {
  readonly home: Home;
  readonly truth: Truth;
  /** Where the store's files lie. */
  readonly files: string;
}

/** A simulated store, its files imported into a fresh home with the settings of a file and more lines of it, not yet run. */
export async function simulatedHome(
  folder: string,
  options: Partial<SimulationOptions>,
  settings = '',
): Promise<SimulatedHome> {
  const files = join(folder, 'files');
  await mkdir(files);
  const truth = await simulateStore({ ...defaultSimulation, ...options }, new FolderFileSink(files));
  const config = join(folder, 'dongu.yaml');
  await writeFile(
    config,
    `reporting: { time_zone: Europe/Istanbul, currency: TRY }\nengine: { memory_limit: 1GB }\n${settings}`,
  );
  const home = await Home.open({ home: join(folder, 'home'), config, telemetry: silentTelemetry });
  const facts = await loadFacts();
  for (const name of Object.keys(sourceFiles) as readonly SourceName[]) {
    const source = await loadSource(name, home.projectFolder);
    await importFiles([join(files, sourceFiles[name].file)], source, facts, await home.importPorts());
  }
  return { home, truth, files };
}

/** The text of every file that a source reads, so without what only the truth files say. */
export async function importedTexts(files: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(files)).filter((name) => !name.startsWith('truth'));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(files, name), 'utf8')] as const)),
  );
}

export interface TrueIdentifier {
  readonly person: string;
  readonly type: string;
  readonly written: string;
}

export async function trueIdentifiers(files: string): Promise<readonly TrueIdentifier[]> {
  const text = await readFile(join(files, 'truth-identities.csv'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [person = '', type = '', written = ''] = splitCsvLine(line);
      return { person, type, written };
    });
}
