import type { BatchReceipt } from './lake-records.ts';

export interface Mergeable {
  readonly receipt: BatchReceipt;
  /** Of all objects. */
  readonly bytes: number;
}

/** A source and day has at most so many small batches after compaction, and large ones beside them. */
const MAX_SMALL = 8;
/** A batch of so much is large: it is rewritten only when another one has some of its requests. */
const LARGE_ITEMS = 500_000;
const LARGE_BYTES = 128 * 1024 * 1024;

/**
 * Which batches to merge into one: those that share a request, and, where a source and day has many small ones, these
 * together, up to the size of a large one. Empty where there is nothing to do.
 */
export function mergePlan(batches: readonly Mergeable[]): readonly (readonly Mergeable[])[] {
  const days = Map.groupBy(batches, ({ receipt }) => `${receipt.source} ${receipt.received_at.slice(0, 10)}`);
  return [...days.values()].flatMap((day) => planDay(day));
}

function planDay(day: readonly Mergeable[]): readonly (readonly Mergeable[])[] {
  const inOrder = [...day].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const groups = connected(inOrder);
  const small = groups.filter((group) => !isLarge(group));
  if (small.length <= MAX_SMALL) {
    return groups.filter((group) => group.length > 1);
  }
  return [...bins(small), ...groups.filter((group) => isLarge(group))].filter((bin) => bin.length > 1);
}

const orderOf = ({ receipt }: Mergeable): string => `${receipt.received_at} ${receipt.import_id}`;

function isLarge(batches: readonly Mergeable[]): boolean {
  const items = batches.reduce((sum, { receipt }) => sum + receipt.items, 0);
  return items >= LARGE_ITEMS || batches.reduce((sum, { bytes }) => sum + bytes, 0) >= LARGE_BYTES;
}

/** Batches that share requests, directly or through others, are one group. */
function connected(batches: readonly Mergeable[]): readonly (readonly Mergeable[])[] {
  const groupOf = new Map<string, Mergeable[]>();
  const groups = new Set<Mergeable[]>();
  for (const batch of batches) {
    const group = [batch];
    groups.add(group);
    for (const { id } of batch.receipt.requests) {
      const other = groupOf.get(id);
      if (other && other !== group && groups.delete(other)) {
        group.unshift(...other);
        for (const each of other.flatMap(({ receipt }) => receipt.requests)) {
          groupOf.set(each.id, group);
        }
      }
      groupOf.set(id, group);
    }
  }
  return [...groups];
}

/** Groups one after the other, a new bin whenever one is large. */
function bins(groups: readonly (readonly Mergeable[])[]): readonly (readonly Mergeable[])[] {
  const done: Mergeable[][] = [[]];
  for (const group of groups) {
    const last = done.at(-1) ?? [];
    last.push(...group);
    if (isLarge(last)) {
      done.push([]);
    }
  }
  return done;
}
