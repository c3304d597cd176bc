import type { EnterRule } from '../lifecycle-template.ts';
import { DAY_MILLISECONDS, inWindow, isoInstant, type RuleFacts, type Taken } from './evidence.ts';
import type { MissingForRule } from './explanation.ts';

type Asked = Pick<EnterRule, 'at_least' | 'count' | 'within_days'>;

/** What a rule still needs to fire at a coming touchpoint, as things stand at an instant. */
export function missingFor(
  facts: RuleFacts,
  instant: number,
  localDay: (instant: Date) => string,
): MissingForRule {
  const { rule, ruleId, own, openers } = facts;
  const asked: Asked = 'at_least' in rule ? rule : { at_least: 1, count: 'touchpoints' };
  const window = inWindow(own, asked, instant);
  const units = asked.count === 'days' ? lastOfDays(window, localDay) : window.map(({ at }) => at);
  const counted = units.toSorted((a, b) => b - a);
  const missing = Math.max(1, asked.at_least - counted.length);
  return {
    rule_id: ruleId,
    count_required: asked.at_least,
    count_counted: counted.length,
    count_missing: missing,
    needs_other_day: asked.count === 'days' && counted.length > 0 && counted.length < asked.at_least,
    before: limitOf(counted, asked.at_least - missing, asked.within_days),
    is_opened: 'after' in rule && rule.after !== undefined ? openers.some(({ at }) => at <= instant) : null,
  };
}

/** A day counts as long as its last touchpoint lies in the window. */
function lastOfDays(window: readonly Taken[], localDay: (instant: Date) => string): readonly number[] {
  const lastAt = new Map<string, number>();
  for (const { at } of window) {
    const day = localDay(new Date(at));
    lastAt.set(day, Math.max(at, lastAt.get(day) ?? at));
  }
  return [...lastAt.values()];
}

/** When the oldest of those that are relied upon leaves the window. */
function limitOf(
  counted: readonly number[],
  reliedUpon: number,
  withinDays: number | undefined,
): string | null {
  const oldest = counted[reliedUpon - 1];
  return oldest === undefined || withinDays === undefined
    ? null
    : isoInstant(oldest + withinDays * DAY_MILLISECONDS);
}
