import type { QueuedMessage } from '../ports/queue.ts';

/** At this receive messages are landed in groups: after a fault of the store a whole backlog comes for the third time. */
const GROUPED_AT_RECEIVE = 3;
const GROUP = 50;

/**
 * Messages that have come often are landed in groups, then alone, and every other time from the other end: should one of them
 * end this process each time, those on both sides of it have landed before its last receive.
 */
export function partsOf(batch: readonly QueuedMessage[]): readonly (readonly QueuedMessage[])[] {
  const usual = batch.filter(({ receiveCount }) => receiveCount < GROUPED_AT_RECEIVE);
  const again = batch.filter(({ receiveCount }) => receiveCount === GROUPED_AT_RECEIVE);
  const often = batch.filter(({ receiveCount }) => receiveCount > GROUPED_AT_RECEIVE);
  const alone = groupsOf(often, 1);
  const isOtherEnd = (often[0]?.receiveCount ?? 0) % 2 === 0;
  return [
    ...(usual.length > 0 ? [usual] : []),
    ...groupsOf(again, GROUP),
    ...(isOtherEnd ? alone.toReversed() : alone),
  ];
}

function groupsOf(messages: readonly QueuedMessage[], size: number): readonly (readonly QueuedMessage[])[] {
  const inOrder = messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return Array.from({ length: Math.ceil(inOrder.length / size) }, (_, group) =>
    inOrder.slice(group * size, (group + 1) * size),
  );
}
