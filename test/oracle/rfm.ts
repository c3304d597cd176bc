import { daysBetween, localDay } from './local-time.ts';
import type { Customer, OracleParameters, Seeds } from './types.ts';
import { compareBytes, firstDifference } from './values.ts';

export type ScoredCustomer = {
  readonly customerId: string;
  readonly daysSinceLastPurchase: number;
  readonly countOrders: number;
  readonly netMinor: bigint;
  readonly recencyScore: number;
  readonly frequencyScore: number;
  readonly monetaryScore: number;
  readonly segment: string;
};

/** Five classes, 5 best, by rank; only customers with a counted order take part. */
export function segmentsOf(
  customers: readonly Customer[],
  parameters: OracleParameters,
  seeds: Seeds,
): ScoredCustomer[] {
  const buyers = customers.filter((customer) => customer.countOrders > 0);
  const asOfDay = localDay(parameters.asOf.getTime() - 1, parameters.timeZone);
  const daysSince = (customer: Customer) =>
    daysBetween(localDay(customer.lastOrderAt ?? Number.NaN, parameters.timeZone), asOfDay);
  return buyers.map((customer) => {
    // Fewer days are better, and the best comes last.
    const recencyScore = scoreOf(customer, buyers, (a, b) => daysSince(b) - daysSince(a));
    const frequencyScore = scoreOf(customer, buyers, (a, b) => a.countOrders - b.countOrders);
    const monetaryScore = scoreOf(customer, buyers, (a, b) => Number(a.netMinor - b.netMinor));
    return {
      customerId: customer.customerId,
      daysSinceLastPurchase: daysSince(customer),
      countOrders: customer.countOrders,
      netMinor: customer.netMinor,
      recencyScore,
      frequencyScore,
      monetaryScore,
      segment: seeds.segmentOf({ recencyScore, frequencyScore, monetaryScore }),
    };
  });
}

function scoreOf(
  customer: Customer,
  buyers: readonly Customer[],
  worstFirst: (a: Customer, b: Customer) => number,
): number {
  const rank =
    buyers
      .toSorted((a, b) => firstDifference(worstFirst(a, b), compareBytes(a.customerId, b.customerId)))
      .indexOf(customer) + 1;
  return 1 + Math.floor((5 * (rank - 1)) / buyers.length);
}
