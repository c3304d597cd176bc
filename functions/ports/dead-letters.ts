export interface QueueState {
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
}

/** A message that was received too often. */
export interface DeadLetter {
  readonly id: string;
  /** As it was sent: what is in it was received in the clear. */
  readonly body: string;
  /** Into the queue first, then out of the dead letters: a crash in between leaves it in both, and landing knows it. */
  sendAgain(): Promise<void>;
  remove(): Promise<void>;
}

/** What an operator sees of a queue, and does with its dead letters. */
export interface DeadLetters {
  /** Of SQS, about so many: it counts with a delay. */
  state(): Promise<QueueState>;
  /** Each dead letter once, one after the other. What the work neither sends again nor removes stays dead. */
  each(work: (letter: DeadLetter) => Promise<void>): Promise<void>;
  /** Puts a request into the queue. Resolves only once the queue has it for good. */
  send(body: string): Promise<void>;
  close(): Promise<void>;
}
