import { formatInstant } from '../format/date-format.ts';
import { formatCount } from '../format/number-format.ts';
import type { EnterRule } from '../lifecycle-template.ts';
import { explainMessages } from './explain-messages.ts';
import type { ExplainedMembership, LifecycleExplanation } from './explanation.ts';
import { ruleOf, touchpointWords } from './firing-lines.ts';
import type { Wording } from './missing-words.ts';
import { matcherWords, ruleWords } from './rule-words.ts';

/** Memberships listed: the last ones. */
const SHOWN_MEMBERSHIPS = 12;

/** Each membership with from, to and what began it; nothing while there is only the current one. */
export function historyLines(lifecycle: LifecycleExplanation, wording: Wording): readonly string[] {
  const { memberships } = lifecycle;
  if (memberships.length < 2) {
    return [];
  }
  const { language } = wording;
  const messages = explainMessages[language];
  const shown = memberships.slice(-SHOWN_MEMBERSHIPS);
  const cut = memberships.length - shown.length;
  const rows = shown.map((membership) => [
    ...spanWords(membership, wording),
    membership.label[language],
    causeWords(membership, lifecycle, wording),
  ]);
  return [
    '',
    messages.history,
    ...(cut === 0 ? [] : [`  ${messages.earlier(formatCount(cut, language), cut === 1)}`]),
    ...alignedRows(rows),
  ];
}

function spanWords({ entered_at, left_at }: ExplainedMembership, { language, timeZone }: Wording): string[] {
  const from = formatInstant(entered_at, timeZone, language);
  const to = left_at === null ? explainMessages[language].now : formatInstant(left_at, timeZone, language);
  return [from, `– ${to}`];
}

/** "moved up, skipped 2: order_completed on at least 2 different days (order_completed, Website)". */
function causeWords(
  membership: ExplainedMembership,
  lifecycle: LifecycleExplanation,
  wording: Wording,
): string {
  const { language } = wording;
  const messages = explainMessages[language];
  const { kind, count_skipped, cause, from_stage_id } = membership;
  const skipped = count_skipped === null ? '' : `, ${messages.skipped(formatCount(count_skipped, language))}`;
  const how = `${messages.kinds[kind]}${skipped}: `;
  if (!cause) {
    const from = lifecycle.memberships.find(({ stage_id }) => stage_id === from_stage_id);
    return `${how}${messages.holdRanOut(from?.label[language] ?? '')}`;
  }
  const rule = ruleOf(lifecycle, cause.rule_id);
  const touchpoint = touchpointWords(cause.touchpoint, wording);
  if (cause.kind === 'leave') {
    return `${how}${messages.endedBy} ${touchpoint}`;
  }
  const reason = rule && 'at_least' in rule ? reasonWords(rule, wording) : '';
  return `${how}${touchpoint}${reason === '' ? '' : ` [${reason}]`}`;
}

/** What the touchpoint alone does not show: that the rule counts, or waits for another. */
function reasonWords(rule: EnterRule, wording: Wording): string {
  if (rule.at_least > 1) {
    return ruleWords(rule, wording);
  }
  return rule.after ? explainMessages[wording.language].after(matcherWords(rule.after, wording)) : '';
}

function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
    );
    return `  ${cells.join('  ').trimEnd()}`;
  });
}
