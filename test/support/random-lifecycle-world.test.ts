import { describe, expect, it } from 'vitest';
import { evaluateSeen } from '../oracle/lifecycle/evaluate.ts';
import { ordersOf, touchpointsBefore, touchpointsSeen } from '../oracle/lifecycle/seen.ts';
import { dayMilliseconds, type EnterRule, listOf } from '../oracle/lifecycle/types.ts';
import { localDay } from '../oracle/local-time.ts';
import type { LifecycleInput } from './lifecycle-engine.ts';
import { inputOf, shrinkInput, shuffleInput, worldOf } from './lifecycle-world-changes.ts';
import {
  groupNumberOf,
  type LifecycleWorld,
  policyOf,
  randomGroup,
  worldsPerGroup,
} from './random-lifecycle-world.ts';

const groups = [0, 1, 2, 3].map((number) => randomGroup(number));
const inputs = groups.map(inputOf);
const judged = inputs.map((input) => {
  const seen = touchpointsSeen(input.touchpoints, input.run.asOf);
  return { input, seen, rows: input.lifecycles.map((lifecycle) => evaluateSeen(lifecycle, seen, input.run)) };
});
const all = <Item>(pick: (of: (typeof judged)[number]) => readonly Item[]): Item[] => judged.flatMap(pick);

/** Every name that a world gives, each once. */
function namesOf({ touchpoints, lifecycles }: LifecycleWorld): string[] {
  const own = touchpoints.flatMap((row) => [row.touchpoint_id, row.customer_id, row.order_id ?? '']);
  return [...new Set([...own, ...lifecycles.map(({ lifecycle }) => lifecycle)])].filter(
    (name) => name !== '',
  );
}

describe('random lifecycle worlds', () => {
  it('are the same for the same number', () => {
    expect(randomGroup(3)).toEqual(groups[3]);
    expect(randomGroup(3, 2).worlds).toEqual(groups[3]?.worlds.slice(0, 2));
    expect(randomGroup(4)).not.toEqual(groups[3]);
  });

  it('are numbered from 1, in groups, half of them on each policy', () => {
    const numbers = groups.flatMap(({ worlds }) => worlds.map(({ number }) => number));
    expect(numbers).toEqual(Array.from({ length: 4 * worldsPerGroup }, (_, index) => index + 1));
    expect(groupNumberOf(worldsPerGroup)).toBe(0);
    expect(groupNumberOf(worldsPerGroup + 1)).toBe(1);
    expect(numbers.filter((number) => policyOf(number) === 'latest')).toHaveLength(2 * worldsPerGroup);
  });

  it('never share a touchpoint, a customer, an order or a lifecycle', () => {
    for (const { worlds } of groups) {
      const names = worlds.flatMap(namesOf);
      expect(names.length).toBeGreaterThan(300);
      expect(new Set(names).size).toBe(names.length);
    }
    for (const { touchpoints } of inputs)
      expect(new Set(touchpoints.map(({ touchpoint_id }) => touchpoint_id)).size).toBe(touchpoints.length);
  });
});

describe('what random lifecycle worlds bring', () => {
  it('is every kind of transition, caused by an entry, a leave or nothing', () => {
    const told = all(({ rows }) => rows.flatMap(({ stage_transitions }) => stage_transitions)).map(
      ({ kind, rule_id }) =>
        `${kind} ${rule_id === null ? 'nothing' : rule_id.includes('.leave.') ? 'leave' : 'entry'}`,
    );
    expect(new Set(told)).toEqual(
      new Set([
        'enter entry',
        'advance entry',
        'skip entry',
        'return entry',
        'return leave',
        'return nothing',
        'lapse leave',
        'lapse nothing',
        'reactivate entry',
      ]),
    );
  });

  it('is every state of an order, also over several customers', () => {
    const orders = all(({ input }) => ordersOf(touchpointsBefore(input.touchpoints, input.run.asOf)));
    expect(new Set(orders.map(({ status }) => status))).toEqual(
      new Set(['placed', 'cancelled', 'refunded', 'empty']),
    );
    expect(
      orders.some(({ status, refunded_amount }) => status === 'placed' && refunded_amount !== null),
    ).toBe(true);
    expect(orders.some(({ status, gross_amount }) => status === 'placed' && gross_amount === null)).toBe(
      true,
    );
    expect(orders.some(({ lines }) => new Set(lines.map(({ customer_id }) => customer_id)).size > 1)).toBe(
      true,
    );
  });

  it('is touchpoints of one instant, at and after the as-of instant, at local midnights and on days of 23 or 25 hours', () => {
    const touchpoints = all(({ input }) => input.touchpoints.map((row) => ({ ...row, ...input.run })));
    const keys = touchpoints.map(({ customer_id, occurred_at }) => `${customer_id} ${occurred_at}`);
    expect(new Set(keys).size).toBeLessThan(keys.length);
    expect(touchpoints.some(({ occurred_at, asOf }) => occurred_at === asOf)).toBe(true);
    expect(touchpoints.some(({ occurred_at, asOf }) => occurred_at > asOf)).toBe(true);
    expect(
      touchpoints.some(
        ({ occurred_at, timeZone }) =>
          localDay(occurred_at, timeZone) !== localDay(occurred_at - 1, timeZone),
      ),
    ).toBe(true);
    const zones = new Set(Array.from({ length: 40 }, (_, number) => randomGroup(number, 0).run.timeZone));
    expect(zones).toEqual(
      new Set(['Europe/Istanbul', 'Europe/London', 'America/New_York', 'Asia/Kathmandu']),
    );
  });
});

describe('what random lifecycles bring', () => {
  it('is entries and ends at the very instant at which a hold ends, and holds that end at the as-of instant', () => {
    const meets = judged.flatMap(({ input, rows }) =>
      input.lifecycles.flatMap(({ stages }, index) => {
        const { firings = [], stage_transitions = [] } = rows[index] ?? {};
        const ends = firings.flatMap(({ stage_id, customer_id, touchpoint }) => {
          const hold = stages.find(({ id }) => id === stage_id)?.hold_days;
          return hold ? [{ customer_id, at: touchpoint.occurred_at + hold * dayMilliseconds }] : [];
        });
        const keys = new Set(ends.map(({ customer_id, at }) => `${customer_id} ${at}`));
        return [
          ...(ends.some(({ at }) => at === input.run.asOf) ? ['as-of'] : []),
          ...stage_transitions
            .filter(({ customer_id, occurred_at }) => keys.has(`${customer_id} ${occurred_at}`))
            .map(({ rule_id }) =>
              rule_id === null ? 'alone' : rule_id.includes('.leave.') ? 'leave' : 'entry',
            ),
        ];
      }),
    );
    expect(new Set(meets)).toEqual(new Set(['as-of', 'alone', 'leave', 'entry']));
  });

  it('is every key of a rule and every operator', () => {
    const rules = all(({ input }) =>
      input.lifecycles.flatMap(({ stages }) => stages.flatMap(({ enter = [] }) => enter)),
    );
    const keys = new Set(rules.flatMap((rule: EnterRule) => Object.keys(rule)));
    expect(keys).toEqual(new Set(['event', 'channel', 'where', 'at_least', 'count', 'within_days', 'after']));
    const conditions = rules.flatMap(({ where }) => listOf(where));
    expect(new Set(conditions.flatMap((condition) => Object.keys(condition)))).toEqual(
      new Set(['property', 'eq', 'ne', 'in', 'gte', 'lte', 'exists']),
    );
    const stageCounts = all(({ input }) => input.lifecycles.map(({ stages }) => stages.length));
    expect(new Set(stageCounts)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  });

  it('is memberships that are mature, immature, advanced and estimated, and flows that are unfinished', () => {
    const dropoffs = all(({ rows }) => rows.flatMap(({ stage_dropoffs }) => stage_dropoffs));
    expect(dropoffs.some((row) => row.count_immature > 0 && row.count_immature < row.count_entered)).toBe(
      true,
    );
    expect(dropoffs.some((row) => row.count_advanced > 0 && (row.count_shortfall ?? 0) > 0)).toBe(true);
    expect(
      dropoffs.some((row) => row.advance_rate !== null && row.km_advance_rate !== row.advance_rate),
    ).toBe(true);
    expect(dropoffs.some((row) => row.median_days_in_stage === null)).toBe(true);
    const flows = all(({ rows }) => rows.flatMap(({ stage_flows }) => stage_flows));
    expect(new Set(flows.map(({ grain, is_complete }) => `${grain} ${is_complete}`)).size).toBe(6);
  });
});

describe('metamorphic relations of the oracle', () => {
  const rowsOf = ({ run, touchpoints, lifecycles }: LifecycleInput) => {
    const seen = touchpointsSeen(touchpoints, run.asOf);
    return lifecycles.map((lifecycle) => evaluateSeen(lifecycle, seen, run));
  };
  const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();

  it.each([0, 1])('shuffled and repeated touchpoints of group %i give the same rows', (number) => {
    const input = inputOf(randomGroup(number, 8));
    const disturbed = shuffleInput(
      { ...input, touchpoints: [...input.touchpoints, ...input.touchpoints.slice(0, 30)] },
      number,
    );

    const plain = rowsOf(input);
    for (const [index, { firings: _, ...rows }] of rowsOf(disturbed).entries()) {
      for (const [relation, own] of Object.entries(rows))
        expect(sorted(own), relation).toEqual(sorted(plain[index]?.[relation as keyof typeof rows] ?? []));
    }
  });
});

describe('shrinking', () => {
  it('leaves what it takes to fail, and nothing else', async () => {
    const group = groups[1];
    const input = inputs[1];
    if (group === undefined || input === undefined) throw new Error('no group');
    const lifecycle = input.lifecycles.findLast(({ stages }) =>
      stages.some(({ leave }) => leave !== undefined),
    );
    const needed = [input.touchpoints[7], input.touchpoints[111]].map((row) => row?.touchpoint_id);
    const fails = async (candidate: LifecycleInput) =>
      needed.every((id) => candidate.touchpoints.some(({ touchpoint_id }) => touchpoint_id === id)) &&
      candidate.lifecycles.some(
        (own) =>
          own.lifecycle === lifecycle?.lifecycle && own.stages.some(({ leave }) => leave !== undefined),
      );

    const smallest = await shrinkInput(input, fails, 500);

    expect(smallest.touchpoints.map(({ touchpoint_id }) => touchpoint_id)).toEqual(needed);
    expect(smallest.lifecycles.map((own) => own.lifecycle)).toEqual([lifecycle?.lifecycle]);
    const parts = smallest.lifecycles.flatMap(({ stages }) =>
      stages.flatMap(({ enter = [], leave = [] }) => [...enter, ...leave]),
    );
    expect(parts).toHaveLength(1);
    expect(smallest.lifecycles[0]?.stages.map(({ id }) => id)).toEqual(lifecycle?.stages.map(({ id }) => id));
    expect(worldOf(group, lifecycle?.lifecycle ?? '')?.lifecycles).toContain(lifecycle);
  });
});
