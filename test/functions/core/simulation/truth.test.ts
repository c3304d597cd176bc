import { describe, expect, it } from 'vitest';
import { sourceFiles, sourceNames } from '../../../../functions/core/simulation/source-files.ts';
import { aStore, isTime, linesOf, type Row, rowsOf, type Store } from './simulated-store.ts';

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && isTime(`${text}T00:00:00.000Z`);

interface Counts {
  accepted: number;
  loaded: number;
  duplicates: number;
  readonly quarantined: Record<string, number>;
}

function countInto(
  counts: Counts,
  seen: Set<string>,
  item: { reason: string | undefined; key: string },
): void {
  counts.accepted += 1;
  if (item.reason !== undefined) counts.quarantined[item.reason] = (counts.quarantined[item.reason] ?? 0) + 1;
  else if (seen.has(item.key)) counts.duplicates += 1;
  else {
    seen.add(item.key);
    counts.loaded += 1;
  }
}

const emptyCounts = (): Counts => ({ accepted: 0, loaded: 0, duplicates: 0, quarantined: {} });

function reasonOfMessage(message: Record<string, unknown>): string | undefined {
  if (!isTime(String(message.originalTimestamp ?? message.timestamp))) return 'invalid_time';
  if (message.type === 'track' && message.event === undefined) return 'missing_event';
  return message.userId === undefined && message.anonymousId === undefined ? 'no_identifier' : undefined;
}

function countSegment(store: Store): Counts {
  const counts = emptyCounts();
  const seen = new Set<string>();
  for (const line of linesOf(store, 'segment.ndjson')) {
    let parsed: object | null = null;
    try {
      parsed = JSON.parse(line);
    } catch {
      parsed = null;
    }
    const isObject = parsed !== null && !Array.isArray(parsed);
    const message: Record<string, unknown> = isObject ? { ...parsed } : {};
    const reason = isObject ? reasonOfMessage(message) : 'invalid_json';
    countInto(counts, seen, { reason, key: String(message.messageId) });
  }
  return counts;
}

const keys: Readonly<Record<string, readonly string[]>> = {
  orders: ['order_id', 'line_number', 'status', 'ordered_at'],
  'order-events': ['event_id'],
  tickets: ['ticket_id', 'event', 'occurred_at', 'author', 'to_status'],
  surveys: ['survey_id', 'event', 'customer_id', 'occurred_at'],
  leads: ['lead_id', 'event', 'occurred_at'],
  advocacy: ['event_id'],
  messages: ['event_id'],
  subscriptions: ['subscription_id', 'event', 'occurred_at'],
  'ad-spend': ['day', 'marketing_channel', 'campaign_source', 'campaign_name', 'ad_group', 'cost_type'],
};
const identifiers = ['customer_id', 'anonymous_id', 'email', 'phone', 'loyalty_id'];
const mandatoryEvents = ['order-events', 'advocacy', 'messages'];

function reasonOfRow(source: string, row: Row): string | undefined {
  const amount = row.amount ?? '';
  if (amount !== '' && Number.isNaN(Number(amount))) return 'invalid_amount';
  if (source === 'products') return undefined;
  if (source === 'ad-spend') return isDay(row.day ?? '') ? undefined : 'invalid_day';
  if (!isTime(row.occurred_at ?? row.ordered_at ?? '')) return 'invalid_time';
  if (mandatoryEvents.includes(source) && row.event === '') return 'missing_event';
  return identifiers.some((name) => (row[name] ?? '') !== '') ? undefined : 'no_identifier';
}

function countCsv(store: Store, source: keyof typeof sourceFiles): Counts {
  const counts = emptyCounts();
  const seen = new Set<string>();
  rowsOf(store, sourceFiles[source].file).forEach((row, index) => {
    const reason = row === undefined ? 'malformed_row' : reasonOfRow(source, row);
    const key = keys[source]?.map((name) => row?.[name] ?? '').join('|') ?? String(index);
    countInto(counts, seen, { reason, key });
  });
  return counts;
}

describe('the truth of a simulated store', async () => {
  const store = await aStore({ seed: 42 });

  it.each(sourceNames)('says of %s exactly what a reader of its lines counts', (source) => {
    const counted = source === 'segment' ? countSegment(store) : countCsv(store, source);

    expect(store.truth.dirt[source]).toMatchObject(counted);
  });

  it('has dirt of every kind, duplicates of every keyed source, and labels for strange lines', () => {
    const reasons = new Set(
      sourceNames.flatMap((source) => Object.keys(store.truth.dirt[source]?.quarantined ?? {})),
    );

    expect([...reasons].sort()).toEqual([
      'invalid_amount',
      'invalid_day',
      'invalid_json',
      'invalid_time',
      'malformed_row',
      'missing_event',
      'no_identifier',
    ]);
    for (const source of [...Object.keys(keys), 'segment']) {
      expect(store.truth.dirt[source]?.duplicates, source).toBeGreaterThan(0);
    }
    expect(store.truth.dirt.segment?.labelled).toMatchObject({
      bots: expect.any(Number),
      late: expect.any(Number),
      unknown_events: expect.any(Number),
    });
    expect(store.truth.dirt.orders?.labelled.test_orders).toBe(3);
  });
});
