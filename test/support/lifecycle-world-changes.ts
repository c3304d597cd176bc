import type { Lifecycle } from '../oracle/lifecycle/types.ts';
import { chanceOf } from './chance.ts';
import type { LifecycleInput } from './lifecycle-engine.ts';
import type { LifecycleWorld, WorldGroup } from './random-lifecycle-world.ts';

/** Every touchpoint and every lifecycle of a group: each lifecycle sees all customers of the run. */
export function inputOf({ run, worlds }: WorldGroup): LifecycleInput {
  return {
    run,
    touchpoints: worlds.flatMap(({ touchpoints }) => touchpoints),
    lifecycles: worlds.flatMap(({ lifecycles }) => lifecycles),
  };
}

/** The world that a lifecycle belongs to. */
export function worldOf({ worlds }: WorldGroup, lifecycleId: string): LifecycleWorld | undefined {
  return worlds.find(({ lifecycles }) => lifecycles.some(({ lifecycle }) => lifecycle === lifecycleId));
}

/** The same touchpoints in another order; lifecycles keep theirs, which is declared. */
export function shuffleInput(input: LifecycleInput, seed: number): LifecycleInput {
  return { ...input, touchpoints: chanceOf(seed).shuffled(input.touchpoints) };
}

export type Fails = (input: LifecycleInput) => Promise<boolean>;

/**
 * The least that still fails: the fewest lifecycles, touchpoints, rules and leaves. `fails` is slow, so each part is given
 * up to `mostTries` attempts. Stages stay, since leaving one out would change the ranks of the others.
 */
export async function shrinkInput(
  input: LifecycleInput,
  fails: Fails,
  mostTries: number,
): Promise<LifecycleInput> {
  const ofLifecycles = await fewest(input.lifecycles, mostTries, (lifecycles) =>
    fails({ ...input, lifecycles }),
  );
  const few = { ...input, lifecycles: ofLifecycles };
  const touchpoints = await fewest(few.touchpoints, mostTries, (some) =>
    fails({ ...few, touchpoints: some }),
  );
  const small = { ...few, touchpoints };
  const parts = small.lifecycles.flatMap(partsOf);
  const kept = await fewest(parts, mostTries, (some) =>
    fails({ ...small, lifecycles: withParts(small.lifecycles, some) }),
  );
  return { ...small, lifecycles: withParts(small.lifecycles, kept) };
}

/** Halves are left out first, then quarters, and at last single items, while what remains still fails. */
async function fewest<Item>(
  items: readonly Item[],
  mostTries: number,
  fails: (some: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let smallest = items;
  let tries = 0;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < smallest.length && tries < mostTries; ) {
      tries += 1;
      const some = [...smallest.slice(0, start), ...smallest.slice(start + size)];
      if (await fails(some)) smallest = some;
      else start += size;
    }
  }
  return smallest;
}

/** A rule or a leave by its place. */
type Part = `${string} ${string} ${'enter' | 'leave'} ${number}`;

function partsOf({ lifecycle, stages }: Lifecycle): Part[] {
  return stages.flatMap(({ id, enter = [], leave = [] }) => [
    ...enter.map((_, index): Part => `${lifecycle} ${id} enter ${index}`),
    ...leave.map((_, index): Part => `${lifecycle} ${id} leave ${index}`),
  ]);
}

function withParts(lifecycles: readonly Lifecycle[], parts: readonly Part[]): Lifecycle[] {
  const kept = new Set<string>(parts);
  return lifecycles.map((lifecycle) => ({
    ...lifecycle,
    stages: lifecycle.stages.map(({ leave, ...stage }) => {
      const isKept = (kind: string) => (_: unknown, index: number) =>
        kept.has(`${lifecycle.lifecycle} ${stage.id} ${kind} ${index}`);
      const left = leave?.filter(isKept('leave')) ?? [];
      return {
        ...stage,
        enter: (stage.enter ?? []).filter(isKept('enter')),
        ...(left.length > 0 ? { leave: left } : {}),
      };
    }),
  }));
}
