import { formatCount, formatNumber } from '../format/number-format.ts';
import type { Condition, ConditionValue, EnterRule, Matcher } from '../lifecycle-template.ts';
import type { Language } from '../snapshot.ts';

/** Names that are said otherwise than they are kept. */
export interface Names {
  readonly language: Language;
  readonly channel: (channel: string) => string;
}

/** More events than this are cut short: a list of nine is not read. */
const SHOWN_EVENTS = 3;

/** "a, b or c" / "a, b veya c". */
export function anyOf(items: readonly string[], language: Language): string {
  const last = items.at(-1) ?? '';
  const others = items.slice(0, -1).join(', ');
  return others === '' ? last : `${others} ${language === 'tr' ? 'veya' : 'or'} ${last}`;
}

function allOf(items: readonly string[], language: Language): string {
  return items.join(language === 'tr' ? ' ve ' : ' and ');
}

export function eventWords(events: readonly string[], language: Language): string {
  if (events.includes('*')) {
    return language === 'tr' ? 'herhangi bir olay' : 'any event';
  }
  const unique = [...new Set(events)];
  if (unique.length <= SHOWN_EVENTS + 1) {
    return anyOf(unique, language);
  }
  const rest = formatCount(unique.length - SHOWN_EVENTS, language);
  const more = language === 'tr' ? `diğer ${rest} olaydan biri` : `one of ${rest} others`;
  return anyOf([...unique.slice(0, SHOWN_EVENTS), more], language);
}

/** Event, channel and conditions, without how often: "product_reviewed where rating is at least 4". */
export function matcherWords({ event, channel, where }: Matcher, names: Names): string {
  const { language } = names;
  const events = eventWords(event, language);
  const channels = channel && anyOf([...new Set(channel)].map(names.channel), language);
  const conditions =
    where &&
    allOf(
      where.flatMap((condition) => conditionWords(condition, language)),
      language,
    );
  if (language === 'tr') {
    const asked = [channels && `kanal: ${channels}`, conditions && `koşul: ${conditions}`].filter(Boolean);
    return asked.length === 0 ? events : `${events} (${asked.join('; ')})`;
  }
  return [events, channels && `(channel: ${channels})`, conditions && `where ${conditions}`]
    .filter(Boolean)
    .join(' ');
}

/** A rule as a whole: "order_completed on at least 2 different days within 365 days". */
export function ruleWords(rule: Matcher | EnterRule, names: Names): string {
  const what = matcherWords(rule, names);
  if (!('at_least' in rule)) {
    return what;
  }
  const counted = rule.at_least === 1 ? what : countedWords(rule, what, names.language);
  if (!rule.after) {
    return counted;
  }
  const first = matcherWords(rule.after, names);
  return names.language === 'tr' ? `${first} sonrasında ${counted}` : `${counted}, after ${first}`;
}

function countedWords({ at_least, count, within_days }: EnterRule, what: string, language: Language): string {
  const times = formatCount(at_least, language);
  const days = within_days === undefined ? undefined : formatCount(within_days, language);
  if (language === 'tr') {
    const window = days === undefined ? '' : `${days} gün içinde `;
    return `${window}en az ${times} ${count === 'days' ? 'ayrı günde' : 'kez'} ${what}`;
  }
  const window = days === undefined ? '' : ` within ${days} ${within_days === 1 ? 'day' : 'days'}`;
  return count === 'days'
    ? `${what} on at least ${times} different days${window}`
    : `${what} at least ${times} times${window}`;
}

/** One text for each operator of a condition. */
function conditionWords(condition: Condition, language: Language): readonly string[] {
  const { property, eq, ne, gte, lte, exists } = condition;
  const isTurkish = language === 'tr';
  const value = (given: ConditionValue) => valueWords(given, language);
  const texts = [
    eq === undefined ? undefined : isTurkish ? `${property} = ${value(eq)}` : `${property} is ${value(eq)}`,
    ne === undefined
      ? undefined
      : isTurkish
        ? `${property} ≠ ${value(ne)}`
        : `${property} is not ${value(ne)}`,
    condition.in === undefined ? undefined : listWords(property, condition.in.map(value), language),
    rangeWords(property, gte, lte, language),
    exists === undefined ? undefined : existsWords(property, exists, language),
  ];
  return texts.flatMap((text) => text ?? []);
}

function listWords(property: string, values: readonly string[], language: Language): string {
  const list = anyOf(values, language);
  return language === 'tr' ? `${property} = ${list}` : `${property} is ${list}`;
}

function rangeWords(
  property: string,
  gte: number | undefined,
  lte: number | undefined,
  language: Language,
): string | undefined {
  const low = gte === undefined ? undefined : valueWords(gte, language);
  const high = lte === undefined ? undefined : valueWords(lte, language);
  if (low !== undefined && high !== undefined) {
    return language === 'tr'
      ? `${property} ${low} ile ${high} arasında`
      : `${property} is from ${low} to ${high}`;
  }
  if (low !== undefined) {
    return language === 'tr' ? `${property} en az ${low}` : `${property} is at least ${low}`;
  }
  return high === undefined
    ? undefined
    : language === 'tr'
      ? `${property} en çok ${high}`
      : `${property} is at most ${high}`;
}

function existsWords(property: string, exists: boolean, language: Language): string {
  if (language === 'tr') {
    return exists ? `${property} belirtilmiş` : `${property} belirtilmemiş`;
  }
  return exists ? `${property} is given` : `${property} is not given`;
}

/** A value of a rule or of a touchpoint. */
export function valueWords(value: ConditionValue, language: Language): string {
  if (typeof value === 'number') {
    const digits = Number.isInteger(value) ? 0 : Math.min(10, String(value).split('.')[1]?.length ?? 0);
    return formatNumber(value, language, digits);
  }
  const isTurkish = language === 'tr';
  if (value === true || value === 'true') {
    return isTurkish ? 'evet' : 'yes';
  }
  if (value === false || value === 'false') {
    return isTurkish ? 'hayır' : 'no';
  }
  return value === '' ? '""' : String(value);
}
