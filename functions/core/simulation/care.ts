import { hourMs } from './calendar.ts';
import type { Delivery } from './fulfilment.ts';
import { write } from './identity.ts';
import type { Order } from './orders.ts';
import type { Person } from './person.ts';
import { between, chance, normal, pick } from './random.ts';
import { isInside, type World } from './world.ts';

// Everything here is drawn from `person.careRandom`, has ids of its own and is followed by no dirt, so that the rest of
// the store is the same with it and without it.

const articles = ['kargo-takibi', 'iade-adimlari', 'beden-tablosu', 'taksit-secenekleri'] as const;

interface CareEvent {
  readonly id: string;
  readonly event: string;
  readonly at: number;
  readonly properties: string;
}

/** Written for members alone, by their number: the shop would not know whom else it spoke with. */
function writeCare(world: World, person: Person, row: CareEvent): void {
  if (person.signedUpAt > row.at || !isInside(world, row.at)) return;
  const who = `"userId":"${write(person.identity.userId)}"`;
  const time = `"timestamp":"${world.calendar.isoAt(row.at)}"`;
  world.out.addOnce(
    'segment',
    `{"type":"track","messageId":"${row.id}","event":"${row.event}",${who},${time},"properties":{${row.properties}}}`,
  );
}

/** Some look for help by themselves after a delivery; a few speak of the shop in public. */
export function lookForHelp(world: World, person: Person, after: { order: Order; delivery: Delivery }): void {
  const { careRandom: random, satisfaction } = person;
  const { order, delivery } = after;
  if (chance(random, delivery.isLate ? 0.45 : 0.2)) {
    const at = delivery.at + Math.floor(between(random, -12, 60) * hourMs);
    const properties = `"article_id":"${pick(random, articles)}","helpful":${chance(random, satisfaction)}`;
    writeCare(world, person, { id: `ha-${order.id}`, event: 'Help Article Viewed', at, properties });
  }
  if (chance(random, 0.04)) {
    const feeling = Math.min(Math.max(2 * satisfaction - 1 + 0.3 * normal(random), -1), 1);
    const at = delivery.at + Math.floor(between(random, 30, 300) * hourMs);
    const properties = `"channel":"social","network":"ornek_ag","sentiment_score":${feeling.toFixed(2)}`;
    writeCare(world, person, { id: `bm-${order.id}`, event: 'Brand Mentioned', at, properties });
  }
}

/** Most who would not recommend the shop hear from it, some of them late. */
export function closeTheLoop(world: World, person: Person, answer: { surveyId: string; at: number }): void {
  const { careRandom: random } = person;
  if (!chance(random, 0.7)) return;
  const at = answer.at + Math.floor(between(random, 3, 220) * hourMs);
  const outcome = pick(random, ['contacted', 'fixed', 'no_action']);
  const properties = `"channel":"system","survey_id":"${answer.surveyId}","outcome":"${outcome}"`;
  writeCare(world, person, { id: `fc-${answer.surveyId}`, event: 'Feedback Closed', at, properties });
}
