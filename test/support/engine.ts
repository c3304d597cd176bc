import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerCounts } from '../../functions/ports/ledger.ts';
import { type LakeParameters, type LakeRow, TestLake } from './test-lake.ts';

export type EngineRow = LakeRow;
export type EngineParameters = LakeParameters;

/** A folder for one test, removed when the work is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Imports each text as a file of the generic touchpoints source, in order, by the real landing, and builds every
 * relation. Answers the marts and the ledger with values as JSON knows them.
 */
export async function runWorld(
  csvTexts: readonly string[],
  parameters: EngineParameters,
  threads?: number,
): Promise<Record<string, readonly EngineRow[]>> {
  return withFolder(async (folder) => {
    const paths = await writeFiles(folder, csvTexts);
    return runFiles(folder, [['touchpoints', paths]], parameters, threads);
  });
}

async function writeFiles(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  await mkdir(join(folder, 'files'), { recursive: true });
  return Promise.all(
    texts.map(async (text, index) => {
      const path = join(folder, 'files', `${String(index).padStart(4, '0')}.csv`);
      await writeFile(path, text);
      return path;
    }),
  );
}

/** The same for files of any sources. */
export async function runFiles(
  folder: string,
  files: readonly (readonly [source: string, paths: readonly string[]])[],
  parameters: EngineParameters,
  threads?: number,
): Promise<Record<string, readonly EngineRow[]>> {
  const lake = await TestLake.open(folder, undefined, threads);
  for (const [name, paths] of files) {
    await lake.import(name, ...paths);
  }
  return { ...(await lake.marts(parameters)), ledger: [totalsOf(await lake.ledger())] };
}

function totalsOf(counts: readonly LedgerCounts[]) {
  const sum = (key: 'accepted' | 'loaded' | 'duplicate' | 'suppressed') =>
    counts.reduce((total, row) => total + row[key], 0);
  const quarantined = counts
    .flatMap((row) => Object.values(row.quarantined))
    .reduce((total, n) => total + n, 0);
  return {
    accepted: sum('accepted'),
    loaded: sum('loaded'),
    duplicate: sum('duplicate'),
    quarantined,
    suppressed: sum('suppressed'),
  };
}
