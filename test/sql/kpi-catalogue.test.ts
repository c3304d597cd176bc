import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKpis } from '../../functions/adapters/model-files.ts';
import { type KpiDefinition, kpiColumnsOf } from '../../functions/core/kpi-definition.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';
import { caseEngines } from '../support/case-engines.ts';
import { createRelations, loadColumnsOf, runCase } from '../support/model-cases.ts';

const kpis = await loadKpis();
const columnsOf = await loadColumnsOf();

/** The first six tiles of the executive page. */
const leading = [
  'net_revenue',
  'orders',
  'average_order_value',
  'customer_retention_rate',
  'new_customers',
  'repeat_purchase_rate',
];

const knownGrains = ['day', 'week', 'month', 'quarter', 'year'];

/** Nothing of something; a case that gives nothing may expect nothing. */
const saysNothing = ({ given, expect: rows }: KpiDefinition['cases'][number]) =>
  rows.length === 0 && Object.keys(given).length > 0;

describe('KPI catalogue', () => {
  it('opens with the executive page', () => {
    expect(kpis.slice(0, leading.length).map(({ definition }) => definition.kpi)).toEqual(leading);
  });

  it('gives every KPI a position of its own', () => {
    expect(new Set(kpis.map(({ definition }) => definition.position)).size).toBe(kpis.length);
  });

  it.each(kpis.map(({ definition }) => [definition.kpi, definition] as const))(
    '%s is named and defined in both languages',
    (id, definition) => {
      expect(id).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      expect(definition.label.tr).not.toBe('');
      expect(definition.label.en).not.toBe('');
      expect(definition.definition.tr).toMatch(/^\S.{20,}\.$/u);
      expect(definition.definition.en).toMatch(/^\S.{20,}\.$/u);
      expect(definition.definition.tr).not.toBe(definition.definition.en);
      expect(definition.source).not.toBe('');
    },
  );

  it.each(kpis.map(({ definition }) => [definition.kpi, definition] as const))(
    '%s has a case, and every case expects something of what it gives',
    (_id, definition) => {
      expect(definition.cases.length).toBeGreaterThan(0);
      expect(definition.cases.filter(saysNothing)).toEqual([]);
    },
  );
});

describe.each(caseEngines)('KPI selects on $name', (engine) => {
  let warehouse: Warehouse;

  beforeAll(async () => {
    warehouse = await engine.open();
  });

  afterAll(() => warehouse.close());

  for (const { definition, sql } of kpis) {
    it(`${definition.kpi}: yields the columns of a KPI in their types`, async () => {
      await createRelations(warehouse, sql, {}, columnsOf);
      await warehouse.createView('kpi_yielded', sql);
      const rows = await warehouse.rows(
        "select column_name, lower(data_type) as data_type from information_schema.columns where table_name = 'kpi_yielded'",
      );

      const types = Object.fromEntries(rows.map((row) => [String(row.column_name), String(row.data_type)]));
      expect(types).toEqual(kpiColumnsOf(definition));
    });

    for (const { name, given, expect: rows } of definition.cases) {
      it(`${definition.kpi}: ${name}`, async () => {
        const difference = await runCase(warehouse, { sql, given, expect: rows }, columnsOf);

        expect(difference).toBeUndefined();
      });

      it(`${definition.kpi}: ${name} (a value or why there is none)`, async () => {
        await createRelations(warehouse, sql, given, columnsOf);
        const yielded = await warehouse.rows(sql);

        expect(yielded.filter((row) => (row.value === null) !== (row.null_reason !== null))).toEqual([]);
        expect(yielded.filter((row) => !knownGrains.includes(String(row.grain)))).toEqual([]);
      });
    }
  }
});
