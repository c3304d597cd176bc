import { lifecycleRelations } from '../oracle/lifecycle/compare.ts';
import { evaluateSeen } from '../oracle/lifecycle/evaluate.ts';
import { touchpointsSeen } from '../oracle/lifecycle/seen.ts';
import type { LifecycleRows, Touchpoint } from '../oracle/lifecycle/types.ts';
import type { Relations, Row } from '../oracle/types.ts';
import { parseDecimal } from '../oracle/values.ts';
import type { LifecycleInput } from './lifecycle-engine.ts';

/** The rows of a select over a built warehouse. */
export type ReadRows = (select: string) => Promise<readonly Row[]>;

const texts = [
  'touchpoint_id',
  'customer_id',
  'event',
  'channel',
  'order_id',
  'product_id',
  'category',
  'campaign_source',
  'campaign_medium',
  'campaign_name',
  'properties',
] as const;

/**
 * The touchpoints that a warehouse was built with, as the oracle takes them, never cut, and the months that subscriptions
 * are paid for, which an oracle of their own holds against the subscriptions' events.
 */
export async function warehouseTouchpoints(readRows: ReadRows): Promise<Touchpoint[]> {
  const rows = await readRows(
    `select ${texts.join(', ')}, epoch_us(occurred_at) as microseconds, reporting_amount from touchpoints
     union all by name
     select touchpoint_id, customer_id, 'subscription_period_started' as event, 'system' as channel, properties,
       epoch_us(starts_at) as microseconds from subscription_periods`,
  );
  return rows.map(touchpointOf);
}

type Texts = Readonly<Record<(typeof texts)[number], string | null>>;

function touchpointOf({ microseconds, reporting_amount, ...row }: Row): Touchpoint {
  const { touchpoint_id, customer_id, event, ...others } = row as Texts;
  if (touchpoint_id === null || customer_id === null || event === null)
    throw new Error(`a touchpoint without its id, customer or event: ${JSON.stringify(row)}`);
  const amount = reporting_amount === null ? null : parseDecimal(String(reporting_amount), 2);
  const occurred_at = Number(microseconds) / 1000;
  if (amount === undefined || !Number.isInteger(occurred_at))
    throw new Error(`${touchpoint_id}: no amount of cents, or no whole millisecond`);
  return { ...others, touchpoint_id, customer_id, event, occurred_at, reporting_amount: amount };
}

/** The five relations of every lifecycle that a warehouse was built with. */
export async function warehouseLifecycles(readRows: ReadRows): Promise<Relations> {
  const relations: Record<string, readonly Row[]> = {};
  for (const name of lifecycleRelations) relations[name] = await readRows(`select * from ${name}`);
  return relations;
}

/** What the oracle says of every lifecycle, by lifecycle id. */
export function oracleLifecycles({
  run,
  touchpoints,
  lifecycles,
}: LifecycleInput): Map<string, LifecycleRows> {
  const seen = touchpointsSeen(touchpoints, run.asOf);
  return new Map(
    lifecycles.map((lifecycle) => [lifecycle.lifecycle, evaluateSeen(lifecycle, seen, run)] as const),
  );
}

export type Compared = { readonly rows: number; readonly cells: number };

/** How much a comparison with these rows looks at. */
export function countCompared(oracle: ReadonlyMap<string, LifecycleRows>): Compared {
  const rows: readonly Row[] = [...oracle.values()].flatMap((ofOne) =>
    lifecycleRelations.flatMap((relation): readonly Row[] => ofOne[relation]),
  );
  return { rows: rows.length, cells: rows.reduce((sum, row) => sum + Object.keys(row).length, 0) };
}

/** More rows than these say nothing new about one relation. */
const mostRows = 5;

/** Rows that only one of two builds has, repetitions counted; none where both hold the same rows, in any order. */
export function rowsOnlyInOne(one: Relations, other: Relations): string[] {
  return lifecycleRelations.flatMap((relation) => {
    const counts = new Map<string, number>();
    const count = (rows: readonly Row[] | undefined, by: number) => {
      if (rows === undefined) throw new Error(`${relation} is missing`);
      for (const row of rows) {
        const text = JSON.stringify(row);
        counts.set(text, (counts.get(text) ?? 0) + by);
      }
    };
    count(one[relation], 1);
    count(other[relation], -1);
    const differing = [...counts].filter(([, times]) => times !== 0);
    return differing
      .slice(0, mostRows)
      .map(([text, times]) => `${relation}: ${times > 0 ? 'only before' : 'only after'}: ${text}`);
  });
}
