import { describe, expect, it } from 'vitest';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { prepareInputs } from '../../../functions/use-cases/prepare-inputs.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';
import { first, importedWith } from '../../support/till-source.ts';

const prepare = async (lake: TestLake, yaml: string, asOf?: Date) => {
  const warehouse = await DuckdbWarehouse.open(lake.settings, 'run');
  try {
    const configuration = readConfiguration(yaml, 'dongu.yaml');
    const prepared = await prepareInputs(
      warehouse,
      lake.store,
      await loadCatalogue(configuration),
      configuration,
      asOf,
    );
    return { prepared, targets: await warehouse.rows('select kpi_id, target from targets') };
  } finally {
    warehouse.close();
  }
};

describe('the inputs of a run', () => {
  it('take a target of a KPI that there is', () =>
    importedWith(first, async (lake) => {
      const { targets } = await prepare(lake, 'targets: { refund_rate: 0.05 }');

      expect(targets).toContainEqual({ kpi_id: 'refund_rate', target: 0.05 });
    }));

  it('refuse a target of no KPI with the nearest one', () =>
    withFolder(async (folder) => {
      const refused = prepare(await TestLake.open(folder), 'targets: { refund_rat: 0.05, net_revenue: 1 }');

      await expect(refused).rejects.toThrow(ConfigurationError);
      await expect(refused).rejects.toThrow(
        'targets: "refund_rat" is no KPI, neither built nor planned; did you mean "refund_rate"?',
      );
    }));

  it('refuse a receipt that is damaged, by its name', () =>
    importedWith(first, async (lake) => {
      const [key] = await lake.store.list('lake/receipts');
      await lake.store.putText(key ?? '', '{"import_id":"x"}');

      await expect(prepare(lake, '')).rejects.toThrow(`the receipt ${key} is damaged`);
    }));

  it.each(['1969-12-31T23:59:59Z', '2200-01-01T00:00:00Z'])('refuse the cut %s', (instant) =>
    importedWith(first, async (lake) => {
      await expect(prepare(lake, '', new Date(instant))).rejects.toThrow('as-of instant');
    }),
  );
});

/** What a run would see of the lake as it stands. */
async function seenBy(lake: TestLake) {
  const warehouse = await DuckdbWarehouse.open(lake.settings, 'run');
  try {
    const configuration = readConfiguration('', 'dongu.yaml');
    const catalogue = await loadCatalogue(configuration);
    const asOf = new Date('2026-03-11T00:00:00Z');
    const { unlanded } = await prepareInputs(warehouse, lake.store, catalogue, configuration, asOf);
    const [row] = await warehouse.rows(`select
      (select sum(items) from receipts) as accepted, (select count(*) from raw_items) as items,
      (select count(distinct ingest_id) from raw_items) as ids`);
    return { unlanded, accepted: Number(row?.accepted), items: Number(row?.items), ids: Number(row?.ids) };
  } finally {
    warehouse.close();
  }
}

describe('batches of the queue', () => {
  it('that share a request are never both read, whether settled or not', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder);
      const messages = [1, 2, 3].map((n) => messageOf(request(n, [track(`m-${n}`)])));
      await lake.landBatch(messages.slice(0, 2));
      await lake.landBatch(messages.slice(1, 3));
      expect(await seenBy(lake)).toEqual({ unlanded: 0, accepted: 2, items: 2, ids: 2 });

      await lake.compact();

      expect(await seenBy(lake)).toEqual({ unlanded: 0, accepted: 3, items: 3, ids: 3 });
    }));

  it('that are not complete are neither read nor counted, but told', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder);
      await lake.landBatch([messageOf(request(1, [track('a')]))]);
      await lake.landBatch([messageOf(request(2, [track('b'), track('c')]))]);
      const markers = await lake.store.list('lake/landed');
      const receipts = await lake.store.list('lake/receipts');
      const second = receipts.findIndex((key) => key !== receipts[0]);
      await lake.store.delete(markers[second] ?? '');

      const seen = await seenBy(lake);

      expect(seen.unlanded).toBe(1);
      expect(seen.accepted).toBe(seen.items);
      expect(await lake.ledger()).toMatchObject([{ accepted: 3, unaccounted: 3 - seen.items }]);
    }));
});
