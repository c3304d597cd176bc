import { write } from './identity.ts';
import { origins, type VisitOrigin } from './marketing.ts';
import { rates } from './parameters.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, itemAt } from './random.ts';
import { letterId } from './text.ts';
import { countClick, isInside, type World } from './world.ts';

export type Device = 'web' | 'mobile';

/** One visit to the site or the app while it is being written. */
export interface Visit {
  readonly world: World;
  readonly person: Person;
  readonly device: Device;
  readonly origin: VisitOrigin;
  /** Campaign, referrer, device and place, as members of the Segment `context`. */
  readonly context: string;
  /** Time of the last thing that happened. */
  at: number;
  /** Longest pause between two actions. */
  readonly pauseMs: number;
  who: string;
  /** Delay of delivery of a phone that was offline; 0 when sent at once. */
  readonly lateMs: number;
}

export interface VisitPlan {
  readonly at: number;
  readonly device: Device;
  /** Index of `origins`. */
  readonly origin: number;
  readonly pauseMs: number;
}

export const shopUrl = 'https://www.ornek-magaza.example';

const desktopAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) ExampleBrowser/1.0';
const phoneAgent = 'Mozilla/5.0 (Linux; Android 14; Mobile) ExampleBrowser/1.0';

export function campaignQuery(person: Person, origin: VisitOrigin): string {
  const parts: string[] = [];
  if (origin.source !== '') {
    parts.push(`utm_source=${origin.source}`, `utm_medium=${origin.medium}`, `utm_campaign=${origin.name}`);
  }
  if (origin.clickId !== '') parts.push(`${origin.clickId}=${letterId(person.random, 12)}`);
  if (origin.channel === 'referral_program' && person.referral !== undefined)
    parts.push(`ref=${person.referral.code}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function writeContext(person: Person, device: Device, origin: VisitOrigin): string {
  const campaign =
    origin.source === ''
      ? ''
      : `"campaign":{"source":"${origin.source}","medium":"${origin.medium}","name":"${origin.name}"},`;
  const place = `"location":{"country":"TR","city":"${person.city}"}`;
  if (device === 'web') {
    return `${campaign}"userAgent":"${person.usesDesktop ? desktopAgent : phoneAgent}",${place}`;
  }
  const system = person.index % 3 === 0 ? 'ios' : 'android';
  return `${campaign}"device":{"id":"${write(person.identity.deviceId)}","type":"${system}"},"app":{"name":"Örnek Mağaza"},${place}`;
}

export function whoIs(person: Person, device: Device, isKnown: boolean): string {
  const anonymous = `"anonymousId":"${write(device === 'web' ? person.identity.webId : person.identity.appId)}"`;
  return isKnown ? `${anonymous},"userId":"${write(person.identity.userId)}"` : anonymous;
}

export function openVisit(world: World, person: Person, plan: VisitPlan): Visit {
  const origin = itemAt(origins, plan.origin);
  countClick(world, plan.origin, plan.at);
  const isLate =
    plan.device === 'mobile' && !world.calendar.isPure && chance(person.random, rates.late_app_visit);
  return {
    world,
    person,
    device: plan.device,
    origin,
    context: writeContext(person, plan.device, origin),
    at: plan.at,
    pauseMs: plan.pauseMs,
    who: whoIs(person, plan.device, false),
    lateMs: isLate ? between(person.random, 2, 96) * 3_600_000 : 0,
  };
}

/** Lets some seconds pass, so that no two actions of a visit share an instant. */
export function pass(visit: Visit): void {
  visit.at += Math.floor(between(visit.person.random, 0.15, 1) * visit.pauseMs);
}

function times(visit: Visit): string {
  const { calendar, out } = visit.world;
  const at = calendar.isoAt(visit.at);
  if (visit.lateMs === 0) return `"timestamp":"${at}"`;
  out.label('segment', 'late');
  return `"originalTimestamp":"${at}","sentAt":"${calendar.isoAt(Math.min(visit.at + visit.lateMs, calendar.endAt - 1))}"`;
}

/** Writes an action of the visit; `properties` are the members of a JSON object. */
export function track(visit: Visit, event: string, properties: string): void {
  pass(visit);
  if (!isInside(visit.world, visit.at)) return;
  const id = nextId(visit.person, 's');
  visit.world.out.add(
    'segment',
    `{"type":"track","messageId":"${id}","event":"${event}",${visit.who},${times(visit)},"context":{${visit.context}},"properties":{${properties}}}`,
  );
}

export interface PageView {
  readonly path: string;
  readonly title: string;
  /** Query of the address; where it begins with a campaign the page is a landing. */
  readonly search: string;
  readonly referrer: string;
}

export function viewPage(visit: Visit, view: PageView): void {
  pass(visit);
  if (!isInside(visit.world, visit.at)) return;
  const id = nextId(visit.person, 's');
  const head = visit.device === 'web' ? 'page' : 'screen';
  const page =
    visit.device === 'web'
      ? `"path":"${view.path}","title":"${view.title}","url":"${shopUrl}${view.path}${view.search}","search":"${view.search}","referrer":"${view.referrer}"`
      : `"name":"${view.title}"`;
  visit.world.out.add(
    'segment',
    `{"type":"${head}","messageId":"${id}","name":"${view.title}",${visit.who},${times(visit)},"context":{${visit.context}},"properties":{${page}}}`,
  );
}

/** An identity call: it ties identifiers together and is no touchpoint. */
export function callIdentity(visit: Visit, type: 'identify' | 'alias', members: string): void {
  pass(visit);
  if (!isInside(visit.world, visit.at)) return;
  const id = nextId(visit.person, 's');
  visit.world.out.label('segment', 'identity_calls');
  visit.world.out.addOnce(
    'segment',
    `{"type":"${type}","messageId":"${id}",${members},${times(visit)},"context":{${visit.context}}}`,
  );
}
