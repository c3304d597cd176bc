import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SqsDeadLetters } from '../../functions/adapters/sqs-dead-letters.ts';
import { SqsQueue } from '../../functions/adapters/sqs-queue.ts';
import { limits } from '../../functions/core/collect/limits.ts';
import { QueueError } from '../../functions/core/errors.ts';
import {
  listDeadLetters,
  redriveDeadLetters,
  takeDeadLetter,
} from '../../functions/use-cases/dead-letters.ts';
import { type Cloud, openCloud } from '../support/cloud/cloud.ts';
import { openQueue } from '../support/cloud/cloud-resources.ts';
import { describeQueue } from '../support/contracts/queue-contract.ts';

let cloud: Cloud;
let queues = 0;

beforeAll(async () => {
  cloud = await openCloud(inject('bed'), 'queue');
});

afterAll(() => cloud.remove());

/** SQS counts in whole seconds, and a receive waits one: shorter times of the contract are so much longer here. */
const MORE_SECONDS = 3;

async function withQueue(work: Parameters<Parameters<typeof describeQueue>[0]>[0]): Promise<void> {
  queues += 1;
  const { queue, deadLetters, countDeadLetters } = await openQueue(cloud.sqs, `${cloud.bucket}-${queues}`);
  await work({
    queue: {
      send: (body) => queue.send(body),
      receive: (max, seconds) => queue.receive(max, seconds + (seconds < 1 ? MORE_SECONDS - 1 : 0)),
      delete: (receipts) => queue.delete(receipts),
    },
    pass: (milliseconds) => sleep(MORE_SECONDS * 1000 + milliseconds).then(() => undefined),
    deadLetters: countDeadLetters,
    redrive: async () => {
      const dead = await deadLetters.receive(10, 60);
      for (const { body, receipt } of dead) {
        await queue.send(body);
        await deadLetters.delete([receipt]);
      }
      return dead.length;
    },
  });
}

describe('SQS', () => {
  describeQueue(withQueue);

  it('takes the largest message that the collector makes, and refuses a larger one before it is sent', () =>
    withQueue(async ({ queue }) => {
      const header = 'h'.repeat(1000);
      const largest = `${header}\n${'ğ'.repeat(limits.messageBytes / 2)}`;
      await queue.send(largest);

      expect((await queue.receive(1, 60))[0]?.body).toBe(largest);
      await expect(queue.send('ğ'.repeat(1024 * 512 + 1))).rejects.toThrow(QueueError);
    }));

  it('deletes more than ten at a time, and passes over receipts of none', () =>
    withQueue(async ({ queue, pass }) => {
      await Promise.all(Array.from({ length: 23 }, (_, n) => queue.send(`${n}`)));
      const receipts: string[] = [];
      while (receipts.length < 23) {
        receipts.push(...(await queue.receive(10, 5)).map(({ receipt }) => receipt));
      }

      await queue.delete([...receipts, 'of nothing']);

      await pass(5000);
      expect(await queue.receive(10, 5)).toEqual([]);
    }));

  it('shows its dead letters, more than ten of them, and sends them again or gives them up', async () => {
    const { queue, url, deadLetters } = await openQueue(cloud.sqs, `${cloud.bucket}-looked-at`);
    const bodies = Array.from({ length: 13 }, (_, n) => `${n}`);
    await Promise.all(bodies.map((body) => deadLetters.send(body)));
    const letters = await SqsDeadLetters.open(new SQSClient(), url);

    const listed = await listDeadLetters(letters);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(13);
    expect(await letters.state()).toEqual({ waiting: 0, inFlight: 0, dead: 13 });

    // nothing is hidden by having been looked at
    const kept: string[] = [];
    await takeDeadLetter(letters, listed[0]?.id ?? '', async (body) => void kept.push(body));
    expect(await redriveDeadLetters(letters)).toBe(12);
    expect(await redriveDeadLetters(letters)).toBe(0);
    expect(await letters.state()).toEqual({ waiting: 12, inFlight: 0, dead: 0 });
    const again = [...(await queue.receive(10, 60)), ...(await queue.receive(10, 60))];
    expect([...again.map(({ body }) => body), ...kept].sort()).toEqual([...bodies].sort());
  });

  it('without dead letters of its own is told apart', async () => {
    const { deadUrl } = await openQueue(cloud.sqs, `${cloud.bucket}-no-dead`);

    await expect(SqsDeadLetters.open(new SQSClient(), deadUrl)).rejects.toThrow(QueueError);
  });

  it('that is not there is an error, whoever asks', async () => {
    const queue = new SqsQueue(new SQSClient(), cloud.queue.url.replace('queue-', 'no-queue-'));

    await expect(queue.send('a')).rejects.toThrow();
    await expect(queue.receive(1, 1)).rejects.toThrow();
    await expect(queue.delete(['a'])).rejects.toThrow();
  });
});
