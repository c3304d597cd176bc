import {
  afterBlanks,
  type Member,
  parseJson,
  sliceElements,
  sliceMembers,
  sliceValue,
} from './json-slices.ts';
import type { ItemOfRequest, Surroundings } from './judge-items.ts';
import { sliceOf } from './judge-items.ts';
import { limits } from './limits.ts';
import type { RequestReason } from './reasons.ts';

/** A body cut into its items, none of which has been looked at. */
export interface CutBody {
  readonly items: readonly ItemOfRequest[];
  readonly surroundings: Surroundings;
  /** The key that the body itself names. */
  readonly writeKey: string | undefined;
}

/** The body of a path that takes one message: the whole of it is the item. */
export function cutMessage(text: string, type: string): CutBody | RequestReason {
  const start = afterBlanks(text, 0);
  const value = sliceValue(text, start);
  if (!value || afterBlanks(text, value.end) !== text.length) {
    return start === text.length ? 'empty_body' : 'invalid_json';
  }
  const members = text[start] === '{' ? sliceMembers(text, start, limits.itemMembers) : [];
  if (!members) {
    return 'invalid_json';
  }
  return {
    items: [sliceOf(text, value)],
    surroundings: { type: JSON.stringify(type) },
    writeKey: memberText(text, members, 'writeKey'),
  };
}

/** The body of a path that takes many: `{"batch": [...]}`, with what holds of all of them beside it. */
export function cutBatch(text: string): CutBody | RequestReason {
  const start = afterBlanks(text, 0);
  if (start === text.length) {
    return 'empty_body';
  }
  const members = sliceMembers(text, start, limits.batchMembers);
  const value = sliceValue(text, start);
  if (!members || !value || afterBlanks(text, value.end) !== text.length) {
    return text[start] === '{' ? 'invalid_json' : 'invalid_batch';
  }
  const names = members.map(({ name }) => name);
  const batch = members.find(({ name }) => name === 'batch');
  // of two batches one would be lost in silence
  if (!batch || new Set(names).size !== names.length || names.length > limits.batchMembers) {
    return 'invalid_batch';
  }
  const others = members.filter((member) => member !== batch);
  if (others.some((member) => !isSound(text, member))) {
    return 'invalid_json';
  }
  const items = cutList(text, batch.start);
  return typeof items === 'string'
    ? items
    : { items, surroundings: batchMembers(text, others), writeKey: memberText(text, others, 'writeKey') };
}

/** The body of a webhook: one object, a list of them, or a batch. */
export function cutWebhook(text: string): CutBody | RequestReason {
  const start = afterBlanks(text, 0);
  if (start === text.length) {
    return 'empty_body';
  }
  const value = sliceValue(text, start);
  if (!value || afterBlanks(text, value.end) !== text.length) {
    return 'invalid_json';
  }
  const items = text[start] === '[' ? cutList(text, start) : [sliceOf(text, value)];
  return typeof items === 'string' ? items : { items, surroundings: {}, writeKey: undefined };
}

function cutList(text: string, start: number): readonly ItemOfRequest[] | RequestReason {
  if (text[start] !== '[') {
    return 'invalid_batch';
  }
  const slices = sliceElements(text, start, limits.items);
  if (!slices) {
    return 'invalid_json';
  }
  return slices.length > limits.items ? 'too_many_items' : slices.map((slice) => sliceOf(text, slice));
}

const isSound = (text: string, member: Member): boolean =>
  member.depth <= limits.itemDepth && parseJson(text.slice(member.start, member.end)) !== undefined;

/** What a batch says of its items, in its own words. */
const sharedMembers: readonly string[] = ['sentAt', 'context', 'integrations'];

function batchMembers(text: string, members: readonly Member[]): Surroundings {
  return Object.fromEntries(
    members
      .filter(({ name }) => sharedMembers.includes(name))
      .map(({ name, start, end }) => [name, text.slice(start, end)]),
  );
}

function memberText(text: string, members: readonly Member[], name: string): string | undefined {
  const member = members.findLast((one) => one.name === name);
  const value = member && parseJson(text.slice(member.start, member.end));
  return typeof value === 'string' ? value : undefined;
}
