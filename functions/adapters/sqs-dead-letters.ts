import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { QueueError } from '../core/errors.ts';
import type { DeadLetter, DeadLetters, QueueState } from '../ports/dead-letters.ts';
import type { QueuedMessage } from '../ports/queue.ts';
import { SqsQueue } from './sqs-queue.ts';

const AT_ONCE = 10;

/** Nobody else receives dead letters but another command like this one. */
const HIDDEN_SECONDS = 300;

/** The dead letters of a queue of SQS, which its redrive policy names. */
export class SqsDeadLetters implements DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #deadUrl: string;
  readonly #queue: SqsQueue;
  readonly #dead: SqsQueue;

  private constructor(client: SQSClient, queueUrl: string, deadUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#deadUrl = deadUrl;
    this.#queue = new SqsQueue(client, queueUrl);
    this.#dead = new SqsQueue(client, deadUrl);
  }

  static async open(client: SQSClient, queueUrl: string): Promise<SqsDeadLetters> {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
    );
    const arn = /"deadLetterTargetArn":\s*"([^"]+)"/.exec(Attributes?.RedrivePolicy ?? '')?.[1];
    if (arn === undefined) {
      throw new QueueError(
        'the queue has no dead letters of its own',
        'Give the address of the queue between collector and landing: QueueAddress, as the deployment prints it.',
      );
    }
    const [account, name] = arn.split(':').slice(-2);
    const { QueueUrl = '' } = await client.send(
      new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
    );
    return new SqsDeadLetters(client, queueUrl, QueueUrl);
  }

  async state(): Promise<QueueState> {
    const [queue, dead] = await Promise.all([this.#counts(this.#queueUrl), this.#counts(this.#deadUrl)]);
    return { ...queue, dead: dead.waiting + dead.inFlight };
  }

  /** Hidden for some minutes where the process dies in between. */
  async each(work: (letter: DeadLetter) => Promise<void>): Promise<void> {
    const seen = new Set<string>();
    const kept = new Map<string, string>();
    try {
      for (;;) {
        const received = await this.#dead.receive(AT_ONCE, HIDDEN_SECONDS);
        const fresh = received.filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) {
          return;
        }
        for (const { id, receipt } of fresh) {
          seen.add(id);
          kept.set(id, receipt);
        }
        for (const message of fresh) {
          await work(this.#letter(message, kept));
        }
      }
    } finally {
      await this.#show([...kept.values()]);
    }
  }

  send(body: string): Promise<void> {
    return this.#queue.send(body);
  }

  async close(): Promise<void> {}

  #letter({ id, body, receipt }: QueuedMessage, kept: Map<string, string>): DeadLetter {
    const remove = async (): Promise<void> => {
      await this.#dead.delete([receipt]);
      kept.delete(id);
    };
    const sendAgain = async (): Promise<void> => {
      await this.#queue.send(body);
      await remove();
    };
    return { id, body, sendAgain, remove };
  }

  /** Whoever looks next sees them at once. */
  async #show(receipts: readonly string[]): Promise<void> {
    for (const ReceiptHandle of receipts) {
      await this.#client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: this.#deadUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
  }

  async #counts(QueueUrl: string): Promise<Omit<QueueState, 'dead'>> {
    const { Attributes } = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
    };
  }
}
