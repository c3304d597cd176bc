import { type Identifier, type IdentifierType, identifierTypes, type KeptRow } from './types.ts';
import { compareBytes, firstDifference } from './values.ts';

/** Identifiers seen with more of one type than this connect nothing. */
const mostOfOneType = 5;

/** Customers without a clear id of their own carry this sign: only who belongs together can be compared. */
export const unnamed = '~';

export type Identities = {
  /** The customer of every identifier, by `type:value`. */
  readonly customerOf: ReadonlyMap<string, string>;
  readonly customerOfRow: (row: KeptRow) => string;
};

type Known = Identifier & {
  readonly key: string;
  readonly firstSeen: number;
  readonly seenWith: ReadonlySet<string>;
};

/** Who is who: identifiers seen together in one row belong together, transitively, but for those that connect nothing. */
export function identify(rows: readonly KeptRow[]): Identities {
  const known = knownIdentifiers(rows);
  const mute = new Set([...known.values()].filter(connectsNothing).map((identifier) => identifier.key));
  const customerOf = new Map<string, string>();
  for (const component of componentsOf(known, mute)) {
    for (const part of isTooLarge(component) ? split(component, mute) : [component]) {
      for (const identifier of part) customerOf.set(identifier.key, nameOf(part));
    }
  }
  return { customerOf, customerOfRow: (row) => customerOfRow(row, customerOf, mute) };
}

export function keyOf(identifier: Identifier): string {
  return `${identifier.type}:${identifier.value}`;
}

function typeOf(key: string): IdentifierType {
  return key.slice(0, key.indexOf(':')) as IdentifierType;
}

function knownIdentifiers(rows: readonly KeptRow[]): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const row of rows) {
    for (const identifier of row.identifiers) {
      const key = keyOf(identifier);
      const others = row.identifiers.map(keyOf).filter((other) => other !== key);
      const before = known.get(key);
      known.set(key, {
        ...identifier,
        key,
        firstSeen: Math.min(before?.firstSeen ?? row.occurredAt, row.occurredAt),
        seenWith: new Set([...(before?.seenWith ?? []), ...others]),
      });
    }
  }
  return known;
}

function countOfType(keys: Iterable<string>, type: IdentifierType): number {
  return [...keys].filter((key) => typeOf(key) === type).length;
}

function connectsNothing(identifier: Known): boolean {
  return identifierTypes.some(
    (type) => countOfType(identifier.seenWith, type) > (type === 'user_id' ? 1 : mostOfOneType),
  );
}

/** Groups of identifiers joined by being seen together; one that connects nothing is a group alone. */
function componentsOf(known: ReadonlyMap<string, Known>, mute: ReadonlySet<string>): Known[][] {
  const reached = new Set<string>();
  return [...known.values()].map((start) => {
    const component: Known[] = [];
    const waiting = [start.key];
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      const identifier = known.get(key);
      if (identifier === undefined || reached.has(key)) continue;
      reached.add(key);
      component.push(identifier);
      if (!mute.has(key)) waiting.push(...[...identifier.seenWith].filter((other) => !mute.has(other)));
    }
    return component;
  });
}

function isTooLarge(component: readonly Known[]): boolean {
  const keys = component.map((identifier) => identifier.key);
  return identifierTypes.some((type) => countOfType(keys, type) > (type === 'user_id' ? 1 : mostOfOneType));
}

/** Of a group that is too large only direct pairs with a user id stay; every other identifier stands alone. */
function split(component: readonly Known[], mute: ReadonlySet<string>): Known[][] {
  const ownerOf = (identifier: Known) =>
    identifier.type === 'user_id'
      ? identifier.key
      : ([...identifier.seenWith].find((key) => typeOf(key) === 'user_id' && !mute.has(key)) ??
        identifier.key);
  return [...Map.groupBy(component, ownerOf).values()];
}

function nameOf(part: readonly Known[]): string {
  const [oldest] = part.toSorted((a, b) =>
    firstDifference(
      identifierTypes.indexOf(a.type) - identifierTypes.indexOf(b.type),
      a.firstSeen - b.firstSeen,
      compareBytes(a.value, b.value),
    ),
  );
  if (oldest === undefined) throw new Error('a customer without any identifier cannot be named');
  return oldest.type === 'user_id' ? oldest.value : `${unnamed}${oldest.key}`;
}

/** The user id that the row carries, else its first identifier by priority, those that connect nothing last. */
function customerOfRow(
  row: KeptRow,
  customerOf: ReadonlyMap<string, string>,
  mute: ReadonlySet<string>,
): string {
  const [first] = row.identifiers
    .toSorted((a, b) => identifierTypes.indexOf(a.type) - identifierTypes.indexOf(b.type))
    .map((identifier) => ({
      identifier,
      isMute: identifier.type !== 'user_id' && mute.has(keyOf(identifier)),
    }))
    .toSorted((a, b) => Number(a.isMute) - Number(b.isMute));
  const customer = first === undefined ? undefined : customerOf.get(keyOf(first.identifier));
  if (customer === undefined) throw new Error(`touchpoint ${row.touchpointId} belongs to nobody`);
  return customer;
}
