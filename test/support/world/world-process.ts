import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../functions/ports/clock.ts';
import type { ObjectDigest, ObjectStore, TextVersion } from '../../../functions/ports/object-store.ts';
import type { Queue, QueuedMessage } from '../../../functions/ports/queue.ts';
import type { FaultPoints } from './fault-points.ts';
import { BucketFault, type PutCondition, type WorldBucket } from './world-bucket.ts';
import type { WorldQueue } from './world-queue.ts';

const CONFLICT_TRIES = 5;

const statusOf = (error: unknown): number | undefined =>
  error instanceof BucketFault ? error.$metadata.httpStatusCode : undefined;

/** The world's bucket as one process sees it: each call of the port is one fault point. */
export class WorldStore implements ObjectStore {
  readonly #bucket: WorldBucket;
  readonly #points: FaultPoints;

  constructor(bucket: WorldBucket, points: FaultPoints) {
    this.#bucket = bucket;
    this.#points = points;
  }

  putText(key: string, text: string, { ifAbsent = false } = {}): Promise<boolean> {
    return this.#points.call('putText', () => this.#put(key, text, ifAbsent ? { isAbsent: true } : {}));
  }

  replaceText(key: string, text: string, etag: string | undefined): Promise<boolean> {
    return this.#points.call('replaceText', () =>
      this.#put(key, text, etag === undefined ? { isAbsent: true } : { etag }),
    );
  }

  async #put(key: string, text: string, condition: PutCondition): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#bucket.put(key, Buffer.from(text), condition);
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412 || status === 404) {
          return false;
        }
        if (status !== 409 || tries === CONFLICT_TRIES) {
          throw error;
        }
        // the other write has had its effect a turn later
        await setImmediate();
      }
    }
  }

  putFile(key: string, localPath: string): Promise<void> {
    return this.#points.call('putFile', () => this.#bucket.putFile(key, localPath));
  }

  getText(key: string): Promise<string | undefined> {
    return this.#points.call('getText', async () => (await this.#bucket.get(key))?.bytes.toString('utf8'));
  }

  getVersion(key: string): Promise<TextVersion> {
    return this.#points.call('getVersion', async () => {
      const object = await this.#bucket.get(key);
      return { text: object?.bytes.toString('utf8'), etag: object?.etag };
    });
  }

  list(prefix: string): Promise<readonly string[]> {
    return this.#points.call('list', async () => this.#bucket.keys(`${prefix}/`));
  }

  digest(key: string): Promise<ObjectDigest | undefined> {
    return this.#points.call('digest', async () => {
      const object = await this.#bucket.get(key);
      return (
        object && {
          sha256: createHash('sha256').update(object.bytes).digest('hex'),
          bytes: object.bytes.length,
        }
      );
    });
  }

  delete(key: string): Promise<void> {
    return this.#points.call('delete', () => this.#bucket.delete(key));
  }

  address(key: string): string {
    return this.#bucket.path(key);
  }

  localPath(key: string): string {
    return this.#bucket.path(key);
  }
}

/** The world's queue as one process sees it. */
export class WorldQueuePort implements Queue {
  readonly #queue: WorldQueue;
  readonly #points: FaultPoints;

  constructor(queue: WorldQueue, points: FaultPoints) {
    this.#queue = queue;
    this.#points = points;
  }

  send(body: string): Promise<void> {
    return this.#points.call('send', () => this.#queue.send(body));
  }

  receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]> {
    return this.#points.call('receive', () => this.#queue.receive(max, visibleAfterSeconds));
  }

  delete(receipts: readonly string[]): Promise<void> {
    return this.#points.call('delete', () => this.#queue.delete(receipts));
  }
}

/** All that one process has of the world. */
export interface WorldProcess {
  readonly points: FaultPoints;
  readonly store: ObjectStore;
  readonly queue: Queue;
  readonly clock: Clock;
  /** A number from 0 to 31, of the seed. */
  readonly random: () => number;
}
