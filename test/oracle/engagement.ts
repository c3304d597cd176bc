// Messages, invitations and loyalty points told from touchpoints one at a time, without SQL.
import type { Run, Touchpoint } from './lifecycle/types.ts';
import { localDay } from './local-time.ts';
import { inTime, type Measured, one, type Told, text } from './measured.ts';

const day = 86_400_000;

const meanings: Readonly<Record<string, readonly [channel: string, meaning: string]>> = {
  email_delivered: ['email', 'delivered'],
  email_bounced: ['email', 'bounced'],
  email_opened: ['email', 'opened'],
  email_link_clicked: ['email', 'clicked'],
  email_marked_as_spam: ['email', 'complained'],
  unsubscribed: ['email', 'unsubscribed'],
  sms_delivered: ['sms', 'delivered'],
  sms_failed: ['sms', 'bounced'],
  sms_link_clicked: ['sms', 'clicked'],
  sms_opted_out: ['sms', 'unsubscribed'],
  whatsapp_message_received: ['whatsapp', 'delivered'],
  whatsapp_message_failed: ['whatsapp', 'bounced'],
  whatsapp_message_read: ['whatsapp', 'opened'],
  whatsapp_link_clicked: ['whatsapp', 'clicked'],
  push_notification_received: ['push', 'delivered'],
  push_notification_bounced: ['push', 'bounced'],
  push_notification_tapped: ['push', 'clicked'],
};

export type Message = {
  readonly channel: string;
  readonly message_id: string;
  readonly customer_id: string;
  readonly sent_at: number;
} & Readonly<
  Record<
    'delivered_at' | 'opened_at' | 'clicked_at' | 'replied_at' | 'unsubscribed_at' | 'complained_at',
    number | null
  >
>;

export function messagesOf(touchpoints: readonly Touchpoint[], { asOf }: Run): Message[] {
  const told = inTime(touchpoints, asOf);
  const found = new Map<string, { channel: string; id: string; events: Told[] }>();
  for (const item of told) {
    const [channel, meaning] = meanings[item.event] ?? [];
    if (channel === undefined || (meaning !== 'delivered' && meaning !== 'bounced')) continue;
    const id = text(item.said.email_id) ?? text(item.said.message_id) ?? item.touchpoint_id;
    const key = `${channel} ${id}`;
    const message = found.get(key) ?? { channel, id, events: [] };
    message.events.push(item);
    found.set(key, message);
  }
  return [...found.values()].map(({ channel, id, events }) => {
    const [first] = events as [Told];
    const delivered = events.find(({ event }) => meanings[event]?.[1] === 'delivered')?.occurred_at ?? null;
    const answer = (meaning: string): number | null =>
      told.find(
        ({ event, said }) =>
          meanings[event]?.[0] === channel &&
          meanings[event]?.[1] === meaning &&
          (text(said.email_id) ?? text(said.message_id)) === id &&
          !(said.machine_open === true && (meaning === 'opened' || meaning === 'clicked')),
      )?.occurred_at ?? null;
    const reply = told.find(
      ({ event, customer_id, occurred_at }) =>
        channel === 'whatsapp' &&
        event === 'whatsapp_message_sent' &&
        customer_id === first.customer_id &&
        delivered !== null &&
        occurred_at >= delivered &&
        occurred_at <= delivered + day,
    );
    return {
      channel,
      message_id: id,
      customer_id: first.customer_id,
      sent_at: first.occurred_at,
      delivered_at: delivered,
      opened_at: answer('opened'),
      clicked_at: answer('clicked'),
      replied_at: reply?.occurred_at ?? null,
      unsubscribed_at: answer('unsubscribed'),
      complained_at: answer('complained'),
    };
  });
}

export type Referral = {
  readonly referral_id: string;
  readonly customer_id: string;
  readonly accepted_at: number | null;
  readonly referred_customer_id: string | null;
  readonly count_accepted: number;
  readonly converted_at: number | null;
};

/** Every order of these worlds counts: none is cancelled, refunded or empty. */
export function referralsOf(touchpoints: readonly Touchpoint[], { asOf }: Run): Referral[] {
  const told = inTime(touchpoints, asOf);
  const sent = told.filter(({ event }) => event === 'referral_sent');
  const friends = new Map<string, { friend: string; at: number }[]>();
  const won = new Set<string>();
  for (const item of told) {
    if (
      item.event !== 'referral_accepted' ||
      text(item.said.referral_code) === null ||
      won.has(item.customer_id)
    )
      continue;
    won.add(item.customer_id);
    const invitation = sent.findLast(
      (invitation) =>
        text(invitation.said.referral_code) === text(item.said.referral_code) &&
        invitation.occurred_at <= item.occurred_at &&
        invitation.customer_id !== item.customer_id,
    );
    if (!invitation) continue;
    const others = friends.get(invitation.touchpoint_id) ?? [];
    friends.set(invitation.touchpoint_id, [...others, { friend: item.customer_id, at: item.occurred_at }]);
  }
  return sent.map(({ touchpoint_id, customer_id }) => {
    const ofInvitation = (friends.get(touchpoint_id) ?? []).sort(
      (a, b) => a.at - b.at || (a.friend < b.friend ? -1 : 1),
    );
    const [first] = ofInvitation;
    const order = told.find((item) => item.event === 'order_completed' && item.customer_id === first?.friend);
    const isWon =
      first !== undefined &&
      order !== undefined &&
      order.occurred_at >= first.at &&
      order.occurred_at <= first.at + 90 * day;
    return {
      referral_id: touchpoint_id,
      customer_id,
      accepted_at: first?.at ?? null,
      referred_customer_id: first?.friend ?? null,
      count_accepted: ofInvitation.length,
      converted_at: isWon ? order.occurred_at : null,
    };
  });
}

export type Balance = { readonly customer_id: string; readonly programme: string } & Readonly<
  Record<'earned_points' | 'redeemed_points' | 'expired_points' | 'open_points', bigint>
>;

export function balancesOf(touchpoints: readonly Touchpoint[], { asOf }: Run): Balance[] {
  const entries = inTime(touchpoints, asOf).filter(({ event }) => event.startsWith('loyalty_'));
  const groups = Map.groupBy(entries, ({ customer_id, said }) =>
    JSON.stringify([customer_id, text(said.programme) ?? 'unknown']),
  );
  return [...groups].map(([key, ofMember]) => {
    const [customer_id, programme] = JSON.parse(key) as [string, string];
    const sum = (event: string) =>
      ofMember
        .filter((entry) => entry.event === event)
        .reduce((points, { said }) => points + BigInt(Math.round(Number(said.points ?? 0) * 100)), 0n);
    const [earned, redeemed, expired] = [
      sum('loyalty_points_earned'),
      sum('loyalty_points_redeemed'),
      sum('loyalty_points_expired'),
    ];
    return {
      customer_id,
      programme,
      earned_points: earned,
      redeemed_points: redeemed,
      expired_points: expired,
      open_points: earned - redeemed - expired,
    };
  });
}

/** Messages, invitations, ratings and points as they count in a measure, on their local day. */
export function engagementMeasuredOf(touchpoints: readonly Touchpoint[], run: Run): Measured[] {
  const found: Measured[] = [];
  const add: Add = (measure, at, part, whole, segment = 'all') =>
    found.push({ measure, day: localDay(at, run.timeZone), segment, part, whole });
  for (const message of messagesOf(touchpoints, run)) measureMessage(message, add);
  for (const { referral_id, converted_at } of referralsOf(touchpoints, run)) {
    const sent = touchpoints.find(({ touchpoint_id }) => touchpoint_id === referral_id);
    add('referral_success_rate', sent?.occurred_at ?? 0, converted_at === null ? 0n : one, one);
  }
  for (const item of inTime(touchpoints, run.asOf)) measureEntry(item, add);
  return found;
}

type Add = (measure: string, at: number, part: bigint, whole: bigint, segment?: string) => void;

function measureEntry({ event, occurred_at, said }: Told, add: Add): void {
  if (event === 'product_reviewed') {
    const [rating, most] = [Number(said.rating ?? Number.NaN), Number(said.rating_max ?? 5)];
    if (rating >= 0 && rating <= most && most > 0)
      add('average_rating', occurred_at, BigInt(Math.round((rating * 500) / most)), one);
  }
  if (said.points === undefined) return;
  const points = BigInt(Math.round(Number(said.points) * 100));
  if (event === 'loyalty_points_earned') add('loyalty_redemption_rate', occurred_at, 0n, points);
  if (event === 'loyalty_points_redeemed') add('loyalty_redemption_rate', occurred_at, points, 0n);
}

function measureMessage(message: Message, add: Add): void {
  const { channel, sent_at } = message;
  const both = (measure: string, is: boolean) => {
    add(measure, sent_at, is ? one : 0n, one);
    add(measure, sent_at, is ? one : 0n, one, channel);
  };
  const only = (measure: string, of: string, is: boolean) => {
    if (channel === of) add(measure, sent_at, is ? one : 0n, one);
  };
  both('delivery_rate', message.delivered_at !== null);
  if (message.delivered_at === null) return;
  both('click_rate', message.clicked_at !== null);
  if (channel === 'email' || channel === 'sms') both('unsubscribe_rate', message.unsubscribed_at !== null);
  only('open_rate', 'email', message.opened_at !== null);
  only('spam_complaint_rate', 'email', message.complained_at !== null);
  only('whatsapp_read_rate', 'whatsapp', message.opened_at !== null);
  only('whatsapp_reply_rate', 'whatsapp', message.replied_at !== null);
  only('push_tap_rate', 'push', message.clicked_at !== null);
}
