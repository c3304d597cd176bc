import { spell } from './cells.ts';
import { isPersonalShape } from './identifiers.ts';
import { unnamed } from './identity.ts';
import type { KeptRow, Row, Touchpoint } from './types.ts';
import { formatMinor, groupBy } from './values.ts';

/**
 * Ids that the engine derives by hashing cannot be foretold, only recognised: a touchpoint without an id by its content, a
 * customer without a user id by its touchpoints. What is recognised is then called by the engine's name.
 */
export function withEngineTouchpointIds(rows: readonly KeptRow[], engine: readonly Row[]): KeptRow[] {
  const given = new Set(rows.filter((row) => row.isIdGiven).map((row) => row.touchpointId));
  const derived = engine.filter((row) => !given.has(String(row.touchpoint_id)));
  const waiting = groupBy(derived, (row) => looksOfEngine(row));
  return rows.map((row) => {
    if (row.isIdGiven || row.kind !== 'touchpoint') return row;
    const found = waiting.get(looksOfKept(row))?.pop();
    return found === undefined ? row : { ...row, touchpointId: String(found.touchpoint_id) };
  });
}

const lookColumns = ['event', 'channel', 'order_id', 'product_id', 'category', 'country', 'city'] as const;

function looksOfEngine(row: Row): string {
  const texts = lookColumns.map((column) => spell(row[column], 'text'));
  return JSON.stringify([spell(row.occurred_at, 'instant'), spell(row.amount, 'money'), ...texts]);
}

function looksOfKept(row: KeptRow): string {
  const texts = lookColumns.map((column) => spell(row.values[column], 'text'));
  const amount = row.amountMinor === null ? null : formatMinor(row.amountMinor);
  return JSON.stringify([spell(row.occurredAt, 'instant'), spell(amount, 'money'), ...texts]);
}

export type Recognition = {
  /** The engine's name for one of the oracle's; the oracle's own where nothing was recognised. */
  readonly nameOf: (ours: string) => string;
  readonly differences: readonly string[];
};

type Pair = {
  readonly touchpointId: string;
  /** The oracle's name. */
  readonly ours: string;
  /** The engine's name at the same touchpoint. */
  readonly theirs: string;
  /** What the engine must call it, where the oracle can tell. */
  readonly fixed: string | undefined;
};

/** The two may use other names, but one name must stand for one thing on both sides. */
function recognise(what: string, pairs: readonly Pair[]): Recognition {
  const theirsOf = new Map<string, string>();
  const oursOf = new Map<string, string>();
  const differences = pairs.flatMap(({ touchpointId, ours, theirs, fixed }) => {
    const known = theirsOf.get(ours) ?? fixed ?? theirs;
    const owner = oursOf.get(theirs) ?? ours;
    theirsOf.set(ours, known);
    oursOf.set(theirs, owner);
    if (known !== theirs)
      return [`touchpoints ${touchpointId}: ${what} is ${theirs}, the oracle says ${known}`];
    return owner === ours ? [] : [`touchpoints ${touchpointId}: ${what} ${theirs} is two: ${owner}; ${ours}`];
  });
  return { nameOf: (ours) => theirsOf.get(ours) ?? ours, differences };
}

function pairsOf(
  touchpoints: readonly Touchpoint[],
  engine: readonly Row[],
  toPair: (touchpoint: Touchpoint, row: Row) => Omit<Pair, 'touchpointId'>,
): Pair[] {
  const rowOf = new Map(engine.map((row) => [String(row.touchpoint_id), row]));
  return touchpoints.flatMap((touchpoint) => {
    const row = rowOf.get(touchpoint.touchpointId);
    const { touchpointId } = touchpoint;
    return row === undefined ? [] : [{ touchpointId, ...toPair(touchpoint, row) }];
  });
}

/** The engine's name of each of the oracle's customers, and where the two disagree about who is one. */
export function recogniseCustomers(touchpoints: readonly Touchpoint[], engine: readonly Row[]): Recognition {
  const pairs = pairsOf(touchpoints, engine, ({ customerId }, row) => ({
    ours: customerId,
    theirs: spell(row.customer_id, 'text'),
    fixed: customerId.startsWith(unnamed) || isPersonalShape(customerId) ? undefined : customerId,
  }));
  return recognise('customer', pairs);
}

/** A given session id is taken literally, and so is none; others are compared by the touchpoints that they hold. */
export function recogniseSessions(touchpoints: readonly Touchpoint[], engine: readonly Row[]): Recognition {
  const pairs = pairsOf(touchpoints, engine, ({ sessionId, values }, row) => ({
    ours: `${values.session_id === null ? 'derived' : 'given'}: ${sessionId ?? 'none'}`,
    theirs: spell(row.session_id, 'text'),
    fixed: values.session_id ?? (sessionId === null ? 'null' : undefined),
  }));
  return recognise('session', pairs);
}
