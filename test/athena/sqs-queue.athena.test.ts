import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SqsQueue } from '../../functions/adapters/sqs-queue.ts';
import { limits } from '../../functions/core/collect/limits.ts';
import { QueueError } from '../../functions/core/errors.ts';
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

  it('that is not there is an error, whoever asks', async () => {
    const queue = new SqsQueue(new SQSClient(), cloud.queue.url.replace('queue-', 'no-queue-'));

    await expect(queue.send('a')).rejects.toThrow();
    await expect(queue.receive(1, 1)).rejects.toThrow();
    await expect(queue.delete(['a'])).rejects.toThrow();
  });
});
