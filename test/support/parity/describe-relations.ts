import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BedAddress } from '../bed/bed.ts';
import { TestLake } from '../test-lake.ts';
import { AthenaPlace } from './athena-place.ts';
import type { DataSet } from './data-sets.ts';
import { compareSnapshots } from './snapshots.ts';
import { TwoEngines, withoutAudits } from './two-engines.ts';

const STATEMENTS_AT_ONCE = 6;
const PATIENCE = 15 * 60_000;

/** What was looked at, for the line at the end. */
export interface Tally {
  dataSets: number;
  rows: number;
  cells: number;
  views: number;
  viewCells: number;
}

export const emptyTally = (): Tally => ({ dataSets: 0, rows: 0, cells: 0, views: 0, viewCells: 0 });

/** Builds a data set on both engines and compares everything; `more` may look at what was built. */
export function describeRelations(
  dataSet: DataSet,
  bed: BedAddress,
  tally: Tally,
  more: (built: () => TwoEngines) => void = () => {},
): void {
  describe.skipIf(!dataSet.isThere())(`both engines on ${dataSet.title}`, () => {
    let folder: string;
    let place: AthenaPlace;
    let both: TwoEngines;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dongu-parity-'));
      place = await AthenaPlace.open(bed, 'parity-relations', STATEMENTS_AT_ONCE);
      const lake = await TestLake.open(folder);
      const plan = await dataSet.fill(lake);
      const catalogue = dataSet.isAudited ? plan.catalogue : withoutAudits(plan.catalogue);
      both = await TwoEngines.build(lake, { ...plan, catalogue }, place);
      tally.dataSets += 1;
    }, PATIENCE);

    afterAll(async () => {
      await both?.close();
      await place?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('build the same relations', { timeout: PATIENCE }, async () => {
      const comparisons = await both.compare();

      const rows = comparisons.reduce((sum, one) => sum + one.rows, 0);
      const cells = comparisons.reduce((sum, one) => sum + one.cells, 0);
      tally.rows += rows;
      tally.cells += cells;
      expect(comparisons.flatMap(({ differences }) => differences)).toEqual([]);
      // nothing differs from nothing
      console.info(`${dataSet.title}: ${rows} rows, ${cells} cells`);
      expect(rows).toBeGreaterThanOrEqual(dataSet.least.rows);
      expect(cells).toBeGreaterThanOrEqual(dataSet.least.cells);
    });

    it.runIf(dataSet.isAudited)('find the same in their audits', () => {
      const judged = (checks: TwoEngines['athena']['checks']) =>
        checks.map(({ model, check, status }) => `${model}: ${check}: ${status}`);

      expect(both.athena.checks.length).toBeGreaterThan(0);
      expect(judged(both.athena.checks)).toEqual(judged(both.duckdb.checks));
    });

    it.runIf(dataSet.isPublished)('publish the same views', { timeout: PATIENCE }, async () => {
      const { views, cells, differences } = await compareSnapshots(folder, both);

      tally.views += views;
      tally.viewCells += cells;
      expect(views).toBeGreaterThan(0);
      expect(differences).toEqual([]);
    });

    more(() => both);
  });
}

export function tellTally(title: string, models: number, tally: Tally): void {
  console.info(
    `${title}: ${models} models, ${tally.dataSets} data sets, ${tally.rows} rows, ${tally.cells} cells compared; ` +
      `${tally.views} published views, ${tally.viewCells} cells compared`,
  );
}
