import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import { checksOf } from '../../functions/core/model-checks.ts';
import { type Model, withResultOf } from '../../functions/core/model-definition.ts';
import { type CaseWarehouse, duckdbCases } from '../support/case-engines.ts';
import { strippedSql } from '../support/deny-list.ts';
import { describeModelCases } from '../support/describe-cases.ts';
import { loadColumnsOf, runCase } from '../support/model-cases.ts';

const models = await loadModels();
const marts = models.filter(({ layer }) => layer === 'marts');
const columnsOf = await loadColumnsOf();

describeModelCases(duckdbCases, models, columnsOf);

describe('a case', () => {
  let opened: CaseWarehouse;

  beforeAll(async () => {
    opened = await duckdbCases.open();
  });

  afterAll(() => opened.close());

  it('tells a wrong expectation: missing and unexpected rows', async () => {
    const sqlCase = {
      sql: 'select 1 as n, cast(null as varchar) as t',
      given: {},
      expect: [{ n: 2, t: 'x' }],
    };

    const difference = await runCase(opened.warehouse, sqlCase, columnsOf);

    expect(difference).toBe(
      [
        '1 rows, 1 expected; other: n, t',
        'missing:',
        '  { n: 2, t: x }',
        'unexpected:',
        '  { n: 1, t: null }',
      ].join('\n'),
    );
  });

  it('refuses a relation that the SQL does not read, and a column that the relation does not have', async () => {
    const sql = 'select touchpoint_id from touchpoints';
    const unread = { sql, given: { order: [] }, expect: [] };
    const mistyped = { sql, given: { touchpoints: [{ touchpoint: 't1' }] }, expect: [] };

    await expect(runCase(opened.warehouse, unread, columnsOf)).rejects.toThrow('"order" is not known');
    await expect(runCase(opened.warehouse, mistyped, columnsOf)).rejects.toThrow(
      'did you mean "touchpoint_id"?',
    );
  });
});

/** The branches of its case expressions; one that only counts rows (`then 1 end`) is no branch. */
function branchesOf(model: Model): number {
  const counters = /\bcase\s+when\b(?:(?!\bwhen\b|\bend\b).)*\bthen\s+1\s+end\b/gs;
  return (
    strippedSql(model.sql)
      .replace(counters, '')
      .match(/\bwhen\b/g)?.length ?? 0
  );
}

/** Texts that the model's column may hold, as its YAML says. */
function acceptedValues(model: Model): readonly { readonly column: string; readonly value: unknown }[] {
  return Object.entries(model.definition.columns).flatMap(([column, { checks }]) =>
    checks.flatMap((check) =>
      typeof check === 'object' && 'accepted' in check
        ? check.accepted.map((value) => ({ column, value }))
        : [],
    ),
  );
}

describe.each(marts)('the mart $name', (mart) => {
  const { cases } = mart.definition;

  it('has a case of the empty input', () => {
    const isEmpty = (relation: readonly unknown[]) => relation.length === 0;

    const empty = cases.filter(
      ({ given, expect: rows }) => Object.values(given).every(isEmpty) && isEmpty(rows),
    );

    expect(empty.length).toBeGreaterThan(0);
  });

  it('has at least one case for each branch', () => {
    const withRows = cases.filter(({ expect: rows }) => rows.length > 0);

    expect(withRows.length).toBeGreaterThanOrEqual(Math.max(1, branchesOf(mart)));
  });

  it('has every accepted value in an expected row', () => {
    const expected = cases.flatMap(({ expect: rows }) => rows);

    const never = acceptedValues(mart).filter(
      ({ column, value }) => !expected.some((row) => row[column] === value),
    );

    expect(never).toEqual([]);
  });

  it('checks its grain, on columns that it has', () => {
    const { grain, columns } = mart.definition;

    expect(Object.keys(columns)).toEqual(expect.arrayContaining(grain));
    expect(checksOf(mart).map(({ name }) => name)).toContain(`one row per ${grain.join(', ')}`);
  });

  it('has a check of its own', () => {
    expect(mart.definition.checks.length).toBeGreaterThan(0);
  });
});

describe.each(models)('the model $name', (model) => {
  it('ends with the line that cases swap, and begins with its grain', () => {
    const lines = model.sql.trimEnd().split('\n');

    expect(lines.at(-1)).toBe('select * from final');
    expect(lines[0]).toMatch(/^-- One row per /);
    expect(withResultOf(model.sql, 'another')).toContain('select * from another');
  });

  it('says what its rows are', () => {
    expect(model.definition.description).toMatch(/One row per /);
  });
});
