import { errorText } from '../core/errors.ts';
import type { Queue } from '../ports/queue.ts';
import { type FailedMessage, type LandBatchPorts, landBatch } from '../use-cases/land-batch.ts';
import { partsOf } from '../use-cases/landing-parts.ts';

/** What of an SQS event landing needs. */
export interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly receiptHandle: string;
    readonly body: string;
    readonly attributes: { readonly ApproximateReceiveCount: string };
  }[];
}

/** The messages that SQS gives again; it deletes all others. Needs `ReportBatchItemFailures`. */
export interface PartialFailure {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface LandMessagesPorts extends LandBatchPorts {
  readonly queue: Pick<Queue, 'delete'>;
}

/**
 * Lands the messages of an event. Those that have come often are landed one by one, and what is landed before them is deleted
 * at once: one that takes the process down takes no other one with it.
 */
export async function landMessages(event: QueueEvent, ports: LandMessagesPorts): Promise<PartialFailure> {
  const messages = event.Records.map(({ messageId, receiptHandle, body, attributes }) => ({
    id: messageId,
    receipt: receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
  }));
  const failed: FailedMessage[] = [];
  const parts = partsOf(messages);
  for (const [index, part] of parts.entries()) {
    const landed = await landBatch(part, ports);
    failed.push(...landed.failed);
    if (index < parts.length - 1) {
      await deleteNow(
        landed.done.map(({ receipt }) => receipt),
        ports,
      );
    }
  }
  for (const { message, reason } of failed) {
    ports.telemetry.warn(`message ${message.id}, receive ${message.receiveCount}: ${reason}`);
  }
  return { batchItemFailures: failed.map(({ message }) => ({ itemIdentifier: message.id })) };
}

/** What is not deleted now is deleted after the answer, or lands once more to no effect. */
async function deleteNow(
  receipts: readonly string[],
  { queue, telemetry }: LandMessagesPorts,
): Promise<void> {
  await queue.delete(receipts).catch((error: unknown) => {
    telemetry.warn(`${receipts.length} landed messages are not deleted yet: ${errorText(error)}`);
  });
}
