import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { QueueError } from '../core/errors.ts';
import type { Queue, QueuedMessage } from '../ports/queue.ts';

/** Of a message, in UTF-8. */
const MESSAGE_BYTES = 1024 * 1024;

/** Messages that one request may receive or delete. */
const AT_ONCE = 10;

/** With any wait at all, SQS asks all its servers: without, messages can be passed over that are there. */
const WAIT_SECONDS = 1;

/** A queue of SQS. Its redrive policy makes the dead letters: five receives, as every queue here. */
export class SqsQueue implements Queue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async send(body: string): Promise<void> {
    const bytes = Buffer.byteLength(body);
    if (bytes > MESSAGE_BYTES) {
      throw new QueueError(
        `a message of ${bytes} bytes is more than the ${MESSAGE_BYTES} that SQS takes`,
        'This is a fault of the program, which bounds requests: please report it.',
      );
    }
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody: body }));
  }

  /** Times are whole seconds here, and ten messages are the most. */
  async receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: Math.min(max, AT_ONCE),
        VisibilityTimeout: Math.ceil(visibleAfterSeconds),
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Messages.map(({ MessageId = '', Body = '', ReceiptHandle = '', Attributes }) => ({
      id: MessageId,
      body: Body,
      receipt: ReceiptHandle,
      receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
    }));
  }

  async delete(receipts: readonly string[]): Promise<void> {
    for (let from = 0; from < receipts.length; from += AT_ONCE) {
      await this.#deleteSome(receipts.slice(from, from + AT_ONCE));
    }
  }

  async #deleteSome(receipts: readonly string[]): Promise<void> {
    const { Failed = [] } = await this.#client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: this.#url,
        Entries: receipts.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    const failed = Failed.filter(({ Code }) => Code !== 'ReceiptHandleIsInvalid');
    if (failed.length > 0) {
      throw new QueueError(
        `${failed.length} messages could not be deleted from the queue (${failed[0]?.Code ?? 'unknown'})`,
        'They come again, and landing knows them.',
      );
    }
  }
}
