import { expect } from 'vitest';
import type { LifecycleExplanation, MissingForRule } from '../../functions/core/explain/explanation.ts';
import { localCuts } from '../oracle/lifecycle/local-cuts.ts';
import { matches } from '../oracle/lifecycle/match.ts';
import { membershipsOf } from '../oracle/lifecycle/memberships.ts';
import { firingsOf, signalsOf } from '../oracle/lifecycle/signals.ts';
import type { Firing, Lifecycle, Membership, Run, Touchpoint } from '../oracle/lifecycle/types.ts';
import type { Relations } from '../oracle/types.ts';
import type { Asked } from './explained-world.ts';

const FAR = Date.parse('9999-12-31T00:00:00Z');

/** How often each thing was looked at: a property that never applied proves nothing. */
export const tried = { current: 0, never: 0, runsOut: 0, held: 0, limits: 0 };

const iso = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();

type Told = readonly [stage: string, from: string, to: string | null];

function membershipsTold({ memberships }: LifecycleExplanation): Told[] {
  return memberships.map(({ stage_id, entered_at, left_at }) => [stage_id, entered_at, left_at]);
}

/** As the mart has them, up to an instant at which the last of them still lasts. */
function membershipsPublished(relations: Relations, { customerId, lifecycle }: Asked, at: number): Told[] {
  const instant = (value: unknown) => new Date(`${String(value).replace(' ', 'T')}Z`).toISOString();
  return (relations.stage_memberships ?? [])
    .filter((row) => row.customer_id === customerId && row.lifecycle_id === lifecycle)
    .map(
      (row): Told => [
        String(row.stage_id),
        instant(row.entered_at),
        row.left_at === null ? null : instant(row.left_at),
      ],
    )
    .filter(([, from]) => Date.parse(from) <= at)
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([stage, from, to]) => [stage, from, to !== null && Date.parse(to) <= at ? to : null]);
}

/** One customer and lifecycle at an instant, with what the oracle says of it. */
export class Expected {
  readonly #lifecycle: Lifecycle;
  readonly #run: Run;
  readonly #seen: readonly Touchpoint[];
  readonly at: number;

  constructor(lifecycle: Lifecycle, run: Run, own: readonly Touchpoint[], at: number) {
    this.#lifecycle = lifecycle;
    this.#run = run;
    this.#seen = own.filter(({ occurred_at }) => occurred_at <= at);
    this.at = at;
  }

  /** With touchpoints that have not happened, or without. */
  firings(more: readonly Touchpoint[] = []): Firing[] {
    const all = [...this.#seen, ...more].sort((a, b) => a.occurred_at - b.occurred_at);
    return firingsOf(this.#lifecycle, all, localCuts(this.#run));
  }

  /** To the end of time, when nothing else happens. */
  memberships(customerId: string): Membership[] {
    const signals = signalsOf(this.#lifecycle, this.#seen, this.firings());
    return membershipsOf(this.#lifecycle, customerId, signals, FAR);
  }

  /** What a rule of a stage takes, by its id `lifecycle.stage.n`. */
  matching(ruleId: string): Touchpoint[] {
    const [, stageId, number] = ruleId.split('.');
    const stage = this.#lifecycle.stages.find(({ id }) => id === stageId);
    const rule = stage?.enter?.[Number(number) - 1];
    return rule ? this.#seen.filter((touchpoint) => matches(rule, touchpoint)) : [];
  }

  dayOf(instant: number): string {
    return localCuts(this.#run).dayOf(instant);
  }
}

/** An explanation, held against the marts and against the oracle. */
export function expectExplained(
  one: LifecycleExplanation,
  asked: Asked,
  relations: Relations,
  expected: Expected,
): void {
  const place = `${asked.customerId} ${asked.lifecycle} ${asked.at?.toISOString()}`;
  expect(one.matches_published, place).toBe(true);
  expect(membershipsTold(one), place).toEqual(membershipsPublished(relations, asked, expected.at));
  const future = expected.memberships(asked.customerId);
  const standing = future.filter(({ entered_at }) => entered_at <= expected.at).at(-1);
  expect(one.current?.stage_id, place).toBe(standing?.stage_id);
  expect(one.current?.runs_out_at ?? null, place).toBe(iso(standing?.left_at ?? null));
  const later = future.filter(({ entered_at }) => entered_at > expected.at);
  expect(
    (one.current?.afterwards ?? []).map(({ stage_id, from }) => [stage_id, from]),
    place,
  ).toEqual(later.map(({ stage_id, entered_at }) => [stage_id, iso(entered_at)]));
  tried.current += standing ? 1 : 0;
  tried.runsOut += standing?.left_at ? 1 : 0;
  tried.never += standing && standing.left_at === null ? 1 : 0;
  expectHeld(one, expected, place);
  for (const { rules } of one.ways_up) for (const missing of rules) expectLimit(missing, expected, place);
}

/** The firing that holds the stage is the latest one that the oracle finds for it, with enough that counts. */
function expectHeld({ current, rules }: LifecycleExplanation, expected: Expected, place: string): void {
  const held = current?.held_by;
  if (!current || !held) {
    expect(current?.stage_rank ?? 0, place).toBe(0);
    return;
  }
  const firings = expected.firings().filter(({ stage_id }) => stage_id === current.stage_id);
  const latest = Math.max(...firings.map(({ touchpoint }) => touchpoint.occurred_at));
  expect(held.at, place).toBe(iso(latest));
  expect(
    firings.some(
      ({ rule_id, touchpoint }) =>
        rule_id === held.rule_id &&
        touchpoint.touchpoint_id === held.touchpoint.touchpoint_id &&
        touchpoint.occurred_at === latest,
    ),
    place,
  ).toBe(true);
  const rule = rules[held.rule_id];
  if (!rule || !('at_least' in rule)) throw new Error(`${place}: the rule is not there`);
  const units = held.counted.map(({ touchpoint_id, occurred_at }) =>
    rule.count === 'days' ? expected.dayOf(Date.parse(occurred_at)) : touchpoint_id,
  );
  expect(new Set(units).size, place).toBeGreaterThanOrEqual(rule.at_least);
  expect(held.opened_by === null, place).toBe(rule.after === undefined);
  tried.held += 1;
}

/** One more of what counts, a millisecond before the limit, fires the rule; at the limit it does not. */
function expectLimit(missing: MissingForRule, expected: Expected, place: string): void {
  const isExact = missing.count_missing === 1 && missing.count_counted < missing.count_required;
  if (missing.before === null || !isExact || missing.is_opened === false) return;
  const matching = expected.matching(missing.rule_id);
  const example = matching.at(-1);
  const limit = Date.parse(missing.before);
  const isSameDay = matching.some(
    ({ occurred_at }) => expected.dayOf(occurred_at) === expected.dayOf(limit - 1),
  );
  if (!example || limit - 1 <= expected.at || isSameDay) return;
  const firesAt = (occurred_at: number) =>
    expected
      .firings([{ ...example, touchpoint_id: 'one more', occurred_at }])
      .some(
        ({ rule_id, touchpoint }) => rule_id === missing.rule_id && touchpoint.touchpoint_id === 'one more',
      );
  expect(firesAt(limit - 1), `${place} ${missing.rule_id} before ${missing.before}`).toBe(true);
  expect(firesAt(limit), `${place} ${missing.rule_id} at ${missing.before}`).toBe(false);
  tried.limits += 1;
}
