import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadKpis } from '../../functions/adapters/model-files.ts';
import { readSeed } from '../../functions/adapters/project-files.ts';
import type { KpiDefinition } from '../../functions/core/kpi-definition.ts';
import { kpiPage, listKpis } from '../../functions/core/kpi-list.ts';
import { duckdbCases } from '../support/case-engines.ts';
import { describeKpiCases } from '../support/describe-cases.ts';
import { loadColumnsOf } from '../support/model-cases.ts';

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

describe('the list of KPIs', () => {
  it('tells of every known KPI whether it is built, and is the page docs/kpis.md', async () => {
    const listed = listKpis(await readSeed('known_kpis'), kpis);

    expect(listed.filter(({ state }) => state === 'built').length).toBe(kpis.length);
    expect(kpiPage(listed)).toBe(readFileSync(new URL('../../docs/kpis.md', import.meta.url), 'utf8'));
  });
});

describeKpiCases(duckdbCases, kpis, columnsOf);
