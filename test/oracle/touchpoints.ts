import { identify } from './identity.ts';
import type { KeptRow, Seeds, Touchpoint } from './types.ts';
import { compareBytes, firstDifference, groupBy } from './values.ts';

const sessionGap = 30 * 60_000;

type Visited = KeptRow & { readonly customerId: string; readonly sessionId: string | null };

/** Every touchpoint with its customer, session and marketing channel; identity and sessions know no as-of instant. */
export function touchpointsOf(rows: readonly KeptRow[], seeds: Seeds): Touchpoint[] {
  const { customerOfRow } = identify(rows);
  const own = rows
    .filter((row) => row.kind === 'touchpoint')
    .map((row) => ({ ...row, customerId: customerOfRow(row) }));
  const customers = [...groupBy(own, (row) => row.customerId).values()];
  return customers.flatMap((touchpoints) => withMarketingChannels(withSessions(touchpoints, seeds), seeds));
}

/** The order in which things happened; the touchpoint id decides between those of one millisecond. */
export function inOrder<Item extends { readonly occurredAt: number; readonly touchpointId: string }>(
  items: readonly Item[],
): Item[] {
  return items.toSorted((a, b) =>
    firstDifference(a.occurredAt - b.occurredAt, compareBytes(a.touchpointId, b.touchpointId)),
  );
}

/** How a touchpoint without a given session counts: what is said of its event goes before what is said of its channel. */
function visitKind(row: KeptRow, seeds: Seeds): string | undefined {
  const { channel } = row.values;
  return seeds.visitKindOfEvent(row.event) ?? (channel === null ? 'visit' : seeds.visitKindOf(channel));
}

/** One customer's touchpoints with their sessions: the given one, else one that ends with a gap of more than 30 minutes. */
function withSessions(
  touchpoints: readonly (KeptRow & { readonly customerId: string })[],
  seeds: Seeds,
): Visited[] {
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  return inOrder(touchpoints).map((row) => {
    if (row.values.session_id !== null) return { ...row, sessionId: row.values.session_id };
    if (visitKind(row, seeds) !== 'visit') return { ...row, sessionId: null };
    if (row.occurredAt - last > sessionGap) count += 1;
    last = row.occurredAt;
    return { ...row, sessionId: `session ${count} of ${row.customerId}` };
  });
}

/** One customer's touchpoints, in order: the first of a session and every single touch carry what brought the person. */
function withMarketingChannels(touchpoints: readonly Visited[], seeds: Seeds): Touchpoint[] {
  const begun = new Set<string>();
  return touchpoints.map((row) => {
    const isFirst = row.sessionId !== null && !begun.has(row.sessionId);
    if (row.sessionId !== null) begun.add(row.sessionId);
    // a touch inside a visit did not bring the person: the visit's first touchpoint says what did
    const isTouch = row.sessionId === null && visitKind(row, seeds) === 'touch';
    return { ...row, marketingChannel: isFirst || isTouch ? seeds.marketingChannelOf(row.values) : null };
  });
}

export function isBefore(asOf: Date): (touchpoint: { readonly occurredAt: number }) => boolean {
  return (touchpoint) => touchpoint.occurredAt < asOf.getTime();
}
