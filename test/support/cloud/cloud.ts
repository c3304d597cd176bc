import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { vi } from 'vitest';
import { openS3Client } from '../../../functions/adapters/s3-client.ts';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import { bedEnvironment } from '../athena/athena-lake.ts';
import type { BedAddress } from '../bed/bed.ts';
import { type CloudClients, type CloudQueue, makeResources } from './cloud-resources.ts';

/** Buckets, queues and a secret as the stacks make them, in the emulator; a function's environment names them. */
export interface Cloud extends CloudClients {
  readonly bucket: string;
  readonly lake: S3ObjectStore;
  readonly identities: S3ObjectStore;
  readonly queue: CloudQueue;
  readonly secretId: string;
  /** On this machine. */
  readonly folder: string;
  remove(): Promise<void>;
}

export async function openCloud(bed: BedAddress, name: string): Promise<Cloud> {
  for (const [variable, value] of Object.entries(bedEnvironment(bed))) {
    vi.stubEnv(variable, value);
  }
  const bucket = `${name}-${randomUUID().slice(0, 8)}`;
  const clients = { s3: openS3Client({}), sqs: new SQSClient(), secrets: new SecretsManagerClient() };
  const { queue, variables } = await makeResources(clients, bucket);
  const folder = await mkdtemp(join(tmpdir(), 'dongu-test-'));
  for (const [variable, value] of Object.entries(variables)) {
    vi.stubEnv(variable, value);
  }
  return {
    ...clients,
    bucket,
    lake: new S3ObjectStore(clients.s3, variables.DONGU_LAKE),
    identities: new S3ObjectStore(clients.s3, variables.DONGU_IDENTITIES),
    queue,
    secretId: bucket,
    folder,
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      vi.unstubAllEnvs();
    },
  };
}

/** What Lambda gives to the function of a queue. */
export interface QueueRecords {
  readonly Records: {
    readonly messageId: string;
    readonly receiptHandle: string;
    readonly body: string;
    readonly attributes: { readonly ApproximateReceiveCount: string };
  }[];
}

/** Receives what is there, as Lambda's event source does, and hides it for so long. */
export async function receiveEvent(
  { sqs, queue }: Cloud,
  visibleAfterSeconds: number,
): Promise<QueueRecords> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: visibleAfterSeconds,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return {
    Records: Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: { ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? '' },
    })),
  };
}
