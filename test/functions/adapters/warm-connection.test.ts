import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DuckdbConnection } from '../../../functions/adapters/duckdb-connection.ts';
import { WarmConnection } from '../../../functions/adapters/warm-connection.ts';
import { withFolder } from '../../support/engine.ts';

it('keeps the memory of no batch, and what it prepared goes on answering', () =>
  withFolder(async (folder) => {
    const connection = await DuckdbConnection.open(':memory:', {
      memoryLimit: '256MB',
      threads: 1,
      temporaryDirectory: join(folder, 'spill'),
    });
    const warm = await WarmConnection.over(connection);
    const tableBytes = () =>
      connection.count(
        "select sum(memory_usage_bytes)::bigint from duckdb_memory() where tag in ('IN_MEMORY_TABLE', 'BASE_TABLE')",
      );
    try {
      for (let batch = 1; batch <= 30; batch += 1) {
        const texts = JSON.stringify(Array.from({ length: 2000 }, (_, at) => `${batch}-${at}`.repeat(40)));
        await warm.rows(
          `create temp table lines as select unnest(from_json($1::json, '["VARCHAR"]')) as line`,
          [texts],
        );
        await warm.run('create temp table marks (line varchar)');
        await warm.run(
          'insert into marks select line from lines where rowid = (select min(rowid) from lines)',
        );

        expect(await warm.rows('select count(*)::integer as n, min(line) as line from marks')).toEqual([
          { n: 1, line: `${batch}-0`.repeat(40) },
        ]);
        expect(await warm.count('select count(*) from lines')).toBe(2000);
        await warm.empty();
        expect(await tableBytes()).toBeLessThan(100_000);
      }
    } finally {
      warm.close();
    }
  }));
