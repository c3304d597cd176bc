import type { QueuedMessage } from '../ports/queue.ts';

/** At this receive messages are landed in groups: after a fault of the store a whole backlog comes for the third time. */
const GROUPED_AT_RECEIVE = 3;
const GROUP = 50;

/** From this receive on a message is landed alone: one that takes the process down takes no other one with it. */
const ALONE_FROM_RECEIVE = 4;

/**
 * Messages that have come often are landed in groups, then alone, and every other time from the other end: should one of them
 * end this process each time, those on both sides of it have landed before its last receive.
 */
export function partsOf(batch: readonly QueuedMessage[]): readonly (readonly QueuedMessage[])[] {
  const usual = batch.filter(({ receiveCount }) => receiveCount < GROUPED_AT_RECEIVE);
  const again = batch.filter(
    ({ receiveCount }) => receiveCount >= GROUPED_AT_RECEIVE && receiveCount < ALONE_FROM_RECEIVE,
  );
  const often = batch.filter(({ receiveCount }) => receiveCount >= ALONE_FROM_RECEIVE);
  return [
    ...(usual.length > 0 ? [usual] : []),
    ...inTurn(groupsOf(byId(again), GROUP), again),
    ...inTurn(groupsOf(byId(often), 1), often),
  ];
}

const byId = (messages: readonly QueuedMessage[]): readonly QueuedMessage[] =>
  messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const groupsOf = (messages: readonly QueuedMessage[], size: number): readonly (readonly QueuedMessage[])[] =>
  Array.from({ length: Math.ceil(messages.length / size) }, (_, group) =>
    messages.slice(group * size, (group + 1) * size),
  );

const inTurn = <T>(parts: readonly T[], [first]: readonly QueuedMessage[]): readonly T[] =>
  (first?.receiveCount ?? 0) % 2 === 0 ? parts.toReversed() : parts;
