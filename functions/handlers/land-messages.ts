import type { LandBatchPorts } from '../use-cases/land-batch.ts';
import { landBatch } from '../use-cases/land-batch.ts';

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

export async function landMessages(event: QueueEvent, ports: LandBatchPorts): Promise<PartialFailure> {
  const messages = event.Records.map(({ messageId, receiptHandle, body, attributes }) => ({
    id: messageId,
    receipt: receiptHandle,
    body,
    receiveCount: Number(attributes.ApproximateReceiveCount),
  }));
  const { failed } = await landBatch(messages, ports);
  for (const { message, reason } of failed) {
    ports.telemetry.warn(`message ${message.id}, receive ${message.receiveCount}: ${reason}`);
  }
  return { batchItemFailures: failed.map(({ message }) => ({ itemIdentifier: message.id })) };
}
