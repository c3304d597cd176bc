import { localDay, periodStart } from './local-time.ts';
import { adjustmentsOf } from './orders.ts';
import { inOrder } from './touchpoints.ts';
import type { Customer, OracleParameters, Order, Touchpoint } from './types.ts';
import { groupBy } from './values.ts';

/** One customer for everybody with a touchpoint; the touchpoints were already cut at the as-of instant. */
export function customersOf(
  touchpoints: readonly Touchpoint[],
  orders: readonly Order[],
  parameters: OracleParameters,
): Customer[] {
  const adjustments = adjustmentsOf(touchpoints);
  return [...groupBy(touchpoints, (touchpoint) => touchpoint.customerId)].map(([customerId, own]) => {
    const isOwn = (thing: { readonly customerId: string }) => thing.customerId === customerId;
    return toCustomer(customerId, own, orders.filter(isOwn), adjustments.filter(isOwn), parameters);
  });
}

function toCustomer(
  customerId: string,
  touchpoints: readonly Touchpoint[],
  orders: readonly Order[],
  adjustments: readonly Touchpoint[],
  parameters: OracleParameters,
): Customer {
  const touchTimes = touchpoints.map((touchpoint) => touchpoint.occurredAt);
  const placed = orders.filter((order) => order.status === 'placed');
  const orderTimes = placed.map((order) => order.orderedAt);
  const firstOrderAt = placed.length === 0 ? null : Math.min(...orderTimes);
  const acquisition = inOrder(touchpoints).find((touchpoint) => touchpoint.marketingChannel !== null);
  const located = inOrder(touchpoints).findLast((touchpoint) => touchpoint.values.country !== null);
  return {
    customerId,
    firstTouchAt: Math.min(...touchTimes),
    lastTouchAt: Math.max(...touchTimes),
    firstOrderAt,
    lastOrderAt: placed.length === 0 ? null : Math.max(...orderTimes),
    acquisitionChannel: acquisition?.marketingChannel ?? null,
    acquisitionCampaign: acquisition?.values.campaign_name ?? null,
    country: located?.values.country ?? null,
    cohortMonth:
      firstOrderAt === null ? null : periodStart(localDay(firstOrderAt, parameters.timeZone), 'month'),
    countOrders: placed.length,
    netMinor:
      orders.reduce((sum, order) => sum + (order.netMinor ?? 0n), 0n) -
      adjustments.reduce((sum, adjustment) => sum + (adjustment.amountMinor ?? 0n), 0n),
  };
}
