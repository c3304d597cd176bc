import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { HttpAnswer, HttpEvent } from '../../functions/handlers/http-event.ts';
import type { PartialFailure } from '../../functions/handlers/land-messages.ts';
import type { Handler } from '../../functions/handlers/middleware.ts';
import { captureOutput } from '../support/captured-output.ts';
import { type Cloud, openCloud, type QueueRecords, receiveEvent } from '../support/cloud/cloud.ts';
import { cloudLedger } from '../support/cloud/cloud-lake.ts';
import { messageOf, request, track } from '../support/collected-messages.ts';
import { asBasic, lambdaContext, SERVER_KEY, serverKey } from '../support/collector.ts';

interface Entries {
  readonly collect: Handler<HttpEvent, HttpAnswer>;
  readonly land: Handler<QueueRecords, PartialFailure>;
}

/** A landing begins nothing in its last minute. */
const landContext = { ...lambdaContext, functionName: 'land', getRemainingTimeInMillis: () => 300_000 };

let cloud: Cloud;
let entries: Entries;
let written: string[];

/** As a container begins: nothing of an earlier one is known. */
async function coldEntries(): Promise<Entries> {
  vi.resetModules();
  const [collect, land] = await Promise.all([
    import('../../functions/handlers/entries/collect.ts'),
    import('../../functions/handlers/entries/land.ts'),
  ]);
  return { collect: collect.handler, land: land.handler };
}

const batchEvent = (items: readonly string[]): HttpEvent => ({
  version: '2.0',
  rawPath: '/v1/batch',
  rawQueryString: 'answers=items',
  headers: { authorization: asBasic(SERVER_KEY), 'content-type': 'application/json' },
  requestContext: { http: { method: 'POST', path: '/v1/batch' } },
  body: Buffer.from(`{"batch":[${items.join(',')}]}`).toString('base64'),
  isBase64Encoded: true,
});

/** Answers with the event's failures, and deletes all others, as Lambda's event source does. */
async function landOnce(visibleAfterSeconds = 60): Promise<PartialFailure & { readonly received: number }> {
  const event = await receiveEvent(cloud, visibleAfterSeconds);
  const answer = await entries.land(event, landContext);
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = event.Records.filter(({ messageId }) => !failed.has(messageId));
  await cloud.queue.queue.delete(done.map(({ receiptHandle }) => receiptHandle));
  return { ...answer, received: event.Records.length };
}

beforeEach(async () => {
  written = captureOutput();
  cloud = await openCloud(inject('bed'), 'deployed');
  await cloud.lake.putText('keys/write-keys.yml', JSON.stringify({ keys: [serverKey()] }));
  entries = await coldEntries();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await cloud.remove();
});

describe('the deployed collector and landing', () => {
  it('bring what was acknowledged to the lake once, and the ledger balances', async () => {
    const canary = 'canary.ayse@example.com';
    const good = Array.from({ length: 20 }, (_, n) =>
      track(`m-${n}`, { userId: `u-${n}`, context: { traits: { email: canary } } }),
    );
    const answers = [
      await entries.collect(batchEvent([...good.slice(0, 10), '{}', '[]']), lambdaContext),
      // a second container, and a sender that sends again
      await (await coldEntries()).collect(batchEvent(good), lambdaContext),
    ];
    const landed = await landOnce();
    entries = await coldEntries();

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(answers.map(({ body }) => JSON.parse(body))).toMatchObject([
      { accepted: 11, refused: 1 },
      { accepted: 20, refused: 0 },
    ]);
    expect(landed).toEqual({ batchItemFailures: [], received: 2 });
    expect(await landOnce()).toMatchObject({ received: 0 });
    expect(await cloudLedger(cloud)).toMatchObject([
      { source: 'segment', accepted: 31, loaded: 20, duplicate: 10, unaccounted: 0 },
    ]);
    // in a bucket of their own, and nowhere else
    expect(await cloud.identities.list('lake/identities')).toHaveLength(1);
    expect(await cloud.lake.list('lake/identities')).toEqual([]);
    expect(written.join('\n')).not.toContain('canary');
    expect(written.join('\n')).toMatch(/"MessagesLanded":2|"MessagesLanded":\[2\]/);
  });

  it('give back only what cannot be landed, until it is a dead letter', async () => {
    const { queue } = cloud.queue;
    await queue.send(messageOf(request(1, [track('a'), track('b')])).body);
    await queue.send(messageOf(request(2, [track('c')], { source: 'nowhere' })).body);
    await queue.send('of somebody else');

    const failures: number[] = [];
    for (let receive = 1; receive <= 6; receive += 1) {
      failures.push((await landOnce(1)).batchItemFailures.length);
      await sleep(1100);
    }

    expect(failures).toEqual([2, 2, 2, 2, 2, 0]);
    expect(await cloud.queue.countDeadLetters()).toBe(2);
    expect(await cloudLedger(cloud)).toMatchObject([{ accepted: 2, loaded: 2, unaccounted: 0 }]);
    expect(written.join('\n')).toContain('damaged_header');
    expect(written.join('\n')).not.toContain('somebody else');
  });
});

describe('the deployed landing in trouble', () => {
  it('lands the same messages to no effect when the answer of a container was lost', async () => {
    await entries.collect(batchEvent([track('a'), track('b')]), lambdaContext);
    const event = await receiveEvent(cloud, 1);
    await entries.land(event, landContext);
    entries = await coldEntries();
    await sleep(1100);

    expect(await landOnce()).toEqual({ batchItemFailures: [], received: 1 });
    expect(await cloudLedger(cloud)).toMatchObject([{ accepted: 2, loaded: 2, unaccounted: 0 }]);
  });

  it('deletes what was landed before a message that came often', async () => {
    await entries.collect(batchEvent([track('a')]), lambdaContext);
    await entries.collect(batchEvent([track('b')]), lambdaContext);
    const [usual, often] = (await receiveEvent(cloud, 1)).Records;
    if (!usual || !often) throw new Error('two messages were sent');
    const attributes = { ApproximateReceiveCount: '4' };

    await entries.land({ Records: [{ ...often, attributes }, usual] }, landContext);
    await sleep(1100);

    // Lambda would delete the last one after the answer
    expect((await receiveEvent(cloud, 60)).Records).toMatchObject([{ messageId: often.messageId }]);
  });

  it('lands later what came while the lake was away; nothing comes while the queue is', async () => {
    vi.stubEnv('DONGU_QUEUE_URL', `${cloud.queue.url}-away`);
    const refused = await (await coldEntries()).collect(batchEvent([track('a')]), lambdaContext);
    vi.stubEnv('DONGU_QUEUE_URL', cloud.queue.url);
    await entries.collect(batchEvent([track('a')]), lambdaContext);
    vi.stubEnv('DONGU_LAKE', 's3://no-such-bucket-of-anybody');
    entries = await coldEntries();
    const failed = await landOnce(1).catch((error: unknown) => error);
    vi.stubEnv('DONGU_LAKE', cloud.lake.address('').replace(/\/$/, ''));
    entries = await coldEntries();
    await sleep(1100);

    expect(refused.statusCode).toBe(503);
    expect(failed).toMatchObject({ batchItemFailures: [{}] });
    expect(await landOnce()).toEqual({ batchItemFailures: [], received: 1 });
    expect(await cloudLedger(cloud)).toMatchObject([{ accepted: 1, loaded: 1, unaccounted: 0 }]);
  });

  it('leaves nothing that was received on the disk of a container', async () => {
    const before = await leftovers();
    for (let batch = 0; batch < 3; batch += 1) {
      await entries.collect(batchEvent([track(`${batch}`)]), lambdaContext);
      await landOnce();
    }

    expect((await leftovers()).filter((name) => !before.includes(name))).toEqual([]);
  });
});

/** Landed files of this process that nobody took. */
async function leftovers(): Promise<readonly string[]> {
  const own = (await readdir(tmpdir())).filter((name) => name.startsWith(`dongu-${process.pid}-`));
  const names = await Promise.all(own.map((name) => readdir(`${tmpdir()}/${name}`)));
  return names.flat().filter((name) => name.startsWith('landed-'));
}
