/** A message as it was received; `receipt` is what it is deleted by. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
}

/**
 * A queue as SQS is one: every message at least once, in no order. One that was received too often without being deleted
 * goes to the dead letters, which keep it.
 */
export interface Queue {
  /** Resolves only once the queue has the message for good. */
  send(body: string): Promise<void>;
  /** Up to `max` messages, hidden from others for so long. */
  receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]>;
  /** Resolves only once none of them can be received again. A receipt of no message is passed over. */
  delete(receipts: readonly string[]): Promise<void>;
}
