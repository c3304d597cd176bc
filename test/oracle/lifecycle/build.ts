import { evaluateLifecycle } from './evaluate.ts';
import type { EnterRule, Lifecycle, LifecycleRows, Matcher, Run, Stage, Touchpoint } from './types.ts';

/** A page view of customer c on the web, without anything else, but for what is said otherwise. */
export function aTouchpoint(overrides: Partial<Touchpoint> = {}): Touchpoint {
  return {
    touchpoint_id: 't',
    customer_id: 'c',
    occurred_at: at('2024-01-01 10:00'),
    event: 'page_viewed',
    channel: 'web',
    order_id: null,
    product_id: null,
    category: null,
    campaign_source: null,
    campaign_medium: null,
    campaign_name: null,
    reporting_amount: null,
    properties: null,
    ...overrides,
  };
}

/** An instant as the page writes it: UTC, to the minute, second or millisecond. */
export function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** An instant as the page writes it; null stays null. */
export function written(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}

export const run: Run = { asOf: at('2024-12-31 00:00'), timeZone: 'UTC' };

export type Happened = readonly [when: string, event: string, overrides?: Partial<Touchpoint>];

/** Touchpoints of the events at the instants, named t1, t2, … in that order. */
export function events(...happened: readonly Happened[]): Touchpoint[] {
  return happened.map(([when, event, overrides], index) =>
    aTouchpoint({ touchpoint_id: `t${index + 1}`, occurred_at: at(when), event, ...overrides }),
  );
}

export function aStage(
  id: string,
  enter: EnterRule | readonly EnterRule[],
  overrides: Partial<Stage> = {},
): Stage {
  return { id, enter: [enter].flat() as EnterRule[], ...overrides };
}

export function aLifecycle(stages: readonly Stage[], overrides: Partial<Lifecycle> = {}): Lifecycle {
  return { lifecycle: 'l', stages, ...overrides };
}

/** Stages a, b, c that the events of the same name signal, each holding for so many days (for ever without). */
export function plainStages(holds: Readonly<Record<string, number | null>>): Stage[] {
  return Object.entries(holds).map(([id, hold_days]) => aStage(id, { event: id }, { hold_days }));
}

export type Told = readonly [stage: string, entered: string | null, left: string | null];

/** The memberships as the worked example writes them. */
export function told(rows: LifecycleRows): Told[] {
  return rows.stage_memberships.map(({ stage_id, entered_at, left_at }) => [
    stage_id,
    written(entered_at),
    written(left_at),
  ]);
}

/** Ids of the touchpoints at which a lone rule fires. */
export function firedAt(
  rule: EnterRule,
  touchpoints: readonly Touchpoint[],
  overrides: Partial<Run> = {},
): string[] {
  const rows = evaluateLifecycle(aLifecycle([aStage('a', rule)]), touchpoints, { ...run, ...overrides });
  return rows.firings.map(({ touchpoint }) => touchpoint.touchpoint_id).sort();
}

/** Does a lone touchpoint match? */
export function isMatched(matcher: Omit<Matcher, 'event'>, touchpoint: Partial<Touchpoint>): boolean {
  return firedAt({ event: '*', ...matcher }, [aTouchpoint(touchpoint)]).length === 1;
}
