import { describe, expect, it } from 'vitest';
import {
  asBasic,
  Collector,
  type GivenAnswer,
  keyHash,
  serverKey,
  writeKeys,
} from '../../support/collector.ts';

const ITEMS = 50;
const QUOTA = 1_000;
const FLOOD = 20;
const QUIET_KEY = 'the-key-of-a-quiet-sender';

const batchOf = (key: string, sender: string, request: number) => ({
  path: '/v1/batch',
  headers: { authorization: asBasic(key), 'content-type': 'application/json' },
  body: {
    batch: Array.from({ length: ITEMS }, (_, item) => ({
      type: 'track',
      event: 'Product Added',
      userId: 'C-1',
      messageId: `${sender}-${request}-${item}`,
    })),
  },
});

/** A key at twenty times its quota of a minute, and between its requests those of another one, all under way at a time. */
async function flooded() {
  const collector = new Collector(
    writeKeys(
      serverKey({ id: 'loud', key_sha256: keyHash('loud-key-of-the-tests'), quota_per_minute: QUOTA }),
      serverKey({ id: 'quiet', key_sha256: keyHash(QUIET_KEY), quota_per_minute: QUOTA }),
    ),
  );
  const loud: Promise<GivenAnswer>[] = [];
  const quiet: Promise<GivenAnswer>[] = [];
  for (let request = 0; request < (FLOOD * QUOTA) / ITEMS; request += 1) {
    loud.push(collector.send(batchOf('loud-key-of-the-tests', 'loud', request)));
    if (request % FLOOD === FLOOD - 1) {
      quiet.push(collector.send(batchOf(QUIET_KEY, 'quiet', request)));
    }
  }
  return { collector, loud: await Promise.all(loud), quiet: await Promise.all(quiet) };
}

const idsOf = (collector: Collector, sender: string): readonly string[] =>
  collector
    .items()
    .map((item) => (JSON.parse(item) as { messageId: string }).messageId)
    .filter((id) => id.startsWith(`${sender}-`));

describe('a key at twenty times its quota', () => {
  it('costs other keys nothing: all of theirs is taken, up to their own quota, and lies in the queue once', async () => {
    const { collector, quiet } = await flooded();

    expect(quiet).toHaveLength(QUOTA / ITEMS);
    expect(quiet.map(({ status }) => status)).toEqual(quiet.map(() => 200));
    const ids = idsOf(collector, 'quiet');
    expect([ids.length, new Set(ids).size]).toEqual([QUOTA, QUOTA]);
  });

  it('is taken up to its quota and refused from there on, before anything of it reaches the queue', async () => {
    const { collector, loud } = await flooded();

    const taken = loud.filter(({ status }) => status === 200);
    const refused = loud.filter(({ status }) => status === 429);
    expect(taken.length + refused.length).toBe((FLOOD * QUOTA) / ITEMS);
    expect(idsOf(collector, 'loud')).toHaveLength(taken.length * ITEMS);
    expect(taken).toHaveLength(QUOTA / ITEMS);
    for (const { json, headers } of refused) {
      expect(json.reason).toBe('over_quota');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
  });

  it('may send again when it was told to, and no sooner', async () => {
    const { collector, loud } = await flooded();
    const wait = Number(loud.find(({ status }) => status === 429)?.headers['retry-after']);
    const again = async (milliseconds: number) => {
      collector.now = new Date(collector.now.getTime() + milliseconds);
      return (await collector.send(batchOf('loud-key-of-the-tests', 'loud', -1))).status;
    };

    expect(await again((wait - 1) * 1000)).toBe(429);
    expect(await again(1000)).toBe(200);
  });
});
