import { keepRows } from './land.ts';
import { martsOf } from './relations.ts';
import { touchpointsOf } from './touchpoints.ts';
import {
  type OracleParameters,
  type ReceivedRow,
  type Relations,
  type Seeds,
  type SourceLine,
  sourceColumns,
  type Touchpoint,
} from './types.ts';

const emptyLine = Object.fromEntries(sourceColumns.map((column) => [column, null])) as SourceLine;

/** A page view of user u1 on the web at noon of the leap day, but for what is said otherwise. */
export function aLine(overrides: Partial<SourceLine> = {}): SourceLine {
  const usual = { event: 'page_viewed', occurred_at: '2024-02-29T12:00:00Z', user_id: 'u1', channel: 'web' };
  return { ...emptyLine, ...usual, ...overrides };
}

/** Lines of one file, each with the id of its place (t1, t2, …) unless it says its own. */
export function received(...lines: readonly Partial<SourceLine>[]): ReceivedRow[] {
  return lines.map((line, index) => ({
    file: 0,
    line: index,
    values: aLine({ touchpoint_id: `t${index + 1}`, ...line }),
  }));
}

/** An order line of 10.00 at a time of day, or at a full time. */
export function anOrder(order_id: string, at: string, overrides: Partial<SourceLine> = {}) {
  return {
    event: 'order_completed',
    order_id,
    occurred_at: at,
    amount: '10',
    currency_code: 'TRY',
    ...overrides,
  };
}

export const parameters: OracleParameters = {
  asOf: new Date('2024-04-01T00:00:00Z'),
  timeZone: 'UTC',
  currency: 'TRY',
  activityEvent: 'order_completed',
};

/** Seeds small enough to read: the medium is the marketing channel, the segment spells the scores. */
export const plainSeeds: Seeds = {
  visitKindOf: (channel) =>
    new Map([
      ['web', 'visit'],
      ['mobile', 'visit'],
      ['store', 'touch'],
    ]).get(channel),
  visitKindOfEvent: (event) => (event === 'order_refunded' ? 'none' : undefined),
  marketingChannelOf: (values) => values.campaign_medium ?? 'direct',
  segmentOf: (scores) => `${scores.recencyScore}${scores.frequencyScore}${scores.monetaryScore}`,
};

export function touchpointsFrom(...lines: readonly Partial<SourceLine>[]): Touchpoint[] {
  return touchpointsOf(keepRows(received(...lines)), plainSeeds);
}

export function martsFrom(
  lines: readonly Partial<SourceLine>[],
  overrides: Partial<OracleParameters> = {},
): Relations {
  return martsOf(touchpointsFrom(...lines), { ...parameters, ...overrides }, plainSeeds);
}
