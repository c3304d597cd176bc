// What functions share, from an environment, as a home has it from a folder. The collector loads this: no DuckDB here, and of the
// SDK's clients those of S3 and SQS only.
import type { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DividedObjectStore } from '../adapters/divided-object-store.ts';
import { openS3Client } from '../adapters/s3-client.ts';
import { S3ObjectStore } from '../adapters/s3-object-store.ts';
import { SecludedObjectStore } from '../adapters/secluded-object-store.ts';
import { SqsQueue } from '../adapters/sqs-queue.ts';
import { StoredWriteKeys } from '../adapters/stored-write-keys.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { lakeFolders } from '../core/lake-layout.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { CollectPorts } from '../use-cases/collect.ts';
import { QuotaMeter } from '../use-cases/quota-meter.ts';
import type { Environment } from './environment.ts';

/** Tries of a sender's request: all of them end before the collector's 10 seconds do, so that the sender has its answer. */
const prompt = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

/** How long a container uses a list of write keys: a revoked key ends no later. */
const KEYS_FRESH_MILLISECONDS = 10_000;

/** The lake's store; personal identifiers lie in one of their own where there is one. `as` is what is made of a place in S3. */
export function lakeStore(
  { lake, identities }: Environment<'lake'>,
  s3: S3Client,
  as: (place: S3ObjectStore) => ObjectStore = (place) => place,
): ObjectStore {
  const rest = as(new S3ObjectStore(s3, lake));
  return identities === undefined
    ? rest
    : new DividedObjectStore(lakeFolders.identities, as(new S3ObjectStore(s3, identities)), rest);
}

export const landingQueue = ({ queueUrl }: Environment<'queueUrl'>): SqsQueue =>
  new SqsQueue(new SQSClient({}), queueUrl);

export function collectPorts({ lake, queueUrl }: Environment<'lake' | 'queueUrl'>): CollectPorts {
  const store = new SecludedObjectStore(openS3Client(prompt), lake);
  return {
    queue: new SqsQueue(new SQSClient(prompt), queueUrl),
    writeKeys: new StoredWriteKeys(store, KEYS_FRESH_MILLISECONDS),
    clock: systemClock,
    quota: new QuotaMeter(),
  };
}
