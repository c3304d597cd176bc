import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../core/errors.ts';
import { type FactDefinition, readFactDefinition } from '../core/fact-definition.ts';
import { unknownNameText } from '../core/nearest-name.ts';
import { readSourceDefinition, type Source } from '../core/source-definition.ts';
import { splitCsvLine } from '../core/split-csv-line.ts';
import type { LandingTexts } from './duckdb-landing.ts';

/** The folder `sql/` that ships with the program. */
export const sqlFolder: string = fileURLToPath(new URL('../../sql', import.meta.url));

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** An empty cell is left out: in the table it is null. */
export async function readSeed(name: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const text = await readFile(join(sqlFolder, 'seeds', `${name}.csv`), 'utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = splitCsvLine(header);
  return lines.map((line) =>
    Object.fromEntries(
      splitCsvLine(line).flatMap((cell, index) => (cell === '' ? [] : [[names[index] ?? '', cell]])),
    ),
  );
}

export async function loadLandingTexts(): Promise<LandingTexts> {
  const [macros, touchpoints, blocked, codes] = await Promise.all([
    readFile(join(sqlFolder, 'duckdb', 'landing.sql'), 'utf8'),
    readFile(join(sqlFolder, 'landing', 'touchpoints.sql'), 'utf8'),
    readSeed('blocked_identifiers'),
    readSeed('calling_codes'),
  ]);
  return {
    macros,
    touchpoints,
    blockedIdentifiers: blocked.map((row) => row.value ?? ''),
    callingCodes: Object.fromEntries(
      codes.map((row) => [
        row.country ?? '',
        { code: row.calling_code ?? '', trunkPrefix: row.trunk_prefix ?? '' },
      ]),
    ),
  };
}

export async function loadFacts(): Promise<Readonly<Record<string, FactDefinition>>> {
  const folder = join(sqlFolder, 'facts');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yml')).sort();
  const facts = await Promise.all(
    files.map(async (file) =>
      readFactDefinition(await readFile(join(folder, file), 'utf8'), `sql/facts/${file}`),
    ),
  );
  return Object.fromEntries(facts.map((fact) => [fact.fact, fact]));
}

/** The built-in sources and those in the project's own `sources` folder. */
export async function listSources(projectFolder: string): Promise<readonly string[]> {
  const own = await readdir(join(projectFolder, 'sources')).catch(() => []);
  const files = [...own, ...(await readdir(join(sqlFolder, 'sources')))];
  const names = files.filter((file) => file.endsWith('.yml')).map((file) => basename(file, '.yml'));
  return [...new Set(names)].sort();
}

/** A source by name (the project's own folder first, then the built-in ones) or by the path of its YAML. */
export async function loadSource(nameOrPath: string, projectFolder: string): Promise<Source> {
  const candidates = nameOrPath.endsWith('.yml')
    ? [nameOrPath]
    : [
        join(projectFolder, 'sources', `${nameOrPath}.yml`),
        join(projectFolder, `${nameOrPath}.yml`),
        join(sqlFolder, 'sources', `${nameOrPath}.yml`),
      ];
  for (const file of candidates) {
    if (await exists(file)) {
      return readSource(file);
    }
  }
  throw new SourceError(
    `the source ${unknownNameText(nameOrPath, await listSources(projectFolder))}`,
    'Name a built-in source, or give the path of your own: --source path/to/NAME.yml.',
  );
}

/** `loadSource` that answers with the very same source each time, by which whoever lands knows that its connections still fit. */
export function sourcesOnce(projectFolder: string): (nameOrPath: string) => Promise<Source> {
  const sources = new Map<string, Source>();
  return async (nameOrPath) => {
    const source = sources.get(nameOrPath) ?? (await loadSource(nameOrPath, projectFolder));
    sources.set(nameOrPath, source);
    return source;
  };
}

async function readSource(file: string): Promise<Source> {
  const definition = readSourceDefinition(await readFile(file, 'utf8'), basename(file));
  if (definition.source !== basename(file, '.yml')) {
    throw new SourceError(
      `${basename(file)}: says \`source: ${definition.source}\``,
      'A source is named like its file: rename one of the two.',
    );
  }
  const folder = dirname(file);
  const isSingle = definition.yields.length === 1;
  const selects = await Promise.all(
    definition.yields.map(async (relation) => {
      const name = isSingle ? `${definition.source}.sql` : `${definition.source}.${relation}.sql`;
      const text = await readFile(join(folder, name), 'utf8').catch((error: unknown) => {
        throw new SourceError(
          `${basename(file)}: its select ${name} is missing`,
          `Write ${name} beside it.`,
          { cause: error },
        );
      });
      return [relation, text.trim().replace(/;$/, '')] as const;
    }),
  );
  return { definition, selects: Object.fromEntries(selects), file };
}
