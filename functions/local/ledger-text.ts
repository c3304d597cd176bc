import type { LedgerCounts } from '../ports/ledger.ts';
import { tableText } from './print-table.ts';

const number = new Intl.NumberFormat('en-US');

/** accepted = loaded + duplicate + quarantined + suppressed, a line per source, and the reasons below. */
export function ledgerText(counts: readonly LedgerCounts[]): string {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const rows = counts.map((count) => ({
    source: count.source,
    accepted: number.format(count.accepted),
    loaded: number.format(count.loaded),
    duplicate: number.format(count.duplicate),
    quarantined: number.format(sum(Object.values(count.quarantined))),
    suppressed: number.format(count.suppressed),
    unaccounted: number.format(count.unaccounted),
  }));
  const reasons = counts.flatMap((count) =>
    Object.entries(count.quarantined).map(
      ([reason, n]) => `  ${count.source}: ${number.format(n)} quarantined, ${reason}`,
    ),
  );
  const columns = ['source', 'accepted', 'loaded', 'duplicate', 'quarantined', 'suppressed', 'unaccounted'];
  const aligned = tableText(
    columns,
    rows.map((row) => ({ ...row })),
  );
  return [aligned, ...reasons].join('\n');
}

export function isBalanced(counts: readonly LedgerCounts[]): boolean {
  return counts.every((count) => count.unaccounted === 0);
}
