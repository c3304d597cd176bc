export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  readonly receiveCount: number;
}

export interface Queue {
  /** Resolves only once the queue has the message for good. */
  send(body: string): Promise<void>;
  /** Up to `max` messages, hidden from others for so long. At least once, in no order. */
  receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]>;
  delete(receipts: readonly string[]): Promise<void>;
}
