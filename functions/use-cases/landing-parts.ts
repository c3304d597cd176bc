import type { QueuedMessage } from '../ports/queue.ts';

/** From this receive on a message is landed alone: one that takes the process down takes no other one with it. */
const ALONE_FROM_RECEIVE = 3;

/**
 * Messages that have come often are landed alone, and every other time from the other end: should one of them end this
 * process each time, those on both sides of it have landed before its last receive.
 */
export function partsOf(batch: readonly QueuedMessage[]): readonly (readonly QueuedMessage[])[] {
  const often = batch.filter(({ receiveCount }) => receiveCount >= ALONE_FROM_RECEIVE);
  const usual = batch.filter(({ receiveCount }) => receiveCount < ALONE_FROM_RECEIVE);
  const alone = often.sort((a, b) => (a.id < b.id ? -1 : 1)).map((message) => [message]);
  const inTurn = (often[0]?.receiveCount ?? 0) % 2 === 0 ? alone.reverse() : alone;
  return usual.length > 0 ? [usual, ...inTurn] : inTurn;
}
