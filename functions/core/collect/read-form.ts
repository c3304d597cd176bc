import { limits } from './limits.ts';
import type { RequestReason } from './reasons.ts';

/** A submitted HTML form as a track message. */
export interface ReadForm {
  readonly json: string;
  readonly writeKey: string | undefined;
  readonly redirect: string | undefined;
}

/** Fields with a meaning of their own. They say who sent the form; the others are its properties. */
const topFields: readonly string[] = ['userId', 'anonymousId', 'messageId', 'timestamp'];
/** Personal: they go where the source declares them as such. */
const traitFields: ReadonlyMap<string, string> = new Map([
  ...[
    'email',
    'phone',
    'name',
    'firstName',
    'first_name',
    'lastName',
    'last_name',
    'username',
    'address',
    'birthday',
  ].map((field) => [field, field] as const),
  ['e-mail', 'email'],
  ['mail', 'email'],
  ['tel', 'phone'],
]);
const propertyFields: ReadonlyMap<string, string> = new Map([['message', 'message_body']]);

/** Reads `a=1&b=2`. Fields named twice become lists; an empty one says nothing and is left out. */
export function readForm(text: string, event: string): ReadForm | RequestReason {
  const pairs = text.split('&', limits.formFields + 1).filter((pair) => pair !== '');
  if (pairs.length > limits.formFields) {
    return 'too_many_fields';
  }
  const fields = new Map<string, string[]>();
  for (const pair of pairs) {
    const [name, value] = readPair(pair);
    if (name === undefined || value === undefined) {
      return 'invalid_form';
    }
    if (value !== '') {
      fields.set(name, [...(fields.get(name) ?? []), value]);
    }
  }
  const first = (name: string): string | undefined => fields.get(name)?.[0];
  return { json: formJson(fields, event), writeKey: first('writeKey'), redirect: first('redirect') };
}

function readPair(pair: string): readonly [string | undefined, string | undefined] {
  const equals = pair.indexOf('=');
  const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  return [decoded(name), decoded(value)];
}

/** Strict: a broken escape would otherwise become a replacement character. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function formJson(fields: ReadonlyMap<string, readonly string[]>, event: string): string {
  const top: string[] = [];
  const traits: string[] = [];
  const properties: string[] = [];
  for (const [name, values] of fields) {
    if (name === 'writeKey' || name === 'redirect') {
      continue;
    }
    const trait = traitFields.get(name) ?? traitFields.get(name.toLowerCase());
    if (topFields.includes(name)) {
      top.push(memberJson(name, values.slice(0, 1)));
    } else if (trait === undefined) {
      properties.push(memberJson(propertyFields.get(name) ?? name, values));
    } else {
      traits.push(memberJson(trait, values.slice(0, 1)));
    }
  }
  const context = traits.length > 0 ? [`"context":{"traits":{${traits.join(',')}}}`] : [];
  const members = [`"event":${JSON.stringify(event)}`, ...top, ...context];
  return `{${[...members, `"properties":{${properties.join(',')}}`].join(',')}}`;
}

/** Text by text and not through an object, in which a field named __proto__ would not be a field. */
function memberJson(name: string, values: readonly string[]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(values.length === 1 ? values[0] : values)}`;
}
