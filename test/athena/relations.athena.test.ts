import { afterAll, describe, expect, inject, it } from 'vitest';
import { withFolder } from '../support/engine.ts';
import { AthenaPlace } from '../support/parity/athena-place.ts';
import { dataSets } from '../support/parity/data-sets.ts';
import { compareSnapshots } from '../support/parity/snapshots.ts';
import { TwoEngines } from '../support/parity/two-engines.ts';
import { TestLake } from '../support/test-lake.ts';

const statementsAtOnce = 6;
const counted = { sets: 0, relations: 0, rows: 0, cells: 0, views: 0, viewCells: 0 };

describe.each(Object.values(dataSets))('on $title', ({ title, isThere, fill }) => {
  it.skipIf(!isThere())(
    'both engines build the same relations and publish the same views',
    { timeout: 300_000 },
    async () => {
      await withFolder(async (folder) => {
        const place = await AthenaPlace.open(inject('bed'), 'parity-relations', statementsAtOnce);
        const t0 = performance.now();
        const lake = await TestLake.open(folder);
        const plan = await fill(lake);
        const t1 = performance.now();
        const both = await TwoEngines.build(lake, plan, place);
        const t2 = performance.now();
        try {
          const comparisons = await both.compare();
          const t3 = performance.now();
          const snapshots = await compareSnapshots(folder, both);
          const t4 = performance.now();
          console.info(title, {
            import: t1 - t0,
            build: t2 - t1,
            compare: t3 - t2,
            publish: t4 - t3,
            cells: comparisons.reduce((s, { cells }) => s + cells, 0),
            viewCells: snapshots.cells,
          });
          counted.sets += 1;
          counted.relations = comparisons.length;
          counted.rows += comparisons.reduce((sum, { rows }) => sum + rows, 0);
          counted.cells += comparisons.reduce((sum, { cells }) => sum + cells, 0);
          counted.views += snapshots.views;
          counted.viewCells += snapshots.cells;

          expect(comparisons.flatMap(({ differences }) => differences)).toEqual([]);
          expect(both.athena.checks.map(({ offending: _, ...check }) => check)).toEqual(
            both.duckdb.checks.map(({ offending: _, ...check }) => check),
          );
          expect(snapshots.differences).toEqual([]);
        } finally {
          await both.close();
          await place.close();
        }
      });
    },
  );
});

afterAll(() => {
  console.info(JSON.stringify(counted));
});
