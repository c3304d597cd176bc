import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balancesOf, engagementMeasuredOf, messagesOf, referralsOf } from '../oracle/engagement.ts';
import { periodsOf } from '../oracle/measured.ts';
import { LifecycleEngine } from '../support/lifecycle-engine.ts';
import { randomEngagement } from '../support/random-engagement.ts';
import { columnsOf, measuredPeriods, sorted } from '../support/told-rows.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';
const worlds = Array.from({ length: isFull ? 100 : 4 }, (_, index) => index + 1);

let engine: LifecycleEngine;
/** What the worlds met: an edge that none of them reaches proves nothing. */
const met = new Set<string>();

beforeAll(async () => {
  engine = await LifecycleEngine.open(undefined, [
    'messages',
    'referrals',
    'loyalty_balances',
    'int_measured_periods',
  ]);
});
afterAll(() => engine.close());

describe('messages, invitations, points and their measures in random worlds', () => {
  it.each(worlds)('agree with what is told by hand in world %i', async (number) => {
    const { run, touchpoints } = randomEngagement(number);
    const relations = await engine.relations({ run, touchpoints, lifecycles: [] });
    const messages = messagesOf(touchpoints, run);
    const referrals = referralsOf(touchpoints, run);
    const balances = balancesOf(touchpoints, run);
    const measured = engagementMeasuredOf(touchpoints, run);

    for (const row of [...messages, ...referrals]) {
      for (const [column, value] of Object.entries(row)) if (value !== null) met.add(column);
    }
    for (const { measure } of measured) met.add(measure);
    expect(sorted(columnsOf(relations.messages, Object.keys(messages[0] ?? {})))).toEqual(sorted(messages));
    expect(sorted(columnsOf(relations.referrals, Object.keys(referrals[0] ?? {})))).toEqual(
      sorted(referrals),
    );
    expect(sorted(columnsOf(relations.loyalty_balances, Object.keys(balances[0] ?? {})))).toEqual(
      sorted(balances),
    );
    const ofEngine = measuredPeriods(relations.int_measured_periods);
    const isHere = ({ measure }: { readonly measure: unknown }) => !ofOrders.includes(String(measure));
    expect(sorted(ofEngine.filter(isHere))).toEqual(sorted(periodsOf(measured, run)));
  });

  it('met every answer to a message, a friend who was won, and every measure', () => {
    const answers = [
      'delivered_at',
      'opened_at',
      'clicked_at',
      'replied_at',
      'unsubscribed_at',
      'complained_at',
    ];
    const wanted = [...answers, 'accepted_at', 'converted_at', 'average_rating', 'push_tap_rate'];

    expect(isFull ? wanted.filter((name) => !met.has(name)) : []).toEqual([]);
  });
});

/** The measures that the orders of these worlds have; purchase.worlds.test.ts looks at them. */
const ofOrders = ['discount_share', 'same_day_delivery_share', 'return_rate', 'on_time_delivery_rate'];
