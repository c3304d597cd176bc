import { hourMs, minuteMs } from './calendar.ts';
import { contactOf } from './contact.ts';
import type { Delivery } from './fulfilment.ts';
import { write } from './identity.ts';
import type { Order } from './orders.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, exponential } from './random.ts';
import { csvText } from './text.ts';
import { isInside, type World } from './world.ts';

interface Message {
  readonly at: number;
  readonly kind: 'email' | 'sms' | 'whatsapp' | 'push';
  readonly campaign: string;
  readonly flow: string;
}

const kinds = {
  email: {
    sent: 'email_delivered',
    seen: 'email_opened',
    clicked: 'email_link_clicked',
    seenRate: 0.32,
    clickRate: 0.16,
  },
  sms: { sent: 'sms_delivered', seen: '', clicked: 'sms_link_clicked', seenRate: 1, clickRate: 0.05 },
  whatsapp: {
    sent: 'whatsapp_message_received',
    seen: 'whatsapp_message_read',
    clicked: 'whatsapp_link_clicked',
    seenRate: 0.7,
    clickRate: 0.12,
  },
  push: {
    sent: 'push_notification_received',
    seen: '',
    clicked: 'push_notification_tapped',
    seenRate: 1,
    clickRate: 0.07,
  },
} as const;

function writeRow(world: World, person: Person, row: { event: string; messageId: string } & Message): void {
  if (!isInside(world, row.at)) return;
  const contact = contactOf(world, person, row.at);
  if (contact === undefined) return;
  const needsPhone = (row.kind === 'sms' || row.kind === 'whatsapp') && contact.customerId !== '';
  const phone = needsPhone ? csvText(write(person.identity.phone)) : '';
  const who = `${contact.customerId},${contact.email},${phone}`;
  const id = nextId(person, 'm-');
  world.out.add(
    'messages',
    `${id},${row.event},${world.calendar.isoAt(row.at)},${who},${row.kind},${row.messageId},${row.campaign},${row.flow}`,
  );
}

/** Answers the id of the message, or undefined where nobody could be reached. */
function send(world: World, person: Person, message: Message): string | undefined {
  const { random } = person;
  if (!isInside(world, message.at) || contactOf(world, person, message.at) === undefined) return undefined;
  const kind = kinds[message.kind];
  const messageId = nextId(person, 'i-');
  writeRow(world, person, { ...message, event: kind.sent, messageId });
  if (!chance(random, kind.seenRate)) return messageId;
  const seenAt = message.at + Math.floor(between(random, 1, 900) * minuteMs);
  if (kind.seen !== '') writeRow(world, person, { ...message, event: kind.seen, at: seenAt, messageId });
  if (chance(random, kind.clickRate)) {
    writeRow(world, person, { ...message, event: kind.clicked, at: seenAt + 20_000, messageId });
  }
  return messageId;
}

export function welcome(world: World, person: Person): void {
  if (person.signedUpAt === Number.POSITIVE_INFINITY) return;
  send(world, person, {
    at: person.signedUpAt + 5 * minuteMs,
    kind: 'email',
    campaign: 'hos-geldin',
    flow: 'welcome',
  });
}

export function followUp(world: World, person: Person, after: { order: Order; delivery: Delivery }): void {
  const { random } = person;
  const kind = chance(random, 0.2) ? 'whatsapp' : 'email';
  send(world, person, {
    at: after.order.at + 3 * minuteMs,
    kind,
    campaign: 'siparis-onayi',
    flow: 'transactional',
  });
  if (!person.hasMarketingConsent || !chance(random, 0.5)) return;
  const at = after.delivery.at + Math.floor(between(random, 48, 150) * hourMs);
  send(world, person, { at, kind: 'email', campaign: 'bakim-onerileri', flow: 'post_purchase' });
}

function drawReminder(person: Person, at: number): Message {
  const { random } = person;
  const draw = random.next();
  const written = draw < 0.85 ? 'email' : draw < 0.95 ? 'sms' : 'whatsapp';
  const kind = person.hasApp && draw < 0.35 ? 'push' : written;
  const isWinBack = person.orderTimes.length > 0 && chance(random, 0.15);
  return isWinBack
    ? { at, kind, campaign: 'seni-ozledik', flow: 'win_back' }
    : { at, kind, campaign: 'haftalik-bulten', flow: 'newsletter' };
}

/** Campaign messages to those who agreed, about one in seven weeks, until the end or until they have enough. */
export function remind(world: World, person: Person): void {
  const { random } = person;
  const { calendar } = world;
  const since = Math.max(person.signedUpAt, person.reachableAt);
  if (!person.hasMarketingConsent || since === Number.POSITIVE_INFINITY) return;
  const { droppedOutAt } = person.purchase;
  const until = Math.min(
    droppedOutAt === undefined ? calendar.endAt : droppedOutAt + 90 * 24 * hourMs,
    calendar.endAt,
  );
  const next = (at: number): number =>
    Math.floor(calendar.fromOperational(calendar.toOperational(at) + exponential(random, 1 / 50)));
  for (let at = next(since); at < until; at = next(at)) {
    const message = drawReminder(person, at);
    const messageId = send(world, person, message);
    if (!chance(random, 0.01)) continue;
    const last = { ...message, at: at + hourMs, kind: 'email', event: 'unsubscribed' } as const;
    // who has enough of another channel says so in the account, not by a message
    const answered = message.kind === 'email' ? messageId : undefined;
    writeRow(world, person, { ...last, messageId: answered ?? nextId(person, 'i-') });
    return;
  }
}
