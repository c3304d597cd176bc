import { describe, expect, it } from 'vitest';
import { queryWarehouse } from '../../functions/adapters/duckdb-reader.ts';
import { lifecycleDifferences } from '../oracle/lifecycle/compare.ts';
import { withFolder } from '../support/engine.ts';
import {
  countCompared,
  oracleLifecycles,
  type ReadRows,
  warehouseLifecycles,
  warehouseTouchpoints,
} from '../support/lifecycle-warehouse.ts';
import { expectedFigures, hasRealData, parametersOf, realFiles } from '../support/real-data.ts';
import { simulatedHome } from '../support/simulated-home.ts';
import { builtInLifecycles } from '../support/template-world.ts';
import { type LakeParameters, TestLake } from '../support/test-lake.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';

const lifecycles = builtInLifecycles();
const lifecycleIds = lifecycles.map(({ lifecycle }) => lifecycle);

type RealSet = {
  readonly source: string;
  readonly file: string;
  readonly parameters: LakeParameters;
  /** An instant within a day and within the data: much is immature, and what came later is not seen. */
  readonly earlier: string;
  /** Lifecycles into which nobody of the set ever comes, since it holds no event that they look for. */
  readonly empty: readonly string[];
};

const subscriptions: LakeParameters = {
  asOf: new Date('2020-03-01T00:00:00Z'),
  timeZone: 'UTC',
  currency: 'USD',
  activityEvent: 'order_completed',
};

function realSets(): RealSet[] {
  const expected = expectedFigures();
  return [
    {
      source: 'ecom-clickstream',
      file: realFiles.clickstream,
      parameters: parametersOf(expected['ecom-clickstream']),
      earlier: '2024-03-15T13:30:00Z',
      empty: [],
    },
    {
      source: 'mrr-playbook',
      file: realFiles.mrrPlaybook,
      parameters: subscriptions,
      earlier: '2019-06-15T13:30:00Z',
      empty: ['b2b', 'ecommerce', 'finance'],
    },
    {
      source: 'online-retail',
      file: realFiles.onlineRetail,
      parameters: parametersOf(expected['online-retail']),
      earlier: '2011-04-05T12:15:00Z',
      empty: ['finance', 'saas'],
    },
    {
      source: 'cdnow',
      file: realFiles.cdnow,
      parameters: parametersOf(expected.cdnow),
      earlier: '1997-09-30T06:00:00Z',
      empty: ['finance', 'saas'],
    },
  ];
}

type Run = { readonly name: string; readonly asOf: Date; readonly timeZone: string };

/** Every cell of the five relations of the eight lifecycles, from the touchpoints that the warehouse was built with. */
async function expectOracle(
  readRows: ReadRows,
  { name, asOf, timeZone }: Run,
  empty: readonly string[],
): Promise<void> {
  const touchpoints = await warehouseTouchpoints(readRows);
  const run = { asOf: asOf.getTime(), timeZone };
  const oracle = oracleLifecycles({ run, touchpoints, lifecycles });
  const { rows, cells } = countCompared(oracle);
  console.info(
    `${name} as of ${asOf.toISOString()}: ${touchpoints.length} touchpoints, ${lifecycles.length} lifecycles, ${rows} rows, ${cells} cells compared`,
  );

  const differences = lifecycleDifferences(await warehouseLifecycles(readRows), oracle);

  expect(differences.map(({ text }) => text)).toEqual([]);
  const unentered = lifecycleIds.filter((id) => oracle.get(id)?.stage_memberships.length === 0);
  expect(unentered).toEqual(empty);
}

const hasData = hasRealData();

describe.skipIf(!hasData)('lifecycle marts of real data agree with the oracle, all eight at once', () => {
  const sets = hasData ? realSets() : [];

  // all of them take two minutes
  it.each(isFull ? sets : sets.slice(0, 1))('$source', ({ source, file, parameters, earlier, empty }) =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder, undefined, 2);
      await lake.import(source, file);

      for (const asOf of isFull ? [parameters.asOf, new Date(earlier)] : [parameters.asOf]) {
        await lake.build({ ...parameters, asOf, lifecycles: lifecycleIds }, (warehouse) =>
          expectOracle(
            (select) => warehouse.rows(select),
            { name: source, asOf, timeZone: parameters.timeZone },
            empty,
          ),
        );
      }
    }),
  );
});

describe('lifecycle marts of a simulated store', () => {
  it('agree with the oracle, all eight at once', () =>
    withFolder(async (folder) => {
      const settings = `lifecycles: [${lifecycleIds.join(', ')}]\n`;
      const customers = isFull ? 2000 : 100;
      const { home } = await simulatedHome(folder, { seed: 4, customers }, settings);
      try {
        const { run } = await home.run({});

        const path = home.store.localPath('warehouse.duckdb');
        await expectOracle(
          async (select) => (await queryWarehouse(path, select)).rows,
          { name: 'simulated store', asOf: new Date(run.report.asOf), timeZone: 'Europe/Istanbul' },
          [],
        );
      } finally {
        await home.close();
      }
    }));
});
