import { compareDecimals, type Decimal, decimalOf } from './decimal.ts';
import { type Condition, listOf, type Matcher, type Scalar, type Touchpoint } from './types.ts';

/** "Matching": a touchpoint matches by event, channel and `where`; an absent channel or `where` asks nothing. */
export function matches(matcher: Matcher, touchpoint: Touchpoint): boolean {
  return (
    matchesEvent(matcher, touchpoint) &&
    matchesChannel(matcher, touchpoint) &&
    listOf(matcher.where).every((condition) => holds(condition, touchpoint))
  );
}

/** "One name or a list; `*` is every event." */
function matchesEvent(matcher: Matcher, touchpoint: Touchpoint): boolean {
  const events = listOf<string>(matcher.event);
  return events.includes('*') || events.includes(touchpoint.event);
}

function matchesChannel(matcher: Matcher, touchpoint: Touchpoint): boolean {
  if (matcher.channel === undefined) return true;
  return touchpoint.channel !== null && listOf<string>(matcher.channel).includes(touchpoint.channel);
}

/** A value as rules compare it. `tree` is an array or an object; a JSON null is `missing`. */
type Value =
  | { readonly kind: 'missing' }
  | { readonly kind: 'number'; readonly number: Decimal }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tree' };

const missing: Value = { kind: 'missing' };

/** "Several operators in one condition must all hold." */
function holds(condition: Condition, touchpoint: Touchpoint): boolean {
  const value = valueIn(touchpoint, condition.property);
  return (
    (condition.exists === undefined || condition.exists === exists(value)) &&
    (condition.eq === undefined || equals(value, condition.eq)) &&
    (condition.ne === undefined || differs(value, condition.ne)) &&
    (condition.in === undefined || condition.in.some((listed) => equals(value, listed))) &&
    (condition.gte === undefined || compares(value, condition.gte, (order) => order >= 0)) &&
    (condition.lte === undefined || compares(value, condition.lte, (order) => order <= 0))
  );
}

/** "A missing value and a JSON null satisfy only `exists: false`"; "an array or object satisfies only `exists: true`". */
function exists(value: Value): boolean {
  return value.kind !== 'missing';
}

/** "As decimals when both sides are numbers, otherwise as text"; "a number never equals a text". */
function equals(value: Value, wanted: Scalar): boolean {
  const other = scalarValue(wanted);
  if (value.kind === 'number' && other.kind === 'number')
    return compareDecimals(value.number, other.number) === 0;
  return value.kind === 'text' && other.kind === 'text' && value.text === other.text;
}

/** The opposite of `eq` for a number or a text only: what is missing or a tree does not satisfy `ne` either. */
function differs(value: Value, wanted: Scalar): boolean {
  return (value.kind === 'number' || value.kind === 'text') && !equals(value, wanted);
}

/** "`gte`, `lte` compare decimals and are false where either side is not a number." */
function compares(value: Value, wanted: Scalar, isWanted: (order: number) => boolean): boolean {
  const other = scalarValue(wanted);
  return (
    value.kind === 'number' &&
    other.kind === 'number' &&
    isWanted(compareDecimals(value.number, other.number))
  );
}

/** "With true and false in lower case." */
function scalarValue(scalar: Scalar): Value {
  return typeof scalar === 'number' || typeof scalar === 'bigint'
    ? { kind: 'number', number: decimalOf(String(scalar)) }
    : { kind: 'text', text: String(scalar) };
}

/** "`where` names one of the columns, or else one top-level key of `properties`; the columns win over equal keys." */
function valueIn(touchpoint: Touchpoint, property: string): Value {
  switch (property) {
    case 'amount':
      return touchpoint.reporting_amount === null
        ? missing
        : { kind: 'number', number: { units: touchpoint.reporting_amount, scale: 2 } };
    case 'product_id':
    case 'category':
    case 'campaign_source':
    case 'campaign_medium':
    case 'campaign_name': {
      const text = touchpoint[property];
      // "an empty text is a value"
      return text === null ? missing : { kind: 'text', text };
    }
    default:
      return propertiesOf(touchpoint).get(property) ?? missing;
  }
}

const parsed = new WeakMap<Touchpoint, ReadonlyMap<string, Value>>();

function propertiesOf(touchpoint: Touchpoint): ReadonlyMap<string, Value> {
  const known = parsed.get(touchpoint);
  if (known !== undefined) return known;
  const values = parseProperties(touchpoint.properties);
  parsed.set(touchpoint, values);
  return values;
}

/** A number with the digits that the text gives it. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** JSON.parse rounds numbers to doubles, but tells the source text of each. */
const keepNumberText: Reviver = (_key, value, { source }) =>
  typeof value === 'number' ? new NumberText(source ?? String(value)) : value;

function parseProperties(text: string | null): ReadonlyMap<string, Value> {
  if (text === null) return new Map();
  const tree: unknown = JSON.parse(text, keepNumberText as Parameters<typeof JSON.parse>[1]);
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return new Map();
  return new Map(Object.entries(tree).map(([key, value]) => [key, jsonValue(value)]));
}

function jsonValue(value: unknown): Value {
  if (value === null) return missing;
  if (value instanceof NumberText) return { kind: 'number', number: decimalOf(value.text) };
  if (typeof value === 'string' || typeof value === 'boolean') return { kind: 'text', text: String(value) };
  return { kind: 'tree' };
}
