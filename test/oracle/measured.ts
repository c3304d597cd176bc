// What the oracles of carts, payments, messages and advocacy have in common: touchpoints in time, and measures by period.
import type { Run, Touchpoint } from './lifecycle/types.ts';
import { grains, isOver, localDay, periodStart, periodsBetween } from './local-time.ts';

const day = 86_400_000;

/** A touchpoint with its properties read. */
export type Told<Item extends Touchpoint = Touchpoint> = Item & {
  readonly said: Readonly<Record<string, unknown>>;
};

export const text = (value: unknown): string | null =>
  value === undefined || value === null ? null : String(value);

/** What happened before the cut, by time, then by id. */
export function inTime<Item extends Touchpoint>(touchpoints: readonly Item[], asOf: number): Told<Item>[] {
  return touchpoints
    .filter(({ occurred_at }) => occurred_at < asOf)
    .map((touchpoint) => ({ ...touchpoint, said: JSON.parse(touchpoint.properties ?? '{}') }))
    .sort((a, b) => a.occurred_at - b.occurred_at || (a.touchpoint_id < b.touchpoint_id ? -1 : 1));
}

/** What is counted of what, on a local day; pieces and money in hundredths. */
export type Measured = {
  readonly measure: string;
  readonly day: string;
  readonly segment: string;
  readonly part: bigint;
  readonly whole: bigint;
};

/** A piece that counts. */
export const one = 100n;

const settledAfter: Readonly<Record<string, number>> = {
  click_rate: 7,
  unsubscribe_rate: 7,
  open_rate: 7,
  spam_complaint_rate: 7,
  whatsapp_read_rate: 7,
  whatsapp_reply_rate: 7,
  push_tap_rate: 7,
  referral_success_rate: 180,
  return_rate: 30,
  cart_abandonment_rate: 8,
  checkout_abandonment_rate: 8,
  cart_recovery_rate: 8,
  checkout_rate: 8,
  same_day_delivery_share: 1,
};

export type PeriodRow = Readonly<Record<'measure' | 'grain' | 'period_start' | 'segment', string>> & {
  readonly part: bigint;
  readonly whole: bigint;
  readonly count: number;
  readonly isComplete: boolean;
};

/** The measures by period, from the first period of each measure and segment to that of the cut. */
export function periodsOf(measured: readonly Measured[], { asOf, timeZone }: Run): PeriodRow[] {
  const cut = localDay(asOf - 1, timeZone);
  return [...Map.groupBy(measured, ({ measure, segment }) => JSON.stringify([measure, segment]))].flatMap(
    ([key, facts]) => {
      const [measure, segment] = JSON.parse(key) as [string, string];
      const settled = new Date(asOf - (settledAfter[measure] ?? 0) * day);
      return grains.flatMap((grain) => {
        const byPeriod = Map.groupBy(facts, (fact) => periodStart(fact.day, grain));
        const first = [...byPeriod.keys()].sort()[0] ?? cut;
        return periodsBetween(first, periodStart(cut, grain), grain).map((period_start) => {
          const ofPeriod = byPeriod.get(period_start) ?? [];
          return {
            measure,
            grain,
            period_start,
            segment,
            part: ofPeriod.reduce((sum, { part }) => sum + part, 0n),
            whole: ofPeriod.reduce((sum, { whole }) => sum + whole, 0n),
            count: ofPeriod.length,
            isComplete: isOver(period_start, settled, timeZone, grain),
          };
        });
      });
    },
  );
}
