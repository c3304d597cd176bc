import { formatInstant } from '../format/date-format.ts';
import { formatCount } from '../format/number-format.ts';
import { explainMessages } from './explain-messages.ts';
import type { CurrentStage, Explanation, Firing, LifecycleExplanation, WayUp } from './explanation.ts';
import { firingLines, labelled, ruleOf, touchpointLines } from './firing-lines.ts';
import { historyLines } from './history-lines.ts';
import { missingWords, type Wording } from './missing-words.ts';
import { matcherWords } from './rule-words.ts';

/** An explanation for a person, in lines of plain text. */
export function explanationText(explanation: Explanation, wording: Wording): string {
  const { language, timeZone } = wording;
  const messages = explainMessages[language];
  // the last millisecond before the cut is said as the cut
  const isLatest = Date.parse(explanation.at) === Date.parse(explanation.as_of) - 1;
  const when = (instant: string) => formatInstant(instant, timeZone, language);
  const asOf = messages.asOf(when(isLatest ? explanation.as_of : explanation.at));
  const run = isLatest ? '' : `; ${messages.lastRun(when(explanation.as_of))}`;
  const head = `${messages.customer} ${explanation.customer_id}, ${asOf} (${timeZone})${run}`;
  const notes = explanation.is_configuration_current ? [] : [messages.configurationChanged];
  const parts = explanation.lifecycles.map((lifecycle) => lifecycleLines(lifecycle, wording).join('\n'));
  return `${[[head, ...notes].join('\n'), ...parts].join('\n\n')}\n`;
}

function lifecycleLines(lifecycle: LifecycleExplanation, wording: Wording): readonly string[] {
  const messages = explainMessages[wording.language];
  const { label, policy, matches_published, current } = lifecycle;
  return [
    `${label[wording.language]} (${messages[policy]})`,
    ...(matches_published ? [] : [messages.differsFromPublished]),
    '',
    ...(current ? currentLines(lifecycle, current, wording) : [labelled(messages.stage, messages.noStage)]),
    ...historyLines(lifecycle, wording),
    ...waysUpLines(lifecycle, wording),
  ];
}

function currentLines(
  lifecycle: LifecycleExplanation,
  current: CurrentStage,
  wording: Wording,
): readonly string[] {
  const { language, timeZone } = wording;
  const messages = explainMessages[language];
  const entered = lifecycle.memberships.at(-1)?.cause ?? null;
  const held = current.held_by;
  const isRenewed = held !== null && held.at !== current.since;
  const place =
    current.stage_rank === 0
      ? ''
      : ` (${messages.ofStages(formatCount(current.stage_rank, language), formatCount(lifecycle.count_stages, language))})`;
  return [
    labelled(messages.stage, `${current.label[language]}${place}`),
    labelled(messages.since, formatInstant(current.since, timeZone, language)),
    ...(entered
      ? firingLines(messages.because, entered, lifecycle, wording)
      : ranOutLines(lifecycle, wording)),
    ...(isRenewed && held ? renewalLines(entered, held, lifecycle, wording) : []),
    ...endLines(lifecycle, current, wording),
  ];
}

/** A rule is said once: when it only fired again, what is new is enough. */
function renewalLines(
  entered: Firing | null,
  held: Firing,
  lifecycle: LifecycleExplanation,
  wording: Wording,
): readonly string[] {
  const { renewed, sameRule } = explainMessages[wording.language];
  if (entered?.rule_id !== held.rule_id) {
    return firingLines(renewed, held, lifecycle, wording);
  }
  const fresh = held.counted.filter(({ occurred_at }) => occurred_at > entered.at);
  return [labelled(renewed, sameRule), ...touchpointLines(fresh, wording)];
}

function ranOutLines({ memberships }: LifecycleExplanation, { language }: Wording): readonly string[] {
  const before = memberships.at(-2);
  const messages = explainMessages[language];
  return before ? [labelled(messages.because, messages.holdRanOut(before.label[language]))] : [];
}

function endLines(
  lifecycle: LifecycleExplanation,
  current: CurrentStage,
  wording: Wording,
): readonly string[] {
  const { language, timeZone } = wording;
  const messages = explainMessages[language];
  const when = (instant: string) => formatInstant(instant, timeZone, language);
  if (current.runs_out_at === null) {
    return current.stage_rank === 0
      ? [labelled(messages.lasts, messages.untilSignal)]
      : [labelled(messages.runsOut, messages.never), ...leaveLines(lifecycle, current, wording)];
  }
  const later = current.afterwards.map(({ label, until }) =>
    until === null ? label[language] : `${label[language]} (${messages.until} ${when(until)})`,
  );
  return [
    labelled(messages.runsOut, when(current.runs_out_at)),
    labelled('', `${messages.afterwards} ${later.join(' → ')}`),
    ...leaveLines(lifecycle, current, wording),
  ];
}

function leaveLines(
  lifecycle: LifecycleExplanation,
  { left_by }: CurrentStage,
  wording: Wording,
): readonly string[] {
  const texts = left_by.flatMap((id) => {
    const rule = ruleOf(lifecycle, id);
    return rule ? [matcherWords(rule, wording)] : [];
  });
  const { endsAtOnce } = explainMessages[wording.language];
  return [...new Set(texts)].map((text, index) => labelled(index === 0 ? endsAtOnce : '', text));
}

function waysUpLines(lifecycle: LifecycleExplanation, wording: Wording): readonly string[] {
  const messages = explainMessages[wording.language];
  if (lifecycle.ways_up.length === 0) {
    return ['', messages.top];
  }
  const rank = lifecycle.current?.stage_rank;
  const title = rank === undefined ? messages.waysIn : rank === 0 ? messages.waysBack : messages.waysUp;
  return ['', title, ...lifecycle.ways_up.flatMap((way) => wayLines(way, lifecycle, wording))];
}

function wayLines(way: WayUp, lifecycle: LifecycleExplanation, wording: Wording): readonly string[] {
  const { language } = wording;
  const several = way.rules.length > 1 ? `, ${explainMessages[language].anyOne}` : '';
  const rules = way.rules.flatMap((missing) => {
    const rule = ruleOf(lifecycle, missing.rule_id);
    return rule ? [`    - ${missingWords(missing, rule, wording)}`] : [];
  });
  return [`  ${way.label[language]}${several}:`, ...rules];
}
