import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { loadFacts, loadSource } from '../../../functions/adapters/project-files.ts';
import { readWriteKeys } from '../../../functions/core/collect/write-keys.ts';
import { ulid } from '../../../functions/core/identifiers.ts';
import { requestItemId } from '../../../functions/core/ingest-id.ts';
import type { Source } from '../../../functions/core/source-definition.ts';
import { runLandingLoop } from '../../../functions/local/landing-loop.ts';
import type { Landing } from '../../../functions/ports/landing.ts';
import { type CollectPorts, collect } from '../../../functions/use-cases/collect.ts';
import { compactLake, removeLeftovers } from '../../../functions/use-cases/compact-lake.ts';
import type { LandBatchPorts } from '../../../functions/use-cases/land-batch.ts';
import { QuotaMeter } from '../../../functions/use-cases/quota-meter.ts';
import type { Finding, Scenario, Turn } from './fault-loop.ts';
import type { LakeJudge } from './lake-judge.ts';
import { World } from './world.ts';
import type { WorldProcess } from './world-process.ts';

const KEY = 'the-key-of-the-world';
const TRIES_OF_A_SENDER = 3;

const track = (id: string, more: object = {}): object => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: id,
  anonymousId: `anon-${id.length}`,
  timestamp: '2026-03-09T11:00:00.000Z',
  ...more,
});

/** Batches of the senders: touchpoints, some sent twice by them, an item for quarantine, and one with a personal value. */
const waves: readonly (readonly (readonly object[])[])[] = [
  [
    [track('m-1'), track('m-2')],
    [track('m-3'), { ...track('m-4'), timestamp: '2024-02-30' }],
    [track('m-5', { type: 'identify', traits: { email: 'KİŞİ@ornek.example' } })],
  ],
  [[track('m-6'), track('m-1')], [track('m-7')]],
  [[track('m-8')], [track('m-9'), track('m-10')]],
];

export interface CollectScenarioPorts {
  readonly landing: Landing;
  readonly judge: LakeJudge;
  /** A folder of this turn's own. */
  readonly folder: (turn: number) => string;
  readonly name?: string;
}

interface Sender {
  /** Of requests that were taken, in the order of the items. */
  readonly acknowledged: Map<string, readonly string[]>;
  readonly taken: Set<object>;
  readonly redelivered: Set<object>;
  readonly tries: Map<object, number>;
  readonly late: LateLanding;
}

/** What landings have written, and whether one of them has written it once more when nobody waited for it any longer. */
interface LateLanding {
  readonly written: Map<string, Buffer>;
  hasWoken: boolean;
}

/** Requests to the collector, its queue, landing batch by batch, and compaction: what `dongu collect` does, in one process. */
export function collectScenario({
  landing,
  judge,
  folder,
  name = 'collect',
}: CollectScenarioPorts): Scenario {
  let turns = 0;
  const source = loadSource('segment', '/');
  return {
    name,
    open: async (seed) => {
      turns += 1;
      const world = World.empty(folder(turns), { seed });
      const sender: Sender = {
        tries: new Map(),
        acknowledged: new Map(),
        taken: new Set(),
        redelivered: new Set(),
        late: { written: new Map(), hasWoken: false },
      };
      const facts = await loadFacts();
      return turnOf(world, sender, { landing, judge, facts, source: await source });
    },
  };
}

type Given = Pick<CollectScenarioPorts, 'landing' | 'judge'> &
  Pick<LandBatchPorts, 'facts'> & { readonly source: Source };

function turnOf(world: World, sender: Sender, { landing, judge, facts, source }: Given): Turn {
  const relations = ['touchpoints', ...Object.keys(facts)];
  const read = world.start();
  return {
    world,
    isQuiet: () => world.queue.waiting === 0,
    close: async () => {},
    judgeAlways: () => judge.judgeAlways(read.store),
    judgeAwake: () => judge.judgeAlways(read.store),
    judgeQuiet: async () => [
      ...deadLetters(world),
      ...altered(world),
      ...(await judge.judgeQuiet(read.store, {
        importIds: [],
        ingestIds: [...sender.acknowledged].flatMap(([id, items]) =>
          items.map((_, n) => requestItemId(id, n)),
        ),
        touchpointIds: [...sender.acknowledged.values()].flat().filter((id) => id !== ''),
      })),
    ],
    work: async (process) => {
      const { store, queue } = process;
      const newAttempt = () => ulid(process.clock.now(), process.random);
      const compactPorts = { store, landing, telemetry: silentTelemetry, relations, newAttempt };
      await removeLeftovers(compactPorts);
      for (const wave of waves) {
        for (const batch of wave) {
          await sendBatch(batch, sender, process);
        }
        await runLandingLoop({
          queue,
          ports: {
            landing,
            store,
            telemetry: silentTelemetry,
            loadSource: async () => source,
            facts,
          },
          telemetry: silentTelemetry,
          tidy: async () => {},
          signal: new AbortController().signal,
          isOnce: true,
        });
        // SQS gives a message again now and then, even one that was deleted: here once after each wave but the last
        if (!sender.redelivered.has(wave) && wave !== waves.at(-1)) {
          sender.redelivered.add(wave);
          world.queue.redeliver();
        }
      }
      await rememberWritten(world, sender.late);
      await compactLake(compactPorts);
      await wakeLate(world, sender.late);
      await compactLake(compactPorts);
    },
  };
}

const isWritten = (key: string): boolean => key.endsWith('.parquet') || key.startsWith('lake/landed/');

async function rememberWritten({ bucket }: World, { written }: LateLanding): Promise<void> {
  for (const key of bucket.keys('lake/').filter(isWritten)) {
    const object = await bucket.get(key);
    if (object) written.set(key, object.bytes);
  }
}

/**
 * A landing that was taken for dead wakes once in each world, after others have merged its batch: it writes its objects and its
 * marker, and dies before its receipt. Two processes at a time would come there too, by faults that few mixes have.
 */
async function wakeLate({ bucket }: World, late: LateLanding): Promise<void> {
  if (late.hasWoken) {
    return;
  }
  late.hasWoken = true;
  for (const [key, bytes] of late.written) {
    if (await bucket.get(key)) continue;
    if (!key.endsWith('.parquet')) {
      await bucket.put(key, bytes);
      continue;
    }
    // what engines read lies in a file
    const path = bucket.path('late-landing');
    await writeFile(path, bytes);
    await bucket.putFile(key, path);
  }
}

/** Items arrive in the words in which they were sent. */
function altered({ queue }: World): readonly Finding[] {
  const sent = new Set(waves.flat(2).map((item) => JSON.stringify(item)));
  const strange = queue.sent.flatMap((body) => body.split('\n').slice(1)).filter((item) => !sent.has(item));
  return strange.slice(0, 1).map((item) => ({ check: 'altered', text: item }) as const);
}

const deadLetters = (world: World): readonly Finding[] =>
  world.queue.deadLetters.length === 0
    ? []
    : [{ check: 'stuck', text: `${world.queue.deadLetters.length} good messages among the dead letters` }];

const writeKeys = {
  list: async () =>
    readWriteKeys(
      JSON.stringify({
        keys: [
          {
            id: 'world',
            source: 'segment',
            kind: 'server',
            key_sha256: createHash('sha256').update(KEY).digest('hex'),
          },
        ],
      }),
      'the keys of the world',
    ),
};

/** As an SDK does: a batch that was not acknowledged is sent again, as a new request with the same message ids. */
async function sendBatch(batch: readonly object[], sender: Sender, process: WorldProcess): Promise<void> {
  if (sender.taken.has(batch)) {
    return;
  }
  const ports: CollectPorts = { ...process, writeKeys, quota: new QuotaMeter() };
  for (let tries = 1; ; tries += 1) {
    const earlier = sender.tries.get(batch) ?? 0;
    sender.tries.set(batch, earlier + 1);
    // the id tells what is in it, in every world: by it a batch that was landed before is remembered
    const number = waves.flat().indexOf(batch) * 100 + earlier;
    const receivedAt = startOfDay(process.clock.now(), number);
    const id = ulid(receivedAt, digitsOf(number));
    try {
      const result = await collect(
        {
          id,
          receivedAt,
          method: 'POST',
          path: '/v1/batch',
          headers: {
            authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`,
            'content-type': 'application/json',
          },
          body: Buffer.from(JSON.stringify({ batch })),
        },
        ports,
      );
      if (result.kind !== 'taken') throw new Error(`a good batch was refused: ${JSON.stringify(result)}`);
      sender.taken.add(batch);
      sender.acknowledged.set(id, batch.map(touchpointOf));
      return;
    } catch (error) {
      if (process.points.isDead || tries === TRIES_OF_A_SENDER) throw error;
    }
  }
}

/** The id of the touchpoint that an item makes; nothing for one that goes to quarantine. */
function touchpointOf(item: object): string {
  const { messageId, timestamp } = item as { messageId: string; timestamp: string };
  return timestamp === '2024-02-30' ? '' : messageId;
}

/** The same instants in every run, so that equal batches are landed once and remembered. */
const startOfDay = (now: Date, seconds: number): Date =>
  new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000 + seconds * 1000);

function digitsOf(number: number): () => number {
  const digits = String(number).padStart(16, '0');
  let place = 0;
  return () => {
    place += 1;
    return Number(digits[place - 1]);
  };
}
