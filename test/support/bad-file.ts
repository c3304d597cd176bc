import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DonguError } from '../../functions/core/errors.ts';
import type { LedgerCounts } from '../../functions/ports/ledger.ts';
import { withFolder } from './engine.ts';
import { type LakeRow, TestLake } from './test-lake.ts';

export interface LandedBadFile {
  readonly ledger: Omit<LedgerCounts, 'source'> | undefined;
  /** `LINE reason` of every quarantined row, in the order of lines. */
  readonly quarantined: readonly string[];
  readonly payloads: readonly string[];
  readonly touchpoints: readonly LakeRow[];
}

export interface RefusedFile {
  readonly message: string;
  readonly hint: string;
  /** Every object in the lake after the refusal. */
  readonly left: readonly string[];
}

/** Imports one file of these bytes and says what became of each row, from the lake. */
export async function land(source: string, content: string | Buffer): Promise<LandedBadFile> {
  return withFolder(async (folder) => {
    const lake = await TestLake.open(folder);
    const path = join(folder, 'input');
    await writeFile(path, content);
    await lake.import(source, path);
    const quarantine = await lake.rowsOf('quarantine', 'select * from zone order by line_number');
    const [counts] = await lake.ledger();
    const { source: _, ...ledger } = counts ?? { source: '' };
    return {
      ledger: counts ? (ledger as Omit<LedgerCounts, 'source'>) : undefined,
      quarantined: quarantine.map((row) => `${row.line_number} ${row.reason}`),
      payloads: quarantine.map((row) => String(row.payload)),
      touchpoints: await lake.rowsOf('raw/touchpoints', 'select * from zone order by line_number'),
    };
  });
}

/** Imports one file of these bytes, which must be refused. */
export async function refuse(
  source: string,
  content: string | Buffer,
  files: Readonly<Record<string, string>> = {},
): Promise<RefusedFile> {
  return withFolder(async (folder) => {
    const path = join(folder, 'input.csv');
    await writeFile(path, content);
    return refusePath(folder, source, path, files);
  });
}

/** Imports a path, with files of the project's own beside; throws unless that is refused with advice. */
export async function refusePath(
  folder: string,
  source: string,
  path: string,
  files: Readonly<Record<string, string>> = {},
): Promise<RefusedFile> {
  const lake = await TestLake.open(folder);
  await mkdir(join(folder, 'sources'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, 'sources', name), text);
  }
  try {
    await lake.import(source, path);
  } catch (error) {
    if (!(error instanceof DonguError)) {
      throw error;
    }
    return { message: error.message, hint: error.hint, left: await lake.store.list('lake') };
  }
  throw new Error(`${path} was imported, though it should be refused`);
}
