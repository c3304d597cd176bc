import { identifiersOf } from './identifiers.ts';
import type { KeptRow, ReceivedRow, SourceLine } from './types.ts';
import { firstDifference, groupBy, parseDecimal, parseInstant } from './values.ts';

export type Ledger = {
  readonly accepted: number;
  readonly loaded: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly suppressed: number;
  readonly quarantinedByReason: Readonly<Record<string, number>>;
};

/** Why a line is refused; undefined when it is not. */
export function refusal(values: SourceLine): string | undefined {
  if (values.event === null) return 'missing_event';
  if (values.occurred_at === null || parseInstant(values.occurred_at) === undefined) return 'invalid_time';
  if (identifiersOf(values).length === 0) return 'no_identifier';
  if (isRefusedNumber(values.amount, 2)) return 'invalid_amount';
  if (isRefusedNumber(values.quantity, 4)) return 'invalid_quantity';
  return isObject(values.properties) ? undefined : 'invalid_json';
}

/** No number, or further from its rounding than the millionth that floating point may add. */
function isRefusedNumber(text: string | null, digits: number): boolean {
  if (text === null) return false;
  const rounded = parseDecimal(text, digits);
  const exact = parseDecimal(text, 12);
  if (rounded === undefined || exact === undefined) return true;
  const difference = exact - rounded * 10n ** BigInt(12 - digits);
  return difference > 1_000_000n || difference < -1_000_000n;
}

function isObject(json: string | null): boolean {
  if (json === null) return true;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The accepted rows of which one is kept for each touchpoint id: the first received. */
export function keepRows(received: readonly ReceivedRow[]): KeptRow[] {
  const valid = inReceivedOrder(received).filter((row) => refusal(row.values) === undefined);
  const kept = new Map<string, KeptRow>();
  for (const [row, id] of withIds(valid)) if (!kept.has(id)) kept.set(id, toKeptRow(row, id));
  return [...kept.values()];
}

/** What a book-keeper expects of the rows: every one is loaded, a duplicate or quarantined. */
export function ledgerOf(received: readonly ReceivedRow[]): Ledger {
  const reasons = received.map((row) => refusal(row.values)).filter((reason) => reason !== undefined);
  const loaded = keepRows(received).length;
  return {
    accepted: received.length,
    loaded,
    duplicate: received.length - reasons.length - loaded,
    quarantined: reasons.length,
    suppressed: 0,
    quarantinedByReason: Object.fromEntries(
      [...groupBy(reasons, (reason) => reason)].map(([reason, rows]) => [reason, rows.length]),
    ),
  };
}

function inReceivedOrder(received: readonly ReceivedRow[]): ReceivedRow[] {
  return received.toSorted((a, b) => firstDifference(a.file - b.file, a.line - b.line));
}

/** A row without an id is known by its content and by its number among the same lines of the same file. */
function withIds(rows: readonly ReceivedRow[]): [ReceivedRow, string][] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    if (row.values.touchpoint_id !== null) return [row, row.values.touchpoint_id];
    const content = JSON.stringify(row.values);
    const place = `${row.file} ${content}`;
    const occurrence = (seen.get(place) ?? 0) + 1;
    seen.set(place, occurrence);
    return [row, `without id, number ${occurrence} of ${content}`];
  });
}

function toKeptRow({ values }: ReceivedRow, touchpointId: string): KeptRow {
  const quantity = values.quantity === null ? undefined : parseDecimal(values.quantity, 4);
  return {
    touchpointId,
    isIdGiven: values.touchpoint_id !== null,
    kind: values.kind ?? 'touchpoint',
    event: values.event ?? '',
    occurredAt: parseInstant(values.occurred_at ?? '') ?? Number.NaN,
    identifiers: identifiersOf(values),
    amountMinor: values.amount === null ? null : (parseDecimal(values.amount, 2) ?? null),
    quantity: quantity === undefined ? null : Number(quantity) / 10_000,
    values,
  };
}
