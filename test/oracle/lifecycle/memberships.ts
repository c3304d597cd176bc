import type { Signal } from './signals.ts';
import { type Lifecycle, lapsed, type Membership } from './types.ts';

type Standing = Pick<Membership, 'stage_id' | 'stage_rank'>;

const lapsedStanding: Standing = { stage_id: lapsed, stage_rank: 0 };

/**
 * "A maximal interval in which a customer's stage does not change." The stage can change only where a signal is or a
 * hold ends; "no membership starts, and no `left_at` falls, at or after" the as-of instant.
 */
export function membershipsOf(
  lifecycle: Lifecycle,
  customer_id: string,
  signals: readonly Signal[],
  asOf: number,
): Membership[] {
  const instants = new Set(signals.flatMap(({ at, endsAt }) => [at, endsAt]));
  const changes: { readonly at: number; readonly standing: Standing }[] = [];
  for (const at of [...instants].filter((instant) => instant < asOf).sort((a, b) => a - b)) {
    const standing = standingAt(lifecycle, signals, at);
    if (standing.stage_id !== changes.at(-1)?.standing.stage_id) changes.push({ at, standing });
  }
  return changes.map(({ at, standing }, index) => ({
    lifecycle_id: lifecycle.lifecycle,
    customer_id,
    ...standing,
    entered_at: at,
    left_at: changes[index + 1]?.at ?? null,
  }));
}

/** Where a customer is at instant u, who has had a signal at or before it. */
function standingAt(lifecycle: Lifecycle, signals: readonly Signal[], u: number): Standing {
  const had = signals.filter(({ at }) => at <= u);
  const deciding = lifecycle.policy === 'latest' ? latestAt(had, u) : furthestAt(had, u);
  return deciding === undefined
    ? lapsedStanding
    : { stage_id: deciding.stage_id, stage_rank: deciding.stage_rank };
}

/** "The highest-ranked stage that any signal holds at u; if none holds and there has been a signal, `lapsed`." */
function furthestAt(had: readonly Signal[], u: number): Signal | undefined {
  return highest(had.filter((signal) => holdsAt(signal, u)));
}

/**
 * "The stage of the most recent signal at or before u, the highest rank where several stages have one at that instant.
 * Only that signal counts: when its hold ends the customer is `lapsed`."
 */
function latestAt(had: readonly Signal[], u: number): Signal | undefined {
  const newest = Math.max(...had.map(({ at }) => at));
  const signal = highest(had.filter(({ at }) => at === newest));
  return signal !== undefined && holdsAt(signal, u) ? signal : undefined;
}

/** "At the instant a hold ends the customer is no longer in it." */
function holdsAt({ at, endsAt }: Signal, u: number): boolean {
  return at <= u && u < endsAt;
}

function highest(signals: readonly Signal[]): Signal | undefined {
  return signals.toSorted((a, b) => b.stage_rank - a.stage_rank)[0];
}
