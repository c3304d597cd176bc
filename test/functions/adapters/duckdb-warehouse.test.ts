import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { withFolder } from '../../support/engine.ts';

const BLOCK = 256 * 1024;

const rowsOf = (count: number) =>
  `select n, md5(to_utf8(cast(n as varchar))) as text from unnest(sequence(1, ${count})) as numbers (n)`;

const open = (folder: string, memoryLimit = '512MB') =>
  DuckdbWarehouse.open(
    { memoryLimit, threads: 1, temporaryDirectory: join(folder, 'spill') },
    'run',
    join(folder, 'built.duckdb'),
  );

describe('what a built table takes', () => {
  it('is its blocks on disk when it is kept, those of a small table too', async () => {
    await withFolder(async (folder) => {
      const warehouse = await open(folder);
      try {
        const small = await warehouse.replaceTable('small', rowsOf(3), true);
        const large = await warehouse.replaceTable('large', rowsOf(200_000), true);

        expect(small).toEqual({ rows: 3, bytes: BLOCK });
        expect(Number(large.bytes) % BLOCK).toBe(0);
        expect(large.bytes).toBeGreaterThan(200_000 * 16);
      } finally {
        warehouse.close();
      }
    });
  });

  it('is its memory when it ends with the build', async () => {
    await withFolder(async (folder) => {
      const warehouse = await open(folder);
      try {
        const { rows, bytes } = await warehouse.replaceTable('thin', rowsOf(200_000), false);

        expect(rows).toBe(200_000);
        expect(bytes).toBeGreaterThan(200_000 * 16);
        expect(bytes).toBeLessThan(200_000 * 100);
      } finally {
        warehouse.close();
      }
    });
  });

  it('is not told once tables in memory are spilled', async () => {
    await withFolder(async (folder) => {
      const warehouse = await open(folder, '40MB');
      try {
        const tables = [];
        for (let number = 1; number <= 6; number += 1) {
          tables.push(await warehouse.replaceTable(`thin_${number}`, rowsOf(200_000), false));
        }

        expect(tables.at(-1)?.bytes).toBeUndefined();
      } finally {
        warehouse.close();
      }
    });
  });
});
