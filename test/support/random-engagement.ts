import type { Run, Touchpoint } from '../oracle/lifecycle/types.ts';
import { type Chance, chanceOf } from './chance.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export type EngagementWorld = { readonly run: Run; readonly touchpoints: readonly Touchpoint[] };

type Said = Readonly<Record<string, unknown>>;
type Write = (customer: string, event: string, at: number, said?: Said, order?: string) => void;

/** Persons who get messages, invite friends, rate products and collect points; ids are shared and missing on purpose. */
export function randomEngagement(seed: number): EngagementWorld {
  const chance = chanceOf(seed);
  const asOf = Date.UTC(2024, 6, 8, chance.pick([0, 21, 22, 13]));
  const touchpoints: Touchpoint[] = [];
  const write: Write = (customer_id, event, occurred_at, said = {}, order_id) => {
    const none = {
      channel: null,
      product_id: null,
      category: null,
      campaign_source: null,
      campaign_medium: null,
    };
    const isOrder = event === 'order_completed';
    touchpoints.push({
      touchpoint_id: `t${chance.whole(0, 9)}${touchpoints.length}`,
      customer_id,
      occurred_at,
      event,
      ...none,
      campaign_name: null,
      order_id: order_id ?? null,
      reporting_amount: isOrder ? 1000n : null,
      properties: JSON.stringify(said),
    });
  };
  const persons = Array.from({ length: chance.whole(3, 6) }, (_, index) => `c${index}`);
  for (let message = 0; message < chance.whole(3, 12); message += 1) sendMessage(chance, persons, write);
  for (const person of persons) befriend(chance, { person, persons }, write);
  return {
    run: { asOf, timeZone: chance.pick(['Europe/Istanbul', 'Europe/Berlin', 'UTC']) } as Run,
    touchpoints: chance.shuffled(touchpoints),
  };
}

const kinds = {
  email: [
    'email_delivered',
    'email_bounced',
    ['email_opened', 'email_link_clicked', 'unsubscribed', 'email_marked_as_spam'],
  ],
  sms: ['sms_delivered', 'sms_failed', ['sms_link_clicked', 'sms_opted_out']],
  whatsapp: [
    'whatsapp_message_received',
    'whatsapp_message_failed',
    ['whatsapp_message_read', 'whatsapp_link_clicked', 'whatsapp_message_sent'],
  ],
  push: ['push_notification_received', 'push_notification_bounced', ['push_notification_tapped']],
} as const;

function sendMessage(chance: Chance, persons: readonly string[], write: Write): void {
  const [delivered, bounced, answers] = chance.pick([kinds.email, kinds.sms, kinds.whatsapp, kinds.push]);
  const at = Date.UTC(2024, 5, 1) + chance.whole(0, 40 * 24) * hour;
  const id = chance.happens(0.9)
    ? { [chance.pick(['message_id', 'email_id'])]: `m${chance.whole(0, 14)}` }
    : {};
  const person = chance.pick(persons);
  if (chance.happens(0.2)) write(person, bounced, at + chance.pick([0, -minute, minute]), id);
  if (chance.happens(0.9)) write(person, delivered, at, id);
  for (const answer of answers) {
    if (!chance.happens(0.6)) continue;
    const who = answer === 'whatsapp_message_sent' ? chance.pick(persons) : person;
    const delay = chance.pick([minute, 2 * hour, day, day + 1, day - 1]);
    write(who, answer, at + delay, {
      ...id,
      ...(chance.happens(0.3) && { machine_open: chance.happens(0.6) }),
    });
  }
}

function befriend(
  chance: Chance,
  { person, persons }: { readonly person: string; readonly persons: readonly string[] },
  write: Write,
): void {
  const start = Date.UTC(2024, 1, 20);
  for (let invitation = 0; invitation < chance.whole(0, 2); invitation += 1) {
    const at = start + chance.whole(0, 60) * day;
    const code = chance.happens(0.9) ? { referral_code: `R${person}` } : {};
    write(person, 'referral_sent', at, code);
    if (chance.happens(0.3)) continue;
    const friend = chance.pick(persons);
    const accepted = at + chance.pick([0, -1, hour, day]);
    write(friend, 'referral_accepted', accepted, code);
    const limit = chance.pick([90 * day, 90 * day + 1, day, -day, 0]);
    if (chance.happens(0.7)) write(friend, 'order_completed', accepted + limit, {}, `o${friend}${at}`);
  }
  for (const event of [
    'loyalty_points_earned',
    'loyalty_points_redeemed',
    'loyalty_points_expired',
    'loyalty_joined',
  ]) {
    if (!chance.happens(0.6)) continue;
    const programme = chance.pick([{ programme: 'gold' }, {}]);
    const points = chance.pick([{ points: 10 }, { points: 2.5 }, {}]);
    write(person, event, start + chance.whole(0, 130 * 24) * hour, { ...programme, ...points });
  }
  if (chance.happens(0.6)) {
    const rated = chance.pick([
      { rating: 4 },
      { rating: 7, rating_max: 10 },
      { rating: 9 },
      { rating: 1, rating_max: 3 },
      {},
    ]);
    write(person, 'product_reviewed', start + chance.whole(0, 130 * 24) * hour, rated);
  }
}
