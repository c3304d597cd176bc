// The segments as numbers: share of customers and value per customer, in five classes of value.
import { quantileSorted } from 'd3-array';
import type { Language, LocalisedText, View } from '../../functions/core/snapshot.ts';
import { readRows } from '../view-reader.ts';

export interface Segment {
  readonly id: string;
  readonly label: LocalisedText;
  readonly customers: number | null;
  readonly netAmount: number | null;
  readonly daysSince: number | null;
  /** Of all customers shown, 0 to 1. */
  readonly share: number | null;
  /** Minor units per customer. */
  readonly perCustomer: number | null;
  /** 1 to 5 by value per customer; 1 where unknown. */
  readonly step: number;
}

function perCustomer(netAmount: number | null, customers: number | null): number | null {
  return netAmount === null || !customers ? null : Math.round(netAmount / customers);
}

/** Five classes between the segments themselves: a single rich segment must not bleach the others. */
function stepOf(value: number | null, sorted: readonly number[]): number {
  if (value === null || sorted.length === 0) return 1;
  if (sorted[0] === sorted.at(-1)) return 3;
  const bounds = [0.2, 0.4, 0.6, 0.8].map((p) => quantileSorted([...sorted], p) ?? 0);
  return 1 + bounds.filter((bound) => value >= bound).length;
}

/** Largest first; equal ones by name, in the order of the alphabet of the page. */
export function readSegments(view: View, language: Language): readonly Segment[] {
  const rows = readRows(view).map((row) => {
    const customers = row.number('count_customers');
    const netAmount = row.number('net_amount');
    return {
      id: row.label('segment'),
      label: { tr: row.label('label_tr'), en: row.label('label_en') },
      customers,
      netAmount,
      daysSince: row.number('mean_days_since_last_purchase'),
      perCustomer: perCustomer(netAmount, customers),
    };
  });
  const total = rows.reduce((sum, row) => sum + (row.customers ?? 0), 0);
  const values = rows.flatMap((row) => (row.perCustomer === null ? [] : [row.perCustomer]));
  const sorted = values.sort((a, b) => a - b);
  const collator = new Intl.Collator(language);
  return rows
    .map((row) => ({
      ...row,
      share: row.customers === null || total === 0 ? null : row.customers / total,
      step: stepOf(row.perCustomer, sorted),
    }))
    .sort(
      (a, b) =>
        (b.customers ?? -1) - (a.customers ?? -1) || collator.compare(a.label[language], b.label[language]),
    );
}
