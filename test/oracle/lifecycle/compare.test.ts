import { describe, expect, it } from 'vitest';
import type { Relations, Row } from '../types.ts';
import { aLifecycle, at, events, plainStages } from './build.ts';
import { type LifecycleRelation, lifecycleDifferences, lifecycleRelations } from './compare.ts';
import { evaluateLifecycle } from './evaluate.ts';

const stages = plainStages({ a: 3, b: 5, c: 2 }).map((stage) => ({
  ...stage,
  target: { advance_rate: 0.9, within_days: 2 },
  benchmark: { advance_rate: 0.1 },
}));

const oracle = evaluateLifecycle(
  aLifecycle(stages),
  events(
    ['2024-01-30 10:00', 'a'],
    ['2024-01-31 10:00', 'c'],
    ['2024-02-03 10:00:00.005', 'b'],
    ['2024-01-31 10:00', 'a', { customer_id: 'd' }],
    ['2024-02-01 10:00', 'b', { customer_id: 'd' }],
    ['2024-01-31 11:00', 'a', { customer_id: 'e' }],
  ),
  { asOf: at('2024-02-20 00:00'), timeZone: 'UTC' },
);
const expected = new Map([['l', oracle]]);

/** A row as DuckDB's JSON reader gives it: times as text with what digits they need, counts as text. */
function asEngineRow(row: Row): Row {
  const entries = Object.entries(row).map(([column, value]) => {
    if (column.endsWith('_at') && typeof value === 'number')
      return [column, new Date(value).toISOString().replace('T', ' ').replace('.000Z', '').replace('Z', '')];
    return [
      column,
      column.startsWith('count_') && column !== 'count_shortfall' && value !== null ? String(value) : value,
    ];
  });
  return Object.fromEntries(entries);
}

const engine: Relations = Object.fromEntries(
  lifecycleRelations.map((name) => [name, oracle[name].map((row) => asEngineRow(row)).toReversed()]),
);

function differences(changed: Partial<Record<LifecycleRelation, readonly Row[]>>): string[] {
  return lifecycleDifferences({ ...engine, ...changed }, expected).map(({ text }) => text);
}

/** Every cell of every relation that is no part of the row's key, in the first row that has a value there. */
const cells = lifecycleRelations.flatMap((relation) => {
  const columns = Object.keys(engine[relation]?.[0] ?? {}).filter((column) => column !== 'lifecycle_id');
  return columns.flatMap((column) => {
    const index = engine[relation]?.findIndex((row) => row[column] !== null) ?? -1;
    return index < 0 ? [] : [{ relation, column, index }];
  });
});

function changedValue(column: string, value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1e-6;
  if (column.endsWith('_at')) return `${String(value).slice(0, 17)}01`;
  if (/_date$|_month$|_start$/.test(column)) return '2020-01-01';
  return column.startsWith('count_') ? String(Number(value) + 1) : `${String(value)}x`;
}

describe('the comparison with an engine', () => {
  it('finds nothing where the rows say the same, in any order and spelling', () => {
    expect(differences({})).toEqual([]);
    expect(oracle.stage_dropoffs.length).toBeGreaterThan(2);
  });

  it('looks at every cell that the oracle gives a value', () => {
    const places = cells.map(({ relation, column }) => `${relation}.${column}`);
    expect(places).toContain('stage_transitions.count_skipped');
    expect(places).toContain('stage_dropoffs.median_days_to_advance');
    expect(places).toHaveLength(36);
  });

  it.each(cells)('finds a change of $column in $relation', ({ relation, column, index }) => {
    const rows = engine[relation] ?? [];
    const changed = rows.map((row, place) =>
      place === index ? { ...row, [column]: changedValue(column, row[column]) } : row,
    );

    expect(differences({ [relation]: changed }).join('\n')).toMatch(new RegExp(`${relation} l .*${column}`));
  });

  it.each(cells)('finds a null for $column in $relation', ({ relation, column, index }) => {
    const rows = engine[relation] ?? [];
    const changed = rows.map((row, place) => (place === index ? { ...row, [column]: null } : row));

    expect(differences({ [relation]: changed })).not.toEqual([]);
  });

  it('lets doubles differ in the last digits only', () => {
    const shift = (by: number) =>
      (engine.stage_dropoffs ?? []).map((row) => ({
        ...row,
        km_advance_rate: row.km_advance_rate === null ? null : Number(row.km_advance_rate) + by,
      }));

    expect(differences({ stage_dropoffs: shift(1e-12) })).toEqual([]);
    expect(differences({ stage_dropoffs: shift(1e-8) })).not.toEqual([]);
  });

  it.each(lifecycleRelations)('finds rows of %s that are missing, surplus or there twice', (relation) => {
    const rows = engine[relation] ?? [];

    expect(differences({ [relation]: rows.slice(1) })).toEqual([
      expect.stringContaining('the row is missing'),
    ]);
    expect(differences({ [relation]: [...rows, ...rows.slice(0, 1)] })).toEqual([
      expect.stringContaining('2 rows instead of one'),
    ]);
    expect(differences({ [relation]: [...rows, { ...rows[0], lifecycle_id: 'm' }] })).toEqual([
      expect.stringContaining(`${relation} m`),
    ]);
  });

  it('finds columns that are missing or not of the contract, but for the run', () => {
    const rows = engine.stage_occupancy ?? [];
    const without = rows.map(({ count_customers: _, ...row }) => row);

    expect(differences({ stage_occupancy: without })[0]).toMatch('the column count_customers is missing');
    expect(differences({ stage_occupancy: rows.map((row) => ({ ...row, more: 1 })) })[0]).toMatch(
      'the column more is not of the contract',
    );
    expect(differences({ stage_occupancy: rows.map((row) => ({ ...row, run_id: 'r' })) })).toEqual([]);
  });

  it('finds a relation that the engine does not give', () => {
    const { stage_flows: _, ...others } = engine;

    expect(lifecycleDifferences(others, expected).map(({ text }) => text)).toEqual([
      'stage_flows: the engine gave no such relation',
    ]);
  });
});
