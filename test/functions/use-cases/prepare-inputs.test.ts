import { describe, expect, it } from 'vitest';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { prepareInputs } from '../../../functions/use-cases/prepare-inputs.ts';
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
