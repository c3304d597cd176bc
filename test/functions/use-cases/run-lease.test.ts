import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Lease } from '../../../functions/ports/lease.ts';
import { leaseKey, putWhileHeld, withRunLease } from '../../../functions/use-cases/run-lease.ts';
import { withFolder } from '../../support/engine.ts';
import { World } from '../../support/world/world.ts';

const MINUTE = 60_000;

interface Runner {
  readonly world: World;
  /** Works under a lease of this holder's. */
  readonly as: <T>(holder: string, work: (lease: Lease) => Promise<T>, renewEvery?: number) => Promise<T>;
}

const withWorld = (work: (runner: Runner) => Promise<void>): Promise<void> =>
  withFolder((folder) => {
    const world = World.empty(folder);
    return work({
      world,
      as: (holder, inner, renewEvery = MINUTE) => {
        const { store, clock } = world.start();
        return withRunLease({ store, clock, holder, renewEvery }, inner);
      },
    });
  });

const busy = 'another run is at work';
const lost = 'a later run has taken over';

describe('the lease of a run', () => {
  it('is one at a time, and its token grows', () =>
    withWorld(async ({ as }) => {
      const tokens = await as('a', async (first) => {
        await expect(as('b', async () => 0)).rejects.toThrow(busy);
        await first.check();
        return [first.token];
      });
      tokens.push(await as('b', async ({ token }) => token), await as('a', async ({ token }) => token));

      expect(tokens).toEqual([1, 2, 3]);
    }));

  it('is given back when the work fails', () =>
    withWorld(async ({ as }) => {
      await expect(as('a', () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
      expect(await as('b', async ({ token }) => token)).toBe(2);
    }));

  it('ends where its run is silent for ten minutes, which that run learns at its next check', () =>
    withWorld(async ({ world, as }) => {
      await as('a', async (asleep) => {
        world.clock.pass(9 * MINUTE);
        await expect(as('b', async () => 0)).rejects.toThrow(busy);
        world.clock.pass(2 * MINUTE);
        await as('b', async (later) => {
          expect(later.token).toBe(2);
          await expect(asleep.check()).rejects.toThrow(lost);
          await later.check();
        });
        await expect(asleep.check()).rejects.toThrow(lost);
      });
      // the end of the sleeper does not touch what is another one's
      expect(await as('c', async ({ token }) => token)).toBe(3);
    }));

  it('is renewed while the work goes on', () =>
    withWorld(async ({ world, as }) => {
      await as(
        'a',
        async (lease) => {
          for (let turn = 0; turn < 5; turn += 1) {
            world.clock.pass(9 * MINUTE);
            await sleep(30);
          }
          await expect(as('b', async () => 0)).rejects.toThrow(busy);
          await lease.check();
        },
        5,
      );
    }));

  it('of a holder that died is taken over at once by the same holder, which nobody else may', () =>
    withWorld(async ({ world, as }) => {
      const dies = world.start([{ kind: 'crash-before', call: 4 }]);
      const ports = { store: dies.store, clock: dies.clock, holder: 'a' };
      await expect(withRunLease(ports, (lease) => lease.check())).rejects.toThrow('before the effect');

      await expect(as('b', async () => 0)).rejects.toThrow(busy);
      expect(await as('a', async ({ token }) => token)).toBe(2);
    }));

  it('of a clock that was a day ahead is not held for a day', () =>
    withWorld(async ({ world, as }) => {
      await as('a', async () => {
        world.clock.jump(-25 * 60 * MINUTE);
        expect(await as('b', async ({ token }) => token)).toBe(2);
      });
    }));

  it.each(['', '{ "schema": "dongu.lease/1"', '{}', '[1]'])(
    'that is damaged, %j, starts above what is published',
    (text) =>
      withWorld(async ({ world, as }) => {
        const { store } = world.start();
        await store.putText('runs/manifest.json', '{ "fence": 41 }');
        await store.putText(leaseKey, text);

        expect(await as('a', async ({ token }) => token)).toBe(42);
      }),
  );
});

describe('two runners that sleep and wake at random', () => {
  it('in 500 rounds: one winner each, and no update lost', () =>
    withWorld(async ({ world, as }) => {
      const { store } = world.start();
      await store.putText('count', '0');
      const tokens: number[] = [];
      const countUp = async (lease: Lease) => {
        const before = Number(await store.getText('count'));
        // some fall asleep here, past the end of their lease
        world.clock.pass(world.chance.happens(0.3) ? 11 * MINUTE : 0);
        await sleep(0);
        await putWhileHeld(store, lease, 'count', String(before + 1));
        tokens.push(lease.token);
      };
      for (let round = 0; round < 500; round += 1) {
        await Promise.allSettled([as('a', countUp), as('b', countUp)]);
      }

      expect(tokens.length).toBeGreaterThan(250);
      expect(new Set(tokens).size).toBe(tokens.length);
      expect(await store.getText('count')).toBe(String(tokens.length));
    }));
});
