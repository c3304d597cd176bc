import { itemLine } from '../collected-request.ts';
import { type Member, parseJson, type Slice, sliceMembers, utf8Length } from './json-slices.ts';
import { limits } from './limits.ts';
import type { ItemReason } from './reasons.ts';
import { allowsEvent, type SendingKey } from './write-keys.ts';

/** What the path and the batch say of every item that does not say it itself: JSON texts by member. */
export type Surroundings = Readonly<Record<string, string>>;

export interface ItemOfRequest {
  /** The item in its own words. */
  readonly json: string;
  readonly depth: number;
}

export interface ItemsOfRequest {
  readonly items: readonly ItemOfRequest[];
  readonly surroundings: Surroundings;
  /** Without one, items are not judged by their event: those of a webhook have a shape of their own. */
  readonly key: SendingKey | undefined;
}

export type ItemOutcome =
  | { readonly status: 'accepted' }
  | { readonly status: 'duplicate' }
  | { readonly status: 'refused'; readonly reason: ItemReason };

export interface JudgedItems {
  /** In the order of the request. */
  readonly outcomes: readonly ItemOutcome[];
  /** What goes to the queue: accepted items and duplicates, for the lake counts those, and keeps conflicts. */
  readonly lines: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

interface ReadItem {
  readonly object: JsonObject;
  readonly line: string;
}

export const sliceOf = (text: string, { start, end, depth }: Slice): ItemOfRequest => ({
  json: text.slice(start, end),
  depth,
});

/** Judges each item for itself: a bad one says why and leaves the others alone. */
export function judgeItems({ items, surroundings, key }: ItemsOfRequest): JudgedItems {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  let room: number = limits.messageBytes;
  const outcomes = items.map((item): ItemOutcome => {
    const read = readItem(item, surroundings, key);
    if (typeof read === 'string') {
      return { status: 'refused', reason: read };
    }
    const bytes = utf8Length(read.line) + 1;
    if (bytes > room) {
      return { status: 'refused', reason: 'message_full' };
    }
    room -= bytes;
    lines.push(read.line);
    const id = ownText(read.object, 'messageId');
    const isDuplicate = id !== undefined && seen.has(id);
    seen.add(id);
    return { status: isDuplicate ? 'duplicate' : 'accepted' };
  });
  return { outcomes, lines };
}

function ownText(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isTooLarge(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && utf8Length(text) > limit);
}

function readItem(
  { json, depth }: ItemOfRequest,
  surroundings: Surroundings,
  key: SendingKey | undefined,
): ReadItem | ItemReason {
  if (isTooLarge(json, limits.itemBytes)) {
    return 'item_too_large';
  }
  if (depth > limits.itemDepth) {
    return 'item_too_deep';
  }
  const value = parseJson(json);
  if (value === undefined) {
    return 'item_invalid_json';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'item_not_an_object';
  }
  const object = value as JsonObject;
  const bare = Object.hasOwn(object, 'writeKey') ? withoutMember(json, 'writeKey') : json;
  const added = missingMembers(object, surroundings);
  const line = itemLine(withMembers(bare, added));
  // what a batch says of all its items is part of each
  if (added.length > 0 && isTooLarge(line, limits.itemBytes + SMALL_MEMBERS)) {
    return 'item_too_large';
  }
  return eventRefusal(object, json, surroundings, key) ?? { object, line };
}

/** Room for type and times beside an item of full size. */
const SMALL_MEMBERS = 256;

function missingMembers(object: JsonObject, surroundings: Surroundings): readonly string[] {
  return Object.entries(surroundings).flatMap(([name, json]) => {
    if (Object.hasOwn(object, name)) {
      return [];
    }
    if (name !== 'timestamp') {
      return [`${JSON.stringify(name)}:${json}`];
    }
    return Object.hasOwn(object, 'originalTimestamp')
      ? []
      : [`"timestamp":${sendingTime(object, surroundings)}`];
  });
}

/** Of an item that does not say when it happened: when it was sent, by the clock that landing will correct. */
function sendingTime(object: JsonObject, { sentAt, timestamp = 'null' }: Surroundings): string {
  const own = Object.hasOwn(object, 'sentAt') ? JSON.stringify(object.sentAt) : sentAt;
  return own && /^"\d{4}-\d{2}-\d{2}T/.test(own) ? own : timestamp;
}

/** Members go in front, so that the rest stays as sent. */
function withMembers(json: string, members: readonly string[]): string {
  if (members.length === 0) {
    return json;
  }
  const rest = json.slice(1);
  return `{${members.join(',')}${rest.trimStart() === '}' ? '' : ','}${rest}`;
}

/** A write key is nobody's business behind the collector. The rest stays as sent. */
function withoutMember(json: string, name: string): string {
  const members = sliceMembers(json, 0, limits.itemMembers) ?? [];
  const kept = members.filter((member) => member.name !== name);
  return `{${kept.map((member: Member) => json.slice(member.nameStart, member.end)).join(',')}}`;
}

function eventRefusal(
  object: JsonObject,
  json: string,
  surroundings: Surroundings,
  key: SendingKey | undefined,
): ItemReason | undefined {
  if (key === undefined || key.events === 'all') {
    return undefined;
  }
  // readers differ in which of two members of one name they take: one of them could be an event not allowed
  const members = sliceMembers(json, 0, limits.itemMembers);
  if (members?.length !== Object.keys(object).length) {
    return 'item_ambiguous';
  }
  const type = Object.hasOwn(object, 'type') ? object.type : parseJson(surroundings.type ?? 'null');
  const event = Object.hasOwn(object, 'event') ? object.event : undefined;
  return allowsEvent(key, type, event) ? undefined : 'event_not_allowed';
}
