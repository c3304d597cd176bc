import { type CellKind, spell } from '../cells.ts';
import type { Relations, Row } from '../types.ts';
import { groupBy } from '../values.ts';
import type { LifecycleRows } from './types.ts';

export const lifecycleRelations = [
  'stage_memberships',
  'stage_transitions',
  'stage_occupancy',
  'stage_flows',
  'stage_dropoffs',
] as const;
export type LifecycleRelation = (typeof lifecycleRelations)[number];

type Kind = CellKind | 'double';

type Shape = { readonly key: readonly string[]; readonly columns: Readonly<Record<string, Kind>> };

const shapes: Readonly<Record<LifecycleRelation, Shape>> = {
  stage_memberships: {
    key: ['customer_id', 'entered_at'],
    columns: {
      lifecycle_id: 'text',
      customer_id: 'text',
      stage_id: 'text',
      stage_rank: 'count',
      entered_at: 'instant',
      left_at: 'instant',
    },
  },
  stage_transitions: {
    key: ['customer_id', 'occurred_at'],
    columns: {
      lifecycle_id: 'text',
      customer_id: 'text',
      occurred_at: 'instant',
      from_stage_id: 'text',
      to_stage_id: 'text',
      kind: 'text',
      count_skipped: 'count',
      rule_id: 'text',
      touchpoint_id: 'text',
      event: 'text',
      channel: 'text',
    },
  },
  stage_occupancy: {
    key: ['stage_id', 'occupancy_date'],
    columns: { lifecycle_id: 'text', stage_id: 'text', occupancy_date: 'day', count_customers: 'count' },
  },
  stage_flows: {
    key: ['grain', 'period_start', 'from_stage_id', 'to_stage_id'],
    columns: {
      lifecycle_id: 'text',
      grain: 'text',
      period_start: 'day',
      from_stage_id: 'text',
      to_stage_id: 'text',
      count_customers: 'count',
      is_complete: 'flag',
    },
  },
  stage_dropoffs: {
    key: ['stage_id', 'entry_month'],
    columns: {
      lifecycle_id: 'text',
      stage_id: 'text',
      entry_month: 'day',
      count_entered: 'count',
      count_advanced: 'count',
      count_immature: 'count',
      advance_rate: 'double',
      km_advance_rate: 'double',
      median_days_to_advance: 'double',
      median_days_in_stage: 'double',
      target_rate: 'double',
      benchmark_rate: 'double',
      count_shortfall: 'double',
    },
  },
};

/** What an engine says differently of one lifecycle. */
export type LifecycleDifference = { readonly lifecycleId: string; readonly text: string };

/** More than these say nothing new about one relation of one lifecycle. */
const mostDifferences = 8;

/**
 * What the engine's rows say differently from the oracle's, which are given by lifecycle id; empty when nothing does. Rows
 * of a lifecycle that the oracle was not asked about are differences too.
 */
export function lifecycleDifferences(
  engine: Relations,
  oracle: ReadonlyMap<string, LifecycleRows>,
): LifecycleDifference[] {
  return lifecycleRelations.flatMap((relation) => {
    const rows = engine[relation];
    if (rows === undefined)
      return [{ lifecycleId: '', text: `${relation}: the engine gave no such relation` }];
    const byLifecycle = groupBy(rows, (row) => String(row.lifecycle_id));
    const ids = new Set([...oracle.keys(), ...byLifecycle.keys()]);
    return [...ids].flatMap((lifecycleId) => {
      const expected: readonly Row[] = oracle.get(lifecycleId)?.[relation] ?? [];
      const texts = differencesOfRows(shapes[relation], expected, byLifecycle.get(lifecycleId) ?? []);
      const shown = texts.slice(0, mostDifferences);
      const more = texts.length - shown.length;
      return [...shown, ...(more > 0 ? [`and ${more} more differences`] : [])].map((text) => ({
        lifecycleId,
        text: `${relation} ${lifecycleId} ${text}`,
      }));
    });
  });
}

function differencesOfRows(shape: Shape, expected: readonly Row[], actual: readonly Row[]): string[] {
  const wanted = groupBy(expected, (row) => keyOf(row, shape));
  const got = groupBy(actual, (row) => keyOf(row, shape));
  return [...new Set([...wanted.keys(), ...got.keys()])].flatMap((key) => {
    const [should, ...others] = wanted.get(key) ?? [];
    const [is, ...repeated] = got.get(key) ?? [];
    if (others.length > 0) throw new Error(`the oracle gives ${others.length + 1} rows for ${key}`);
    if (should === undefined) return [`${key}: a row that the oracle does not expect`];
    if (is === undefined) return [`${key}: the row is missing`];
    if (repeated.length > 0) return [`${key}: ${repeated.length + 1} rows instead of one`];
    return differencesOfRow(key, shape, should, is);
  });
}

function keyOf(row: Row, { key, columns }: Shape): string {
  return key.map((column) => `${column}=${spellKind(row[column], columns[column] ?? 'text')}`).join(' ');
}

function differencesOfRow(key: string, { columns }: Shape, should: Row, is: Row): string[] {
  // the warehouse adds the run to what it keeps
  const surplus = Object.keys(is).filter((column) => !(column in columns) && column !== 'run_id');
  const ofCells = Object.entries(columns).flatMap(([column, kind]) => {
    if (!(column in is)) return [`${key}: the column ${column} is missing`];
    return isSame(is[column], should[column], kind)
      ? []
      : [
          `${key}: ${column} is ${spellKind(is[column], kind)}, the oracle says ${spellKind(should[column], kind)}`,
        ];
  });
  return [...surplus.map((column) => `${key}: the column ${column} is not of the contract`), ...ofCells];
}

/** Doubles may differ by the order in which they were added or multiplied. */
const tolerance = 1e-9;

function isSame(is: unknown, should: unknown, kind: Kind): boolean {
  if (kind !== 'double' || isNull(is) || isNull(should))
    return spellKind(is, kind) === spellKind(should, kind);
  return Math.abs(Number(is) - Number(should)) <= tolerance;
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function spellKind(value: unknown, kind: Kind): string {
  return kind === 'double' ? (isNull(value) ? 'null' : String(Number(value))) : spell(value, kind);
}
