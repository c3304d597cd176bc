import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { builtInLifecycleText, listLifecycles, loadLifecycles } from '../../adapters/lifecycle-files.ts';
import { exists, readSeed } from '../../adapters/project-files.ts';
import { readConfiguration } from '../../core/configuration.ts';
import { ConfigurationError } from '../../core/errors.ts';
import { type Sector, sectors } from '../../core/lifecycle-template.ts';
import { unknownNameText } from '../../core/nearest-name.ts';
import { type DefaultTarget, ownLifecycleText, projectText } from '../../core/project-text.ts';
import type { GlobalOptions } from '../with-home.ts';

export interface InitOptions {
  readonly sector: string;
  readonly lifecycle?: readonly string[];
  readonly ownLifecycle: boolean;
  readonly force: boolean;
}

/** Writes a project's settings, and with `--own-lifecycle` its lifecycles to edit; all of them or none. */
export async function initCommand(
  { config }: Partial<Pick<GlobalOptions, 'config'>>,
  options: InitOptions,
): Promise<void> {
  const path = resolve(config ?? 'dongu.yaml');
  const files = await newFiles(path, options);
  const there = await Promise.all(files.map(async (file) => ((await exists(file.path)) ? [file.path] : [])));
  const kept = there.flat().map(shown);
  if (kept.length > 0 && !options.force) {
    throw new ConfigurationError(
      `${kept.join(', ')} ${kept.length === 1 ? 'is' : 'are'} already there`,
      'Nothing was written. Give --force to overwrite, or --config another/dongu.yaml.',
    );
  }
  for (const file of files) {
    await mkdir(dirname(file.path), { recursive: true });
    await writeFile(file.path, file.text);
  }
  process.stdout.write(
    nextSteps(
      files.map((file) => shown(file.path)),
      config,
    ),
  );
}

interface NewFile {
  readonly path: string;
  readonly text: string;
}

async function newFiles(path: string, options: InitOptions): Promise<readonly NewFile[]> {
  const sector = sectorOf(options.sector);
  const names = options.lifecycle ?? [sector];
  const folder = dirname(path);
  const copies = options.ownLifecycle
    ? await Promise.all(
        names.map(async (id) => ({
          path: join(folder, 'lifecycles', `${id}.yml`),
          text: ownLifecycleText(id, await builtInLifecycleText(id)),
        })),
      )
    : [];
  const configuration = readConfiguration(JSON.stringify({ sector, lifecycles: names }), 'dongu.yaml');
  // a copy is the built-in text, and what it overwrites need not be right
  const lifecycles = await loadLifecycles(configuration, options.ownLifecycle ? undefined : folder);
  const targets = await defaultTargets(sector);
  const text = projectText({ sector, lifecycles, builtIn: await listLifecycles(), targets });
  return [{ path, text }, ...copies];
}

function sectorOf(name: string): Sector {
  const sector = sectors.find((known) => known === name);
  if (sector === undefined) {
    throw new ConfigurationError(
      `the sector ${unknownNameText(name, sectors)}`,
      `Say one of ${sectors.join(', ')}.`,
    );
  }
  return sector;
}

async function defaultTargets(sector: Sector): Promise<readonly DefaultTarget[]> {
  const labels = new Map((await readSeed('known_kpis')).map((row) => [row.kpi_id, row]));
  return (await readSeed('kpi_targets'))
    .filter((row) => row.sector === sector)
    .map((row) => ({
      kpiId: row.kpi_id ?? '',
      target: Number(row.target),
      labelTr: labels.get(row.kpi_id)?.label_tr ?? '',
      labelEn: labels.get(row.kpi_id)?.label_en ?? '',
      grain: row.grain,
    }));
}

const shown = (path: string): string => {
  const from = relative(process.cwd(), path);
  return from.startsWith('..') ? path : from;
};

function nextSteps(written: readonly string[], config: string | undefined): string {
  const dongu = config === undefined ? 'npx dongu' : `npx dongu --config ${config}`;
  return `${written.map((file) => `wrote ${file}\n`).join('')}
next:
  1. look through ${written[0]}: time zone, currency, targets
  2. ${dongu} import FILE --source NAME    (${dongu} sources: what can be read)
  3. ${dongu} run
  4. ${dongu} serve
`;
}
