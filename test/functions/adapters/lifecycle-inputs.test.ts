import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { makeParameterTables } from '../../../functions/use-cases/make-parameter-tables.ts';
import { inputColumns } from '../../../functions/use-cases/prepare-inputs.ts';

const builtIn = ['ecommerce', 'general', 'growth', 'classic', 'value', 'saas', 'b2b', 'finance'];
const asOf = new Date('2024-06-30T21:00:00Z');

let warehouse: DuckdbWarehouse;

beforeAll(async () => {
  const configuration = readConfiguration(
    `{ lifecycles: [${builtIn.join(', ')}], targets: { csat: 0.9, orders: 5 } }`,
    'dongu.yaml',
  );
  const catalogue = await loadCatalogue(configuration);
  warehouse = await DuckdbWarehouse.open(
    { memoryLimit: '512MB', threads: 1, temporaryDirectory: tmpdir() },
    'run',
  );
  await makeParameterTables(warehouse, catalogue, configuration, inputColumns(catalogue), {
    asOf,
    span: { first: asOf, last: asOf },
  });
});
afterAll(() => warehouse?.close());

describe('the tables of lifecycles', () => {
  it('have every column of their declaration filled from the templates, and no other', async () => {
    const declared = (await loadCatalogue()).inputs.find(({ input }) => input === 'lifecycle_stages');
    const rows = await warehouse.rows("select * from lifecycle_stages where stage_id = 'reach'");

    expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(declared?.columns ?? {}));
    expect(rows[0]).toMatchObject({
      stage_rank: 1,
      label_tr: 'Erişim ve farkındalık',
      hold_days: 90,
      target_rate: 0.03,
      within_days: 30,
      target_source: 'default',
      responsible_role: 'marketing',
      supporting_roles: '["digital_advertising","content"]',
    });
  });

  it('hold the eight lifecycles in the order of the configuration, each with lapsed at rank 0', async () => {
    const rows = await warehouse.rows(`select lifecycle_id, policy, stage_rank
      from lifecycles inner join lifecycle_stages using (lifecycle_id) where stage_id = 'lapsed' order by position`);

    expect(rows.map((row) => row.lifecycle_id)).toEqual(builtIn);
    expect(rows.filter((row) => row.policy === 'latest').map((row) => row.lifecycle_id)).toEqual(['classic']);
    expect(new Set(rows.map((row) => row.stage_rank))).toEqual(new Set([0]));
  });

  it('join: every rule has events, and every test has a value of its type', async () => {
    const lonely = await warehouse.rows(`select rule_id from stage_rules
      where rule_id not in (select rule_id from stage_rule_events where matcher = 'self')
         or (has_after and rule_id not in (select rule_id from stage_rule_events where matcher = 'after'))`);
    const valueless = await warehouse.rows(`select rule_id from stage_rule_tests
      where (value_type = 'number') <> (value_number is not null) or (value_type = 'text') <> (value_text is not null)`);

    expect(lonely).toEqual([]);
    expect(valueless).toEqual([]);
  });

  it('keep decimals exactly, and an empty text as a text', async () => {
    await warehouse.createFromRows('kept', { number: 'decimal(38,10)', text: 'varchar' }, [
      { number: 0.1, text: '' },
      { number: 1e-7, text: 'x' },
      { number: 9007199254740991, text: null },
    ]);

    expect(await warehouse.rows('select cast(number as varchar) as number, text from kept')).toEqual([
      { number: '0.1000000000', text: '' },
      { number: '0.0000001000', text: 'x' },
      { number: '9007199254740991.0000000000', text: null },
    ]);
  });
});

describe('the table of targets', () => {
  it("has the project's own before the sector's default ones", async () => {
    const rows = await warehouse.rows(
      "select kpi_id, target, grain, source from targets where kpi_id in ('csat', 'customer_retention_rate', 'nps', 'orders', 'mql_rate') order by 1",
    );

    expect(rows).toEqual([
      { kpi_id: 'csat', target: 0.9, grain: null, source: 'project' },
      { kpi_id: 'customer_retention_rate', target: 0.4, grain: 'year', source: 'default' },
      { kpi_id: 'nps', target: 40, grain: null, source: 'default' },
      { kpi_id: 'orders', target: 5, grain: null, source: 'project' },
    ]);
  });
});
