import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { SqsQueue } from '../../../functions/adapters/sqs-queue.ts';

export interface CloudQueue {
  readonly queue: SqsQueue;
  readonly url: string;
  readonly deadLetters: SqsQueue;
  readonly deadUrl: string;
  readonly countDeadLetters: () => Promise<number>;
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
    deadUrl,
    countDeadLetters: async () => Number((await attributesOf(deadUrl))?.ApproximateNumberOfMessages),
  };
}

export interface CloudClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
}

/** What the stacks make, and the variables that name it to a function. */
export async function makeResources({ s3, sqs, secrets }: CloudClients, bucket: string) {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: `${bucket}-identities` }));
  const queue = await openQueue(sqs, bucket);
  await secrets.send(new CreateSecretCommand({ Name: bucket }));
  const variables = {
    DONGU_LAKE: `s3://${bucket}/warehouse`,
    DONGU_IDENTITIES: `s3://${bucket}-identities`,
    DONGU_QUEUE_URL: queue.url,
    DONGU_IDENTITY_KEY: bucket,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  };
  return { queue, variables };
}
