import { customersOf } from './customers.ts';
import { ordersOf } from './orders.ts';
import { activityLifecycleOf, cohortRetentionOf } from './periods.ts';
import { segmentsOf } from './rfm.ts';
import { isBefore } from './touchpoints.ts';
import type { OracleParameters, Order, Relations, Row, Seeds, Touchpoint } from './types.ts';
import { formatMinor } from './values.ts';

/** The marts that the oracle expects, under the contract's names, from touchpoints that are not yet cut. */
export function martsOf(
  allTouchpoints: readonly Touchpoint[],
  parameters: OracleParameters,
  seeds: Seeds,
): Relations {
  const touchpoints = allTouchpoints.filter(isBefore(parameters.asOf));
  const orders = ordersOf(touchpoints);
  const customers = customersOf(touchpoints, orders, parameters);
  const currency_code = parameters.currency;
  return {
    orders: orders.map((order) => ({ ...orderRow(order), currency_code })),
    customers: customers.map((customer) => ({
      customer_id: customer.customerId,
      first_touch_at: customer.firstTouchAt,
      first_order_at: customer.firstOrderAt,
      last_touch_at: customer.lastTouchAt,
      last_order_at: customer.lastOrderAt,
      acquisition_channel: customer.acquisitionChannel,
      acquisition_campaign: customer.acquisitionCampaign,
      country: customer.country,
      cohort_month: customer.cohortMonth,
      count_orders: customer.countOrders,
      net_amount: money(customer.netMinor),
      currency_code,
    })),
    cohort_retention: cohortRetentionOf(touchpoints, orders, parameters).map((cell) => ({
      grain: cell.grain,
      cohort_start: cell.cohortStart,
      period_number: cell.periodNumber,
      count_cohort: cell.countCohort,
      count_active: cell.seen?.countActive ?? null,
      count_orders: cell.seen?.countOrders ?? null,
      net_amount: money(cell.seen?.netMinor ?? null),
      cumulative_net_amount: money(cell.seen?.cumulativeMinor ?? null),
      currency_code,
      is_complete: cell.isComplete,
    })),
    activity_lifecycle: activityLifecycleOf(touchpoints, orders, parameters).map((period) => ({
      grain: period.grain,
      period_start: period.periodStart,
      count_new: period.countNew,
      count_returning: period.countReturning,
      count_resurrected: period.countResurrected,
      count_dormant: period.countDormant,
      is_complete: period.isComplete,
    })),
    rfm_segments: segmentsOf(customers, parameters, seeds).map((scored) => ({
      customer_id: scored.customerId,
      days_since_last_purchase: scored.daysSinceLastPurchase,
      count_orders: scored.countOrders,
      net_amount: money(scored.netMinor),
      currency_code,
      recency_score: scored.recencyScore,
      frequency_score: scored.frequencyScore,
      monetary_score: scored.monetaryScore,
      segment: scored.segment,
    })),
  };
}

/** The touchpoints that the oracle expects; customers and sessions are compared apart, since their ids may be hashes. */
export function touchpointRows(touchpoints: readonly Touchpoint[], currency: string): Row[] {
  return touchpoints.map(({ values, ...touchpoint }) => ({
    ...values,
    touchpoint_id: touchpoint.touchpointId,
    source: 'touchpoints',
    occurred_at: touchpoint.occurredAt,
    marketing_channel: touchpoint.marketingChannel,
    quantity: touchpoint.quantity,
    amount: money(touchpoint.amountMinor),
    reporting_amount: money(values.currency_code === currency ? touchpoint.amountMinor : null),
  }));
}

function money(minor: bigint | null): string | null {
  return minor === null ? null : formatMinor(minor);
}

function orderRow(order: Order): Row {
  return {
    order_id: order.orderId,
    customer_id: order.customerId,
    ordered_at: order.orderedAt,
    channel: order.channel,
    marketing_channel: order.marketingChannel,
    country: order.country,
    status: order.status,
    gross_amount: money(order.grossMinor),
    refunded_amount: money(order.refundedMinor ?? 0n),
    net_amount: money(order.netMinor),
    count_items: order.countItems,
    order_number: order.orderNumber,
  };
}
