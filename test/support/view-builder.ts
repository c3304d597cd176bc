// The parts that every invented view is made of.
import type { ColumnType, View, ViewColumn, ViewKind } from '../../functions/core/snapshot.ts';

/** The as-of instant of the fixture: 18 October 2026 begins in Istanbul, so October is the unfinished month. */
export const fixtureAsOf = '2026-10-17T21:00:00.000Z';
export const fixtureSnapshotId = '01K7VXQ2M8ZD4R9T6B3N5C1F0H';

export function column(key: string, type: ColumnType, format = '0', label = key): ViewColumn {
  return {
    key,
    type,
    format,
    label: { tr: label, en: label },
    additive: type === 'int' || type === 'money',
  };
}

/** First days of the `count` months that end with `last` (YYYY-MM). */
export function monthsUntil(last: string, count: number): readonly string[] {
  const [year = 0, month = 1] = last.split('-').map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - count + index, 1)).toISOString().slice(0, 10),
  );
}

/** Between -1 and 1, irregular, the same on every machine. */
export function wobble(seed: number): number {
  return Math.sin(seed * 12.9898) * Math.cos(seed * 4.1414);
}

export function aView(kind: ViewKind, overrides: Partial<View> = {}): View {
  return {
    schema: `dongu.view.${kind}/1`,
    id: kind,
    kind,
    snapshotId: fixtureSnapshotId,
    asOf: fixtureAsOf,
    grain: 'month',
    status: 'ok',
    title: { tr: `${kind} görünümü`, en: `${kind} view` },
    columns: [],
    rows: [],
    definition: {
      text: { tr: `${kind} tanımı.`, en: `Definition of ${kind}.` },
      sqlModel: kind,
      version: '1',
    },
    ...overrides,
  };
}
