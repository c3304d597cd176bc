import { formatInstant } from '../format/date-format.ts';
import { formatCount, formatMoney, minorUnitDigits } from '../format/number-format.ts';
import type { EnterRule, Matcher } from '../lifecycle-template.ts';
import { explainMessages } from './explain-messages.ts';
import type { ExplainedTouchpoint, Firing, LifecycleExplanation } from './explanation.ts';
import type { Wording } from './missing-words.ts';
import { ruleWords, valueWords } from './rule-words.ts';

/** Touchpoints listed of a firing: the last ones, which are those that it hangs on. */
const SHOWN_TOUCHPOINTS = 5;
const LABEL_WIDTH = 14;

/** "  Since         12 March 2026 14:05" */
export function labelled(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}

export function ruleOf({ rules }: LifecycleExplanation, ruleId: string): Matcher | EnterRule | undefined {
  return rules[ruleId];
}

/** A rule in words with its touchpoints below. */
export function firingLines(
  label: string,
  firing: Firing,
  lifecycle: LifecycleExplanation,
  wording: Wording,
): readonly string[] {
  const rule = ruleOf(lifecycle, firing.rule_id);
  const words = rule ? ruleWords(ledBy(firing.touchpoint.event, rule), wording) : firing.rule_id;
  return [
    labelled(
      label,
      firing.kind === 'leave' ? `${explainMessages[wording.language].endedBy}: ${words}` : words,
    ),
    ...touchpointLines(firing.counted, wording, firing.opened_by),
  ];
}

/** What a rule waited for, and the last of what it counted. */
export function touchpointLines(
  counted: readonly ExplainedTouchpoint[],
  wording: Wording,
  openedBy: ExplainedTouchpoint | null = null,
): readonly string[] {
  const messages = explainMessages[wording.language];
  const shown = counted.slice(-SHOWN_TOUCHPOINTS);
  const count = (items: readonly unknown[]) => formatCount(items.length, wording.language);
  const opener = openedBy ? [{ touchpoint: openedBy, note: ` (${messages.openedBy})` }] : [];
  const listed = [...opener, ...shown.map((touchpoint) => ({ touchpoint, note: '' }))].map((line) => ({
    ...line,
    at: formatInstant(line.touchpoint.occurred_at, wording.timeZone, wording.language),
  }));
  const width = Math.max(...listed.map(({ at }) => at.length));
  const isCut = shown.length < counted.length;
  return [
    ...(isCut ? [labelled('', `  ${messages.counted(count(shown), count(counted))}:`)] : []),
    ...listed.map(({ at, touchpoint, note }) =>
      labelled('', `  ${at.padEnd(width)}  ${touchpointWords(touchpoint, wording)}${note}`),
    ),
  ];
}

/** A list of events that is cut short names the one that happened. */
function ledBy<Rule extends Matcher>(event: string, rule: Rule): Rule {
  return { ...rule, event: [...rule.event].sort((a, b) => Number(b === event) - Number(a === event)) };
}

/** Event, channel, order and what met the conditions, without the instant. */
export function touchpointWords(touchpoint: ExplainedTouchpoint, wording: Wording): string {
  const { language } = wording;
  const { event, channel, order_id, amount, values } = touchpoint;
  const order = order_id ? `${explainMessages[language].order} ${order_id}` : undefined;
  return [
    event,
    channel === null ? undefined : wording.channel(channel),
    order,
    amount === null ? undefined : amountWords(amount, wording),
    ...values
      .filter(({ property }) => property !== 'amount')
      .map(({ property, value }) => `${property} = ${valueWords(numberOrText(value), language)}`),
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function amountWords(amount: string, { currency, language }: Wording): string {
  return formatMoney(Math.round(Number(amount) * 10 ** minorUnitDigits(currency)), currency, language);
}

/** Values come as text; ids of many digits and texts like 007 stay as they are written. */
function numberOrText(value: string): string | number {
  return String(Number(value)) === value && value.length < 7 ? Number(value) : value;
}
