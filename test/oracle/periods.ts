import {
  asOfPeriod,
  type Grain,
  grains,
  isOver,
  localDay,
  nextPeriod,
  periodStart,
  periodsBetween,
} from './local-time.ts';
import type { OracleParameters, Order, Touchpoint } from './types.ts';
import { groupBy } from './values.ts';

export type CohortCell = {
  readonly grain: Grain;
  readonly cohortStart: string;
  readonly periodNumber: number;
  readonly countCohort: number;
  readonly isComplete: boolean;
  /** Null in a period that is not over. */
  readonly seen: {
    readonly countActive: number;
    readonly countOrders: number;
    readonly netMinor: bigint;
    readonly cumulativeMinor: bigint;
  } | null;
};

export type ActivityPeriod = {
  readonly grain: Grain;
  readonly periodStart: string;
  readonly countNew: number;
  readonly countReturning: number;
  readonly countResurrected: number;
  readonly countDormant: number;
  readonly isComplete: boolean;
};

type Activity = { readonly customerId: string; readonly at: number };

/** What makes a customer active: by default a counted order, else any touchpoint with the configured event. */
function activitiesOf(
  touchpoints: readonly Touchpoint[],
  placed: readonly Order[],
  activityEvent: string,
): Activity[] {
  if (activityEvent === 'order_completed') {
    return placed.map((order) => ({ customerId: order.customerId, at: order.orderedAt }));
  }
  return touchpoints
    .filter((touchpoint) => touchpoint.event === activityEvent)
    .map((touchpoint) => ({ customerId: touchpoint.customerId, at: touchpoint.occurredAt }));
}

function isPlaced(order: Order): boolean {
  return order.status === 'placed';
}

export function cohortRetentionOf(
  touchpoints: readonly Touchpoint[],
  orders: readonly Order[],
  parameters: OracleParameters,
): CohortCell[] {
  const placed = orders.filter(isPlaced);
  const activities = activitiesOf(touchpoints, placed, parameters.activityEvent);
  return grains.flatMap((grain) => {
    const periodOf = (at: number) => periodStart(localDay(at, parameters.timeZone), grain);
    const ofCustomer = groupBy(placed, (order) => order.customerId);
    const cohorts = Map.groupBy(ofCustomer.keys(), (customerId) =>
      periodOf(Math.min(...(ofCustomer.get(customerId) ?? []).map((order) => order.orderedAt))),
    );
    return [...cohorts].flatMap(([cohortStart, members]) =>
      cellsOf({ grain, cohortStart, members: new Set(members), placed, activities, periodOf, parameters }),
    );
  });
}

function cellsOf(cohort: {
  readonly grain: Grain;
  readonly cohortStart: string;
  readonly members: ReadonlySet<string>;
  readonly placed: readonly Order[];
  readonly activities: readonly Activity[];
  readonly periodOf: (at: number) => string;
  readonly parameters: OracleParameters;
}): CohortCell[] {
  const { grain, cohortStart, members, periodOf } = cohort;
  const { asOf, timeZone } = cohort.parameters;
  const orders = cohort.placed.filter((order) => members.has(order.customerId));
  const activities = cohort.activities.filter((activity) => members.has(activity.customerId));
  return periodsBetween(cohortStart, asOfPeriod(asOf, timeZone, grain), grain).map((start, periodNumber) => {
    const inPeriod = orders.filter((order) => periodOf(order.orderedAt) === start);
    const untilPeriod = orders.filter((order) => periodOf(order.orderedAt) <= start);
    const active = activities.filter((activity) => periodOf(activity.at) === start);
    const isComplete = isOver(start, asOf, timeZone, grain);
    const seen = {
      countActive: new Set(active.map((activity) => activity.customerId)).size,
      countOrders: inPeriod.length,
      netMinor: sumNet(inPeriod),
      cumulativeMinor: sumNet(untilPeriod),
    };
    const countCohort = members.size;
    return { grain, cohortStart, periodNumber, countCohort, isComplete, seen: isComplete ? seen : null };
  });
}

function sumNet(orders: readonly Order[]): bigint {
  return orders.reduce((sum, order) => sum + (order.netMinor ?? 0n), 0n);
}

export function activityLifecycleOf(
  touchpoints: readonly Touchpoint[],
  orders: readonly Order[],
  parameters: OracleParameters,
): ActivityPeriod[] {
  const activities = activitiesOf(touchpoints, orders.filter(isPlaced), parameters.activityEvent);
  if (activities.length === 0) return [];
  const first = Math.min(...activities.map((activity) => activity.at));
  return grains.flatMap((grain) => {
    const periodOf = (at: number) => periodStart(localDay(at, parameters.timeZone), grain);
    const last = asOfPeriod(parameters.asOf, parameters.timeZone, grain);
    const activeIn = new Map(
      [...groupBy(activities, (activity) => periodOf(activity.at))].map(([start, active]) => [
        start,
        new Set(active.map((activity) => activity.customerId)),
      ]),
    );
    return periodsBetween(periodOf(first), last, grain).map((start) => ({
      grain,
      periodStart: start,
      ...movementsOf(start, grain, activeIn),
      isComplete: isOver(start, parameters.asOf, parameters.timeZone, grain),
    }));
  });
}

function movementsOf(start: string, grain: Grain, activeIn: ReadonlyMap<string, ReadonlySet<string>>) {
  const active = [...(activeIn.get(start) ?? [])];
  const before = [...activeIn].find(([period]) => nextPeriod(period, grain) === start)?.[1] ?? new Set();
  const wasActiveEver = (customerId: string) =>
    [...activeIn].some(([period, customers]) => period < start && customers.has(customerId));
  return {
    countNew: active.filter((customerId) => !wasActiveEver(customerId)).length,
    countReturning: active.filter((customerId) => before.has(customerId)).length,
    countResurrected: active.filter((customerId) => wasActiveEver(customerId) && !before.has(customerId))
      .length,
    countDormant: [...before].filter((customerId) => !active.includes(customerId)).length,
  };
}
