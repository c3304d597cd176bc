import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { vi } from 'vitest';
import { openS3Client } from '../../../functions/adapters/s3-client.ts';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import { SqsQueue } from '../../../functions/adapters/sqs-queue.ts';
import { bedEnvironment } from '../athena/athena-lake.ts';
import type { BedAddress } from '../bed/bed.ts';

export interface CloudQueue {
  readonly queue: SqsQueue;
  readonly url: string;
  readonly deadLetters: SqsQueue;
  readonly countDeadLetters: () => Promise<number>;
}

/** Buckets, queues and a secret as the stacks make them, in the emulator; a function's environment names them. */
export interface Cloud {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
  readonly bucket: string;
  readonly lake: S3ObjectStore;
  readonly identities: S3ObjectStore;
  readonly queue: CloudQueue;
  readonly secretId: string;
  /** On this machine. */
  readonly folder: string;
  remove(): Promise<void>;
}

const RECEIVES = 5;

/** A queue and its dead letters: after five receives, as the stack has it. */
export async function openQueue(sqs: SQSClient, name: string): Promise<CloudQueue> {
  const made = async (QueueName: string, Attributes: Record<string, string>): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const deadUrl = await made(`${name}-dead`, {});
  const attributesOf = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes;
  const deadLetterTargetArn = (await attributesOf(deadUrl))?.QueueArn;
  const policy = { deadLetterTargetArn, maxReceiveCount: RECEIVES };
  const url = await made(name, { RedrivePolicy: JSON.stringify(policy) });
  return {
    queue: new SqsQueue(sqs, url),
    url,
    deadLetters: new SqsQueue(sqs, deadUrl),
    countDeadLetters: async () => Number((await attributesOf(deadUrl))?.ApproximateNumberOfMessages),
  };
}

export async function openCloud(bed: BedAddress, name: string): Promise<Cloud> {
  for (const [variable, value] of Object.entries(bedEnvironment(bed))) {
    vi.stubEnv(variable, value);
  }
  const bucket = `${name}-${randomUUID().slice(0, 8)}`;
  const [s3, sqs, secrets] = [openS3Client({}), new SQSClient(), new SecretsManagerClient()];
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: `${bucket}-identities` }));
  const queue = await openQueue(sqs, bucket);
  await secrets.send(new CreateSecretCommand({ Name: bucket }));
  const folder = await mkdtemp(join(tmpdir(), 'dongu-test-'));
  const [lake, identities] = [`s3://${bucket}/warehouse`, `s3://${bucket}-identities`];
  const variables = {
    DONGU_LAKE: lake,
    DONGU_IDENTITIES: identities,
    DONGU_QUEUE_URL: queue.url,
    DONGU_IDENTITY_KEY: bucket,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  };
  for (const [variable, value] of Object.entries(variables)) {
    vi.stubEnv(variable, value);
  }
  return {
    s3,
    sqs,
    secrets,
    bucket,
    lake: new S3ObjectStore(s3, lake),
    identities: new S3ObjectStore(s3, identities),
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
