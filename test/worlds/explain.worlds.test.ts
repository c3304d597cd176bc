import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { touchpointsSeen } from '../oracle/lifecycle/seen.ts';
import type { Touchpoint } from '../oracle/lifecycle/types.ts';
import { type Chance, chanceOf } from '../support/chance.ts';
import { asTemplate, ExplainedWorld } from '../support/explained-world.ts';
import { Expected, expectExplained, tried } from '../support/explanation-judge.ts';
import { inputOf } from '../support/lifecycle-world-changes.ts';
import { type LifecycleWorld, randomGroup } from '../support/random-lifecycle-world.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';

const groupNumbers = Array.from({ length: isFull ? 15 : 1 }, (_, index) => 500 + index);
const worldsPerGroup = 12;

/** One customer of a world, a lifecycle, and when: at the run's cut, and at or near one of the customer's touchpoints. */
function questionsOf(
  { lifecycles, touchpoints }: LifecycleWorld,
  seen: readonly Touchpoint[],
  chance: Chance,
) {
  const customers = new Set(touchpoints.map(({ customer_id }) => customer_id));
  const ofWorld = seen.filter(({ customer_id }) => customers.has(customer_id));
  if (ofWorld.length === 0 || lifecycles.length === 0) {
    return [];
  }
  const lifecycle = chance.pick(lifecycles);
  const customerId = chance.pick(ofWorld).customer_id;
  const own = ofWorld.filter(({ customer_id }) => customer_id === customerId);
  const moment = chance.pick(own).occurred_at + chance.pick([0, 0, -1, 1]);
  return [undefined, new Date(moment)].map((at) => ({ lifecycle, customerId, own, at }));
}

describe('explanations of random worlds', () => {
  let world: ExplainedWorld;
  beforeAll(async () => {
    world = await ExplainedWorld.open();
  });
  afterAll(async () => {
    await world.close();
    // so few groups do not meet every kind of question: that is demanded of the full number
    for (const count of isFull ? Object.values(tried) : []) {
      expect(count).toBeGreaterThan(0);
    }
  });

  it.each(groupNumbers)('say what the oracle says in group %i', { timeout: 300_000 }, async (number) => {
    const { run, worlds } = randomGroup(number, worldsPerGroup);
    const known = worlds.map((one) => ({ ...one, lifecycles: one.lifecycles.filter(asTemplate) }));
    const input = inputOf({ run, worlds: known });
    const relations = await world.publish(
      input,
      input.lifecycles.flatMap((lifecycle) => asTemplate(lifecycle) ?? []),
    );
    const seen = touchpointsSeen(input.touchpoints, run.asOf);
    const chance = chanceOf(number);

    for (const { lifecycle, customerId, own, at } of known.flatMap((one) => questionsOf(one, seen, chance))) {
      const asked = { customerId, lifecycle: lifecycle.lifecycle, at };
      const { lifecycles } = await world.explain(asked);
      const lastSeen = Math.min(at?.getTime() ?? Number.POSITIVE_INFINITY, run.asOf - 1);

      expect(lifecycles).toHaveLength(1);
      for (const one of lifecycles) {
        expectExplained(one, asked, relations, new Expected(lifecycle, run, own, lastSeen));
      }
    }
  });
});
