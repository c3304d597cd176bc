import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Landing } from '../../functions/ports/landing.ts';
import type { LedgerCounts } from '../../functions/ports/ledger.ts';
import type { ObjectStore } from '../../functions/ports/object-store.ts';
import { compactLake, removeLeftovers } from '../../functions/use-cases/compact-lake.ts';
import { verifyLake } from '../../functions/use-cases/verify-lake.ts';
import { messageOf, rememberedLanding, request, type TestRequest, track } from './collected-messages.ts';
import { Crash, type CrashPlan, crashEverywhere } from './crashing-store.ts';
import { withFolder } from './engine.ts';
import { type LakeRow, TestLake } from './test-lake.ts';

const BROKEN = '{"type":"track","event":"x","messageId":"b","anonymousId":"9","timestamp":"2024-02-30"}';

/** Ten requests: some with an item for quarantine, some with personal values, two that send one touchpoint twice. */
const requests = Array.from({ length: 10 }, (_, n) =>
  request(n, [
    track(`m-${n === 7 ? 6 : n}`),
    ...(n % 3 === 0 ? [BROKEN] : []),
    ...(n % 4 === 0 ? [track(`i-${n}`, { type: 'identify', traits: { email: `k${n}@ornek.example` } })] : []),
  ]),
);

const messagesOf = (wanted: readonly TestRequest[]) => wanted.map((each) => messageOf(each));

type Cut = readonly [from: number, to: number];

interface Content {
  readonly rows: readonly LakeRow[];
  readonly refused: readonly LakeRow[];
  readonly ledger: readonly LedgerCounts[];
}

/** Touchpoints and quarantine by their ids, however often an object holds them. */
async function contentOf(lake: TestLake): Promise<Content> {
  const rows = await lake.rowsOf(
    'raw/touchpoints',
    'select distinct ingest_id, touchpoint_id from zone order by 1',
  );
  const refused = await lake.rowsOf('quarantine', 'select distinct ingest_id, reason from zone order by 1');
  return { rows, refused, ledger: await lake.ledger() };
}

interface Turns {
  readonly lake: () => Promise<TestLake>;
  readonly store: () => Promise<ObjectStore>;
  readonly landing: Landing;
}

/** A home of its own for each crash, copied from one that `prepare` fills. */
async function withTurns(
  prepare: (lake: TestLake, landing: Landing) => Promise<void>,
  work: (turns: Turns, expected: Content) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const first = await TestLake.open(join(folder, 'first'));
    const landing = rememberedLanding(await first.landing());
    await prepare(first, landing);
    const whole = await TestLake.open(join(folder, 'whole'));
    await whole.landBatch(messagesOf(requests), landing);
    let turn = 0;
    const lake = () => TestLake.open(join(folder, `turn-${turn}`));
    const store = async () => {
      turn += 1;
      await cp(join(folder, 'first'), join(folder, `turn-${turn}`), { recursive: true });
      return (await lake()).store;
    };
    await work({ lake, store, landing }, await contentOf(whole));
  });
}

async function expectSettled(lake: TestLake, expected: Content): Promise<void> {
  await removeLeftovers(await lake.compactPorts());
  await lake.compact();
  expect(await verifyLake(lake.store)).toEqual([]);
  expect(await contentOf(lake)).toEqual(expected);
  const [doubled] = await lake.rowsOf(
    'raw/items',
    'select count(*) - count(distinct ingest_id) as doubled from zone',
  );
  expect(Number(doubled?.doubled)).toBe(0);
}

const other: readonly Cut[] = [
  [0, 3],
  [3, 10],
  [2, 5],
];

/** Lands all requests, which dies; then what the queue gives afterwards, which is settled. */
async function landCrashing(plan: CrashPlan, afterwards: readonly Cut[]): Promise<number> {
  let deaths = 0;
  await withTurns(
    async (lake, landing) => void (await lake.landBatch(messagesOf(requests.slice(0, 2)), landing)),
    async ({ lake, store, landing }, expected) => {
      deaths = await crashEverywhere(
        plan,
        store,
        async (dying) => {
          const crashed = await TestLake.open((await lake()).folder, () => dying);
          const { failed } = await crashed.landBatch(messagesOf(requests), landing);
          if (failed.length > 0) throw new Crash('it died, and the batch failed');
        },
        async () => {
          const left = await lake();
          for (const [from, to] of afterwards) {
            await left.landBatch(messagesOf(requests.slice(from, to)), landing);
          }
          await expectSettled(left, expected);
        },
      );
    },
  );
  return deaths;
}

/** Merges these batches, which dies; then again. */
async function compactCrashing(plan: CrashPlan, cuts: readonly Cut[]): Promise<number> {
  let deaths = 0;
  await withTurns(
    async (lake, landing) => {
      for (const [from, to] of cuts) {
        await lake.landBatch(messagesOf(requests.slice(from, to)), landing);
      }
    },
    async ({ lake, store, landing }, expected) => {
      deaths = await crashEverywhere(
        plan,
        store,
        async (dying) => compactLake({ ...(await (await lake()).compactPorts()), landing, store: dying }),
        async () => {
          const left = await lake();
          expect(await verifyLake(left.store)).toEqual([]);
          expect((await contentOf(left)).ledger).toMatchObject([{ unaccounted: 0 }]);
          await expectSettled(left, expected);
          expect(await left.store.list('lake/raw/items')).toHaveLength(1);
        },
      );
    },
  );
  return deaths;
}

/** The planned crashes of landing a batch and of compaction: nothing is lost or doubled, whatever comes after. */
export function describeLandBatchCrashes(plan: CrashPlan): void {
  const enough = (calls: number) => (calls * plan.moments.length) / plan.step;

  describe('a crash at any point of a batch loses and doubles nothing', () => {
    it.each([
      ['the same batch', [[0, 10]] as const],
      ['other batches of the same messages', other],
    ])('when then comes %s', async (_what, afterwards) => {
      expect(await landCrashing(plan, afterwards)).toBeGreaterThan(enough(10));
    });
  });

  describe('a crash at any point of compaction loses and doubles nothing', () => {
    it('of batches that share requests', async () => {
      const cuts: readonly Cut[] = [
        [0, 6],
        [4, 10],
        [0, 2],
      ];
      expect(await compactCrashing(plan, cuts)).toBeGreaterThan(enough(40));
    });

    it('of many batches', async () => {
      const cuts = Array.from({ length: 10 }, (_, n) => [n, n + 1] as const);
      const step = plan.step * 4;
      expect(await compactCrashing({ ...plan, step }, cuts)).toBeGreaterThan(
        (100 * plan.moments.length) / step,
      );
    });
  });
}
