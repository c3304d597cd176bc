import { hourMs, minuteMs } from './calendar.ts';
import { closeTheLoop } from './care.ts';
import { type Contact, contactColumns, contactOf } from './contact.ts';
import type { Delivery } from './fulfilment.ts';
import { writeLoosely } from './identity.ts';
import type { Order } from './orders.ts';
import { rates } from './parameters.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, createPicker, itemAt, normal, pick } from './random.ts';
import { csvText } from './text.ts';
import { isInside, type World } from './world.ts';

const topics = {
  delivery: ['Kargom nerede, üç gündür hareket yok.', 'Paket gelmedi, bilgi verir misiniz?'],
  return: ['İade kodunu bulamıyorum.', 'Ürünü iade ettim, ücret ne zaman yatar?'],
  size: ['Bir beden büyüğü ile değiştirmek istiyorum.', 'Kalıbı dar mı, kaç beden almalıyım?'],
  payment: ['Kartımdan iki kez çekim yapılmış.', 'Taksit seçeneği çıkmadı, yardımcı olur musunuz?'],
  product: ['Ürün kusurlu geldi, dikişi açılmış.', 'Yıkama talimatı nedir, çeker mi?'],
} as const;
const topicNames = Object.keys(topics) as readonly (keyof typeof topics)[];

const pickTicketChannel = createPicker([
  ['email', 34],
  ['web', 26],
  ['whatsapp', 18],
  ['call_center', 14],
  ['live_chat', 8],
] as const);

interface TicketRow {
  readonly event: string;
  readonly at: number;
  readonly author?: string;
  readonly toStatus?: string;
  readonly comment?: string;
}

interface Ticket {
  readonly id: string;
  readonly contact: Contact;
  readonly channel: string;
  readonly topic: string;
  readonly priority: string;
  readonly productId: string;
  readonly orderId: string;
}

function writeTicket(world: World, ticket: Ticket, row: TicketRow): void {
  if (!isInside(world, row.at)) return;
  const about = `${ticket.channel},${ticket.topic},${ticket.priority},${ticket.productId},${ticket.orderId}`;
  const step = `${row.author ?? ''},${row.toStatus ?? ''},${row.comment === undefined ? '' : csvText(row.comment)}`;
  world.out.add(
    'tickets',
    `${ticket.id},${row.event},${world.calendar.isoAt(row.at)},${contactColumns(ticket.contact)},${about},${step}`,
  );
}

/** Free text now and then holds a number to call back: personal data where no column says so. */
function writeComment(person: Person, topic: keyof typeof topics): string {
  const text = pick(person.random, topics[topic]);
  if (!chance(person.random, 0.08)) return text;
  return `${text} Numaram ${writeLoosely(person.random, person.identity.phone)}, arar mısınız?`;
}

function openTicket(
  world: World,
  person: Person,
  about: { order: Order; at: number; topic: keyof typeof topics },
): Ticket | undefined {
  const contact = contactOf(world, person, about.at);
  if (contact === undefined || !isInside(world, about.at)) return undefined;
  const { random } = person;
  const channel = pickTicketChannel(random);
  const isCall = channel === 'call_center' || channel === 'whatsapp';
  return {
    id: nextId(person, 'T-'),
    contact: isCall ? { ...contact, phone: csvText(writeLoosely(random, person.identity.phone)) } : contact,
    channel,
    topic: about.topic,
    priority: chance(random, 0.2) ? 'high' : 'normal',
    productId: about.topic === 'delivery' ? '' : itemAt(about.order.lines, 0).product.id,
    orderId: about.order.id,
  };
}

/** A question or complaint after an order, answered, solved and sometimes opened again; asks how it went. */
export function raiseTicket(world: World, person: Person, after: { order: Order; delivery: Delivery }): void {
  const { random } = person;
  const { order, delivery } = after;
  const probability = rates.ticket_after_order * (delivery.isLate ? 3 : 1) * (1.5 - person.satisfaction);
  if (!chance(random, probability)) return;
  const topic = delivery.isLate ? 'delivery' : pick(random, topicNames);
  let at = delivery.at + Math.floor(between(random, -10, 90) * hourMs);
  if (at <= order.at) at = order.at + hourMs;
  const ticket = openTicket(world, person, { order, at, topic });
  if (ticket === undefined) return;
  writeTicket(world, ticket, {
    event: 'created',
    at,
    author: 'customer',
    comment: writeComment(person, topic),
  });
  at += Math.floor(between(random, 4, 700) * minuteMs);
  writeTicket(world, ticket, {
    event: 'replied',
    at,
    author: 'agent',
    comment: 'Talebinizi aldık, inceliyoruz.',
  });
  writeTicket(world, ticket, { event: 'status_changed', at: at + 1000, toStatus: 'pending' });
  if (chance(random, 0.4)) {
    at += Math.floor(between(random, 10, 900) * minuteMs);
    writeTicket(world, ticket, {
      event: 'replied',
      at,
      author: 'customer',
      comment: 'Teşekkürler, bekliyorum.',
    });
  }
  at += Math.floor(between(random, 0.5, 40) * hourMs);
  writeTicket(world, ticket, { event: 'solved', at, author: 'agent' });
  if (chance(random, 0.1)) {
    writeTicket(world, ticket, { event: 'reopened', at: at + 7 * hourMs, author: 'customer' });
    writeTicket(world, ticket, { event: 'solved', at: at + 30 * hourMs, author: 'agent' });
  }
  const sentAt = at + 31 * hourMs;
  if (chance(random, 0.5))
    askSurvey(world, person, { type: 'csat', trigger: 'ticket', sentAt, orderId: '', ticketId: ticket.id });
}

interface SurveyPlan {
  readonly type: 'nps' | 'csat' | 'ces';
  readonly trigger: string;
  readonly sentAt: number;
  readonly orderId: string;
  readonly ticketId: string;
}

const scales = { nps: [0, 10], csat: [1, 5], ces: [1, 7] } as const;

const praises = [
  'Çok memnunum, teşekkürler.',
  'Hızlı kargo, özenli paket.',
  'Kumaşı tam istediğim gibi.',
] as const;
const complaints = [
  'Kargo geç geldi, haber de verilmedi.',
  'Rengi fotoğraftakinden farklı.',
  'Fiyatına değmez.',
] as const;

/** Sends a survey; the very pleased and the displeased answer more often than those between. */
function askSurvey(world: World, person: Person, plan: SurveyPlan): void {
  const contact = contactOf(world, person, plan.sentAt);
  if (contact === undefined) return;
  const { random, satisfaction } = person;
  const id = nextId(person, 'S-');
  const channel = chance(random, 0.7) ? 'email' : 'sms';
  const [low, high] = scales[plan.type];
  const wave = world.calendar.isoAt(Math.min(plan.sentAt, world.calendar.endAt - 1)).slice(0, 7);
  const row = (event: string, at: number, answer: { score: string; comment: string }): void => {
    if (!isInside(world, at)) return;
    const scale = answer.score === '' ? ',,,' : `${answer.score},${low},${high},true`;
    const about = `${wave},${plan.trigger},${plan.orderId},${plan.ticketId},${csvText(answer.comment)}`;
    world.out.add(
      'surveys',
      `${id},${event},${world.calendar.isoAt(at)},${contactColumns(contact)},${channel},${plan.type},${scale},${about}`,
    );
  };
  row('sent', plan.sentAt, { score: '', comment: '' });
  const extremity = Math.abs(satisfaction - 0.6) * 2;
  if (!chance(random, 0.15 + 0.5 * extremity)) return;
  const feeling = Math.min(Math.max(satisfaction + 0.12 * normal(random), 0), 1);
  const score = Math.round(low + feeling * (high - low));
  const comment = chance(random, 0.35) ? pick(random, feeling > 0.6 ? praises : complaints) : '';
  const answeredAt = plan.sentAt + Math.floor(between(random, 0.1, 60) * hourMs);
  row('answered', answeredAt, { score: String(score), comment });
  if (plan.type === 'nps' && score <= 6) closeTheLoop(world, person, { surveyId: id, at: answeredAt });
}

export function surveyDelivery(
  world: World,
  person: Person,
  after: { order: Order; delivery: Delivery },
): void {
  const { random } = person;
  if (!chance(random, rates.survey_after_delivery)) return;
  const draw = random.next();
  const type = draw < 0.5 ? 'nps' : draw < 0.85 ? 'csat' : 'ces';
  const sentAt = after.delivery.at + Math.floor(between(random, 20, 80) * hourMs);
  const trigger = type === 'nps' ? 'relationship' : 'delivery';
  askSurvey(world, person, { type, trigger, sentAt, orderId: after.order.id, ticketId: '' });
}
