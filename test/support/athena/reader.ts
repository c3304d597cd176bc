import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaStatements } from '../../../functions/adapters/athena-statements.ts';
import type { WarehouseRow } from '../../../functions/ports/warehouse.ts';
import type { AthenaLake } from './athena-lake.ts';

/** The rows without the run that made them, in an order of their own. */
export const withoutRun = (rows: readonly WarehouseRow[]): readonly string[] =>
  rows.map(({ run_id: _, ...row }) => JSON.stringify(row)).sort();

export const readersOf = ({ clients, settings }: AthenaLake): AthenaStatements =>
  new AthenaStatements(clients.athena, settings, settings.database);

/** All views as readers get them. */
export async function publishedRows(
  lake: AthenaLake,
  names: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const statements = readersOf(lake);
  const rows: Record<string, readonly string[]> = {};
  for (const name of names) {
    rows[name] = withoutRun(await statements.rows(`select * from "${name}"`));
  }
  return rows;
}

export interface Reader {
  /** What a reader should not have met. */
  readonly faults: readonly string[];
  readonly reads: number;
  stop(): Promise<void>;
}

/** Somebody who asks for one view after the other, all the time, and must get the rows of one run. */
export function startReader(lake: AthenaLake, expected: Readonly<Record<string, readonly string[]>>): Reader {
  const statements = readersOf(lake);
  const faults: string[] = [];
  let reads = 0;
  let isStopped = false;
  const read = async (name: string, rows: readonly string[]): Promise<void> => {
    const seen = await statements.rows(`select * from "${name}"`);
    const runs = new Set(seen.map(({ run_id }) => run_id));
    if (runs.size !== 1) {
      faults.push(`${name}: rows of ${runs.size} runs`);
    }
    if (withoutRun(seen).join('\n') !== rows.join('\n')) {
      faults.push(`${name}: ${seen.length} rows that are not those of a run`);
    }
    reads += 1;
  };
  const work = (async () => {
    while (!isStopped) {
      for (const [name, rows] of Object.entries(expected)) {
        await read(name, rows).catch((error: unknown) => faults.push(`${name}: ${String(error)}`));
        await sleep(60);
      }
    }
  })();
  return {
    faults,
    get reads() {
      return reads;
    },
    stop: async () => {
      isStopped = true;
      await work;
    },
  };
}
