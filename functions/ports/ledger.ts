/** Counts of distinct received items, recomputed from the lake's own objects. */
export interface LedgerCounts {
  readonly source: string;
  readonly accepted: number;
  readonly loaded: number;
  readonly duplicate: number;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly suppressed: number;
  /** accepted − (loaded + duplicate + quarantined + suppressed): zero, or something was lost or made up. */
  readonly unaccounted: number;
}

export interface Ledger {
  /** Of the whole lake by source, or of the named imports only. */
  count(importIds?: readonly string[]): Promise<readonly LedgerCounts[]>;
}
