import { hourMs, minuteMs } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { write, writeLoosely } from './identity.ts';
import { rates } from './parameters.ts';
import { nextId } from './person.ts';
import { chance, geometric, pick } from './random.ts';
import { money } from './text.ts';
import { callIdentity, campaignQuery, type PageView, track, type Visit, viewPage, whoIs } from './visit.ts';

const landings: readonly Omit<PageView, 'search' | 'referrer'>[] = [
  { path: '/', title: 'Ana sayfa' },
  { path: '/yeni-sezon', title: 'Yeni sezon' },
  { path: '/ev-yasam', title: 'Ev ve yaşam' },
  { path: '/indirim', title: 'İndirimdekiler' },
];

const searches = [
  'keten gömlek',
  'çift kişilik nevresim',
  'okul çantası',
  'yün kaban',
  'kahve fincanı',
  'kilim',
];
const lists = ['kadin-giyim', 'erkek-giyim', 'ev-tekstili', 'mutfak', 'dekorasyon', 'cocuk'];

/** The first actions of a visit: the app opens, or the landing page with its campaign. */
export function land(visit: Visit): void {
  const { person, origin, device } = visit;
  if (device === 'mobile') {
    track(visit, 'Application Opened', `"from_background":${chance(person.random, 0.4)}`);
  }
  const landing = pick(person.random, landings);
  const search = device === 'web' ? campaignQuery(person, origin) : '';
  viewPage(visit, { ...landing, search, referrer: origin.referrer });
}

export function viewProduct(visit: Visit, product: Product): void {
  const index = visit.world.calendar.priceIndexAt(visit.at);
  const price = money(Math.round(product.priceKurus * index));
  track(visit, 'Product Viewed', `${product.json},"price":${price},"currency":"TRY"`);
}

export function addProduct(visit: Visit, product: Product, cartId: string): void {
  const index = visit.world.calendar.priceIndexAt(visit.at);
  const price = money(Math.round(product.priceKurus * index));
  track(
    visit,
    'Product Added',
    `"cart_id":"${cartId}",${product.json},"price":${price},"quantity":1,"currency":"TRY"`,
  );
}

/** Looks around without buying: searches, lists, products, sometimes a cart that is left behind. */
export function browse(visit: Visit): void {
  const { person, world } = visit;
  const { random } = person;
  if (chance(random, 0.28)) track(visit, 'Products Searched', `"query":"${pick(random, searches)}"`);
  if (chance(random, 0.4)) {
    track(visit, 'Product List Viewed', `"list_id":"${pick(random, lists)}"`);
  }
  const countViews = Math.min(geometric(random, 0.58), 8);
  for (let view = 0; view < countViews; view += 1) {
    const product = world.catalogue.popular(random);
    viewProduct(visit, product);
    if (chance(random, 0.04)) {
      track(
        visit,
        'Product Added To Wishlist',
        `"wishlist_id":"w-${person.code}","product_id":"${product.id}"`,
      );
    }
  }
  if (countViews > 0 && chance(random, 0.2)) leaveCart(visit);
  if (!world.calendar.isPure && chance(random, rates.unknown_event_per_visit)) {
    track(visit, 'Wheel Of Fortune Spun', '"prize":"kargo_bedava"');
    world.out.label('segment', 'unknown_events');
  }
}

function leaveCart(visit: Visit): void {
  const cartId = nextId(visit.person, 'c-');
  addProduct(visit, visit.world.catalogue.popular(visit.person.random), cartId);
  if (chance(visit.person.random, rates.checkout_left)) {
    track(visit, 'Checkout Started', `"cart_id":"${cartId}","checkout_id":"k-${cartId}","currency":"TRY"`);
  }
}

export function signUp(visit: Visit): void {
  const { person, world } = visit;
  const { identity, random } = person;
  const anonymous = visit.device === 'web' ? identity.webId : identity.appId;
  visit.who = whoIs(person, visit.device, true);
  const traits = `"traits":{"email":"${writeLoosely(random, identity.email)}","phone":"${writeLoosely(random, identity.phone)}","name":"${identity.fullName}"}`;
  track(visit, 'Signed Up', '"type":"organic"');
  callIdentity(visit, 'identify', `${visit.who},${traits}`);
  if (chance(random, 0.2)) {
    callIdentity(visit, 'alias', `"previousId":"${write(anonymous)}","userId":"${write(identity.userId)}"`);
  }
  person.signedUpAt = visit.at;
  person.reachableAt = Math.min(person.reachableAt, visit.at);
  if (visit.at >= world.calendar.endAt) person.signedUpAt = Number.POSITIVE_INFINITY;
}

/** A member who comes back is known once signed in; before that the device alone is seen. */
export function signIn(visit: Visit): void {
  const { person } = visit;
  visit.who = whoIs(person, visit.device, true);
  track(visit, 'Signed In', '"type":"organic"');
  callIdentity(visit, 'identify', visit.who);
}

export function askOnAnotherChannel(visit: Visit): void {
  const { random } = visit.person;
  if (chance(random, 0.02)) {
    const conversation = nextId(visit.person, 'g-');
    track(
      visit,
      'Live Chat Conversation Started',
      `"conversation_id":"${conversation}","agent_type":"bot","topic":"beden"`,
    );
    track(
      visit,
      'Live Chat Conversation Ended',
      `"conversation_id":"${conversation}","handed_over":${chance(random, 0.3)}`,
    );
  }
  const { otherChannel } = visit.person;
  if (visit.who.includes('userId') && otherChannel !== undefined && chance(random, 0.08)) {
    visit.at += hourMs + Math.floor(random.next() * 300) * minuteMs;
    if (otherChannel === 'store')
      track(visit, 'Store Visited', '"channel":"store","store_id":"M-01","purpose":"bakmak"');
    if (otherChannel === 'call_center')
      track(
        visit,
        'Call Received',
        `"channel":"call_center","call_id":"${nextId(visit.person, 't-')}","topic":"stok"`,
      );
    if (otherChannel === 'whatsapp')
      track(
        visit,
        'whatsapp_message_sent',
        `"channel":"whatsapp","message_id":"${nextId(visit.person, 'h-')}","topic":"urun"`,
      );
  }
}
