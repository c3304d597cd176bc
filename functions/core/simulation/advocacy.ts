import { hourMs } from './calendar.ts';
import { contactColumns, contactOf } from './contact.ts';
import type { Delivery } from './fulfilment.ts';
import type { Order } from './orders.ts';
import { rates } from './parameters.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, itemAt, normal, pick } from './random.ts';
import { csvText } from './text.ts';
import { isInside, rememberReferral, type World } from './world.ts';

interface AdvocacyRow {
  readonly event: string;
  readonly at: number;
  readonly channel: string;
  readonly referralCode?: string;
  readonly productId?: string;
  readonly reviewId?: string;
  readonly rating?: number;
  readonly platform?: string;
  readonly points?: number;
  readonly purpose?: string;
  readonly consentChannel?: string;
  readonly orderId?: string;
  readonly body?: string;
}

function aboutColumns(row: AdvocacyRow): string {
  const rated =
    row.rating === undefined ? ',,' : `${row.rating},5,${row.productId === undefined ? '' : 'true'}`;
  return `${row.referralCode ?? ''},${row.productId ?? ''},${row.reviewId ?? ''},${rated},${row.platform ?? ''}`;
}

function programmeColumns(row: AdvocacyRow): string {
  const loyalty = row.event.startsWith('loyalty') ? `${row.points ?? ''},ornek_kart` : ',';
  const consent =
    row.purpose === undefined ? ',,,' : `${row.purpose},${row.consentChannel ?? 'all'},consent,v2024-05`;
  return `${loyalty},${consent}`;
}

/** True where the row was written: the shop knew the person and the time is within the simulation. */
function writeRow(world: World, person: Person, row: AdvocacyRow): boolean {
  if (!isInside(world, row.at)) return false;
  const contact = contactOf(world, person, row.at);
  if (contact === undefined) return false;
  const head = `${nextId(person, 'v-')},${row.event},${world.calendar.isoAt(row.at)},${contactColumns(contact)},${row.channel}`;
  const end = `${row.orderId ?? ''},${csvText(row.body ?? '')}`;
  world.out.add('advocacy', `${head},${aboutColumns(row)},${programmeColumns(row)},${end}`);
  return true;
}

const goodReviews = [
  'Kumaşı çok kaliteli, tavsiye ederim.',
  'Tam kalıp, rengi güzel.',
  'Evime çok yakıştı!',
] as const;
const badReviews = [
  'Bir yıkamada soldu.',
  'Beden tablosu yanıltıcı, dar geldi.',
  'Paket ezik geldi.',
] as const;

function review(world: World, person: Person, after: { order: Order; delivery: Delivery }): void {
  const { random } = person;
  const at = after.delivery.at + Math.floor(between(random, 24, 400) * hourMs);
  const feeling = person.satisfaction + 0.15 * normal(random);
  const rating = Math.min(Math.max(Math.round(1 + 4.4 * feeling), 1), 5);
  const isAboutShop = chance(random, 0.15);
  const about = isAboutShop
    ? { event: 'business_reviewed', platform: pick(random, ['app_store', 'harita', 'sikayet_sitesi']) }
    : {
        event: 'product_reviewed',
        productId: itemAt(after.order.lines, 0).product.id,
        orderId: after.order.id,
      };
  const body = chance(random, 0.6) ? pick(random, rating >= 4 ? goodReviews : badReviews) : '';
  writeRow(world, person, { ...about, at, channel: 'web', reviewId: nextId(person, 'R-'), rating, body });
}

function refer(world: World, person: Person, delivery: Delivery): void {
  const { random, referralCode } = person;
  const at = delivery.at + Math.floor(between(random, 2, 200) * hourMs);
  const channel = chance(random, 0.6) ? 'whatsapp' : 'web';
  if (!writeRow(world, person, { event: 'referral_sent', at, channel, referralCode })) return;
  rememberReferral(world, { code: referralCode, personId: person.id, sentAt: at });
  // a few try to reward themselves
  if (chance(random, 0.04)) {
    const isWritten = writeRow(world, person, {
      event: 'referral_accepted',
      at: at + 3 * hourMs,
      channel: 'web',
      referralCode,
    });
    person.isSelfReferral ||= isWritten;
  }
}

/** Points for an order, then what a customer may say of it to others. */
export function advocate(world: World, person: Person, after: { order: Order; delivery: Delivery }): void {
  const { random, satisfaction } = person;
  const { order, delivery } = after;
  if (person.isLoyaltyMember && order.totalKurus >= 10_000) {
    const points = Math.floor(order.totalKurus / 10_000);
    writeRow(world, person, {
      event: 'loyalty_points_earned',
      at: delivery.at + hourMs,
      channel: 'system',
      points,
      orderId: order.id,
    });
    if (chance(random, 0.2)) {
      const at = delivery.at + 30 * 24 * hourMs;
      writeRow(world, person, {
        event: 'loyalty_points_redeemed',
        at,
        channel: 'web',
        points: Math.max(1, points >> 1),
      });
    }
  }
  if (chance(random, rates.review_after_delivery)) review(world, person, after);
  if (chance(random, rates.referral_after_delivery * 2 * satisfaction)) refer(world, person, delivery);
  if (chance(random, 0.03)) {
    const productId = itemAt(order.lines, 0).product.id;
    writeRow(world, person, {
      event: 'product_shared',
      at: delivery.at + 5 * hourMs,
      channel: 'mobile',
      productId,
    });
  }
}

/** What a person agrees to on joining; some withdraw later. Not every one of them ever buys. */
export function settleConsents(world: World, person: Person): void {
  const { random, signedUpAt } = person;
  if (signedUpAt === Number.POSITIVE_INFINITY) return;
  writeRow(world, person, {
    event: 'consent_granted',
    at: signedUpAt + 2000,
    channel: 'web',
    purpose: 'analytics',
  });
  if (person.hasMarketingConsent) {
    const consentChannel = chance(random, 0.6) ? 'email' : 'all';
    const consent = { channel: 'web', purpose: 'marketing', consentChannel };
    writeRow(world, person, { ...consent, event: 'consent_granted', at: signedUpAt + 3000 });
    if (chance(random, 0.12)) {
      const at = signedUpAt + Math.floor(between(random, 5, 400) * 24 * hourMs);
      writeRow(world, person, { ...consent, event: 'consent_withdrawn', at, channel: 'email' });
    }
  }
}

export function joinLoyalty(world: World, person: Person, at: number): void {
  const isWritten = writeRow(world, person, { event: 'loyalty_joined', at, channel: 'web' });
  if (!isWritten || person.isLoyaltyMember) return;
  person.isLoyaltyMember = true;
}

export function acceptReferral(world: World, person: Person, at: number): void {
  if (person.referral === undefined) return;
  writeRow(world, person, {
    event: 'referral_accepted',
    at,
    channel: 'web',
    referralCode: person.referral.code,
  });
}
