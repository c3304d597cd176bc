import { ValueSettings } from '../../functions/core/configuration.ts';
import type { ValueRun } from '../oracle/customer-values.ts';
import type { Touchpoint } from '../oracle/lifecycle/types.ts';
import { type Chance, chanceOf } from './chance.ts';

const day = 86_400_000;

/** What is wrong with a world's data, if anything. */
export const kinds = [
  'sound',
  'sound',
  'sound',
  'once',
  'alike',
  'few',
  'stale',
  'short',
  'correlated',
  'even',
] as const;

export type BuyerWorld = {
  readonly kind: (typeof kinds)[number];
  readonly run: ValueRun;
  readonly settings: ValueSettings;
  readonly touchpoints: readonly Touchpoint[];
};

/** Buyers by a model of buying, with orders of one day, at midnight, cancelled, refunded in part and in full. */
export function randomBuyers(seed: number): BuyerWorld {
  const chance = chanceOf(seed);
  const kind = kinds[seed % kinds.length] ?? 'sound';
  const settings = ValueSettings.parse({
    model: chance.pick(['bg_nbd', 'mbg_nbd', 'mbg_nbd']),
    time_unit: chance.pick(['day', 'week']),
    horizon_months: chance.pick([1, 6, 12, 24]),
    discount_rate: chance.pick([0, 0.1, 0.4]),
    holdout_days: chance.pick([7, 60, 90]),
    minimum_buyers: 60,
    minimum_history_days: 180,
  });
  const timeZone = chance.pick(['Europe/Istanbul', 'UTC', 'Europe/Berlin']);
  const asOf = Date.UTC(2024, 5, 30, chance.pick([0, 21, 22, 13]));
  const writer: Touchpoint[] = [];
  const customers = kind === 'few' ? 40 : chance.whole(110, 180);
  const history = kind === 'short' ? 150 : chance.whole(420, 760);
  const end = asOf - (kind === 'stale' ? 45 * day : 0);
  for (let number = 0; number < customers; number += 1) {
    buyer(writer, chance, {
      id: `c${chance.whole(0, 9)}${number}`,
      kind,
      from: asOf - chance.whole(kind === 'short' ? 40 : kind === 'once' ? 5 : 60, history) * day,
      end,
    });
  }
  const { model, horizon_months, discount_rate, holdout_days, minimum_buyers, time_unit } = settings;
  return {
    kind,
    settings,
    touchpoints: chance.shuffled(writer),
    run: {
      asOf,
      timeZone,
      model,
      daysPerUnit: time_unit === 'week' ? 7 : 1,
      horizonMonths: horizon_months,
      discountRate: discount_rate,
      holdoutDays: holdout_days,
      minimumBuyers: minimum_buyers,
    },
  };
}

type Buyer = {
  readonly id: string;
  readonly kind: BuyerWorld['kind'];
  readonly from: number;
  readonly end: number;
};

const exponential = (chance: Chance, mean: number): number => -mean * Math.log(1 - chance.fraction());

function buyer(writer: Touchpoint[], chance: Chance, { id, kind, from, end }: Buyer): void {
  // a gamma of shape two, and a beta of shapes one and two
  const gap = 100 / (exponential(chance, 0.5) + exponential(chance, 0.5));
  const leaving = 1 - Math.sqrt(1 - chance.fraction());
  const level = kind === 'even' ? 5000 : 1000 + exponential(chance, 2000) + exponential(chance, 2000);
  let count = 0;
  const isAlike = kind === 'alike';
  const most = isAlike ? 3 : kind === 'once' ? 1 : Number.POSITIVE_INFINITY;
  for (let at = from; at < end; at += isAlike ? 30 * day : exponential(chance, gap * day)) {
    count += 1;
    order(writer, chance, {
      id,
      at: isAlike ? at : nearMidnight(chance, at),
      amount: BigInt(Math.round(level * factorOf(kind, chance, gap))),
      isPlain: kind === 'even' || isAlike,
    });
    if (count >= most || (!isAlike && chance.happens(leaving))) return;
  }
}

function factorOf(kind: BuyerWorld['kind'], chance: Chance, gap: number): number {
  if (kind === 'even') return 1;
  return kind === 'correlated' ? 2 ** Math.min(12, 300 / gap) : 0.5 + chance.fraction();
}

/** Often a midnight of one of the zones, or the moment before it. */
const nearMidnight = (chance: Chance, at: number): number =>
  chance.happens(0.2)
    ? Math.floor(at / day) * day + chance.pick([0, -1, 21 * 3_600_000, 21 * 3_600_000 - 1, 22 * 3_600_000])
    : Math.floor(at);

type Ordered = {
  readonly id: string;
  readonly at: number;
  readonly amount: bigint;
  readonly isPlain: boolean;
};

function order(writer: Touchpoint[], chance: Chance, { id, at, amount, isPlain }: Ordered): void {
  const order_id = `o${writer.length}`;
  const write = (event: string, occurred_at: number, reporting_amount: bigint | null) =>
    writer.push({
      touchpoint_id: `t${chance.whole(0, 9)}${writer.length}`,
      customer_id: id,
      occurred_at,
      event,
      channel: 'web',
      order_id: event === 'order_completed' && chance.happens(0.05) ? null : order_id,
      product_id: null,
      category: null,
      campaign_source: null,
      campaign_medium: null,
      campaign_name: null,
      reporting_amount,
      properties: null,
    });
  write('order_completed', at, amount);
  if (isPlain) return;
  if (chance.happens(0.1)) write('order_completed', at + chance.whole(0, 60_000), amount / 3n);
  if (chance.happens(0.05)) write('order_cancelled', at + chance.whole(0, 3) * day, null);
  if (chance.happens(0.08))
    write('order_refunded', at + day, chance.pick([amount, amount * 2n, amount / 2n, 1n]));
}
