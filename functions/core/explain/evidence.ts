import type { EnterRule, Matcher } from '../lifecycle-template.ts';
import type { ExplainedTouchpoint, Firing } from './explanation.ts';

/** A touchpoint that a matcher takes. */
export interface Taken {
  /** In the order of the models: by time, then by id. */
  readonly position: number;
  readonly at: number;
  readonly touchpoint: ExplainedTouchpoint;
}

/** A rule with what the models found for one customer. */
export interface RuleFacts {
  readonly ruleId: string;
  readonly kind: 'enter' | 'leave';
  readonly stageRank: number;
  readonly ruleNumber: number;
  readonly rule: Matcher | EnterRule;
  /** In order of position. */
  readonly own: readonly Taken[];
  /** What its `after` takes, in order of position. */
  readonly openers: readonly Taken[];
  /** Instants at which it fires. */
  readonly firedAt: readonly number[];
}

export const DAY_MILLISECONDS = 86_400_000;

export const isoInstant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A rule at one of its own touchpoints, with all that counts for it there. */
export function firingOf(facts: RuleFacts, touchpointId: string): Firing | null {
  const fired = facts.own.find(({ touchpoint }) => touchpoint.touchpoint_id === touchpointId);
  if (!fired) {
    return null;
  }
  return {
    rule_id: facts.ruleId,
    kind: facts.kind,
    at: isoInstant(fired.at),
    touchpoint: fired.touchpoint,
    counted: countedAt(facts, fired).map(({ touchpoint }) => touchpoint),
    opened_by: facts.openers.find(({ at }) => at <= fired.at)?.touchpoint ?? null,
  };
}

function countedAt({ rule, own }: RuleFacts, fired: Taken): readonly Taken[] {
  if (!('at_least' in rule) || rule.at_least === 1) {
    return [fired];
  }
  return inWindow(own, rule, fired.at);
}

/** What counts at an instant: the window is open at its far end. */
export function inWindow(
  own: readonly Taken[],
  { within_days }: Pick<EnterRule, 'within_days'>,
  instant: number,
): readonly Taken[] {
  const from =
    within_days === undefined ? Number.NEGATIVE_INFINITY : instant - within_days * DAY_MILLISECONDS;
  return own.filter(({ at }) => at > from && at <= instant);
}

/** The latest firing of any of a stage's rules: as every signal holds equally long, it is the one that holds it. */
export function latestFiring(rules: readonly RuleFacts[]): Firing | null {
  const entering = rules.filter(({ kind }) => kind === 'enter');
  const latest = entering.reduce(
    (found, { firedAt }) => firedAt.reduce((most, at) => Math.max(most, at), found),
    Number.NEGATIVE_INFINITY,
  );
  const [first] = entering
    .filter(({ firedAt }) => firedAt.includes(latest))
    .flatMap((facts) => {
      const fired = facts.own.find(({ at }) => at === latest);
      return fired ? [{ facts, fired }] : [];
    })
    .sort((a, b) => a.fired.position - b.fired.position || a.facts.ruleNumber - b.facts.ruleNumber);
  return first ? firingOf(first.facts, first.fired.touchpoint.touchpoint_id) : null;
}
