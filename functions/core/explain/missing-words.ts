import { formatInstant } from '../format/date-format.ts';
import { formatCount } from '../format/number-format.ts';
import type { EnterRule, Matcher } from '../lifecycle-template.ts';
import type { Language } from '../snapshot.ts';
import type { MissingForRule } from './explanation.ts';
import { matcherWords, type Names } from './rule-words.ts';

export interface Wording extends Names {
  readonly timeZone: string;
  readonly currency: string;
}

/** What has to happen for a rule to fire: "1 more order_completed on another day, before 12 March 2026 10:00". */
export function missingWords(missing: MissingForRule, rule: Matcher | EnterRule, wording: Wording): string {
  const what = matcherWords(rule, wording);
  const asked = missing.count_required === 1 ? what : countedMissing(missing, rule, what, wording);
  const after = 'after' in rule ? rule.after : undefined;
  if (!after) {
    return asked;
  }
  const first = matcherWords(after, wording);
  const isTurkish = wording.language === 'tr';
  if (missing.is_opened) {
    return isTurkish
      ? `${asked}; öncesinde gereken ${first} var`
      : `${asked}; the ${first} it needs is there`;
  }
  return isTurkish ? `önce ${first}, sonra ${asked}` : `${first} first, then ${asked}`;
}

function countedMissing(
  missing: MissingForRule,
  rule: Matcher | EnterRule,
  what: string,
  wording: Wording,
): string {
  const { language, timeZone } = wording;
  const isDays = 'count' in rule && rule.count === 'days';
  const limit = missing.before === null ? undefined : formatInstant(missing.before, timeZone, language);
  const count: CountWords = {
    missing: formatCount(missing.count_missing, language),
    isOne: missing.count_missing === 1,
    isFirst: missing.count_counted === 0,
    isDays,
    needsOtherDay: missing.needs_other_day,
  };
  const needed = language === 'tr' ? turkishCount(count, what) : englishCount(count, what);
  const window = 'within_days' in rule && rule.within_days !== undefined && limit === undefined;
  return [
    needed,
    window ? windowWords(rule.within_days ?? 0, missing.count_missing, language) : '',
    limit === undefined ? '' : limitWords(limit, language),
    ` (${standWords(missing, isDays, language)})`,
  ].join('');
}

interface CountWords {
  readonly missing: string;
  readonly isOne: boolean;
  readonly isFirst: boolean;
  readonly isDays: boolean;
  readonly needsOtherDay: boolean;
}

function englishCount({ missing, isOne, isFirst, isDays, needsOtherDay }: CountWords, what: string): string {
  if (needsOtherDay) {
    return isOne ? `${what} on 1 more day` : `${what} on ${missing} more days`;
  }
  if (isDays && !isOne) {
    return `${what} on ${missing} different days`;
  }
  return isFirst ? `${missing} × ${what}` : `${missing} more ${what}`;
}

function turkishCount({ missing, isOne, isFirst, isDays, needsOtherDay }: CountWords, what: string): string {
  if (needsOtherDay) {
    return isOne ? `başka bir günde daha ${what}` : `başka ${missing} günde daha ${what}`;
  }
  if (isDays && !isOne) {
    return `${missing} ayrı günde ${what}`;
  }
  return isFirst ? `${missing} kez ${what}` : `${missing} kez daha ${what}`;
}

/** Only where several are still to come can they lie too far apart. */
function windowWords(days: number, missing: number, language: Language): string {
  if (missing < 2) {
    return '';
  }
  const count = formatCount(days, language);
  return language === 'tr' ? `, ${count} gün içinde` : `, within ${count} ${days === 1 ? 'day' : 'days'}`;
}

const limitWords = (limit: string, language: Language): string =>
  language === 'tr' ? `, ${limit} öncesinde` : `, before ${limit}`;

/** How far it is: "1 of 2 days counts so far". */
function standWords(
  { count_required, count_counted }: MissingForRule,
  isDays: boolean,
  language: Language,
): string {
  const required = formatCount(count_required, language);
  const counted = formatCount(count_counted, language);
  if (language === 'tr') {
    return `gereken ${required}${isDays ? ' gün' : ''}, şu an sayılan ${counted}`;
  }
  const unit = isDays ? ' days' : '';
  return count_counted > count_required
    ? `${counted}${unit} count now, ${required} are enough`
    : `${counted} of ${required}${unit} ${count_counted === 1 ? 'counts' : 'count'} now`;
}
