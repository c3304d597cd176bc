import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Warehouse } from '../../functions/ports/warehouse.ts';
import { realFiles } from './real-data.ts';
import type { LakeParameters, TestLake } from './test-lake.ts';

// What the periods of mrr-playbook come to, month by month, worked out from the file alone.

interface Period {
  readonly customer: string;
  readonly start: string;
  readonly end: string;
  readonly amount: number;
}

export interface MonthOfMovements {
  readonly month: string;
  readonly opening: number;
  readonly new: number;
  readonly expansion: number;
  readonly contraction: number;
  readonly churned: number;
  readonly reactivation: number;
  readonly closing: number;
}

/** The month after the last period ended, so that its churn is seen. */
export const mrrPlaybookParameters: LakeParameters = {
  asOf: new Date('2020-03-01T00:00:00Z'),
  timeZone: 'UTC',
  currency: 'USD',
  activityEvent: 'order_completed',
  lifecycles: ['saas'],
};

function periodsOf(text: string): Period[] {
  const [, ...lines] = text.trim().split(/\r?\n/);
  return lines.map((line) => {
    const [, customer = '', start = '', end = '', amount = ''] = line.split(',');
    return { customer, start, end, amount: Number(amount) };
  });
}

function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5, 7))]; ; month += 1) {
    if (month > 12) [year, month] = [year + 1, 1];
    const name = `${year}-${String(month).padStart(2, '0')}`;
    months.push(name);
    if (name >= last) return months;
  }
}

/** All periods of the file begin and end with a month: what is paid in a month is what covers its first day. */
function paidIn(periods: readonly Period[], customer: string, month: string): number {
  return periods
    .filter((period) => period.customer === customer)
    .filter(({ start, end }) => start <= `${month}-01` && `${month}-01` < end)
    .reduce((sum, { amount }) => sum + amount, 0);
}

export function movementsOfTheFile(): MonthOfMovements[] {
  const periods = periodsOf(readFileSync(realFiles.mrrPlaybook, 'utf8'));
  const customers = [...new Set(periods.map(({ customer }) => customer))];
  const hadPaid = new Set<string>();
  let before = new Map<string, number>();
  return monthsBetween('2017-09', '2020-02').map((month) => {
    const now = new Map(customers.map((customer) => [customer, paidIn(periods, customer, month)]));
    const changes = customers.map((customer) => {
      const [was, is] = [before.get(customer) ?? 0, now.get(customer) ?? 0];
      const known = hadPaid.has(customer);
      if (is > 0) hadPaid.add(customer);
      return { was, is, known };
    });
    before = now;
    const sum = (of: (change: (typeof changes)[number]) => number) =>
      changes.reduce((total, change) => total + of(change), 0);
    return {
      month,
      opening: sum(({ was }) => was),
      new: sum(({ was, is, known }) => (was === 0 && !known ? is : 0)),
      expansion: sum(({ was, is }) => (was > 0 && is > was ? is - was : 0)),
      contraction: sum(({ was, is }) => (is > 0 && was > is ? was - is : 0)),
      churned: sum(({ was, is }) => (is === 0 ? was : 0)),
      reactivation: sum(({ was, is, known }) => (was === 0 && known ? is : 0)),
      closing: sum(({ is }) => is),
    };
  });
}

/** What the customers of a month pay twelve months later, who paid in every month between, and the smaller of the two. */
function retentionOfTheFile(): { month: string; before: number; net: number; gross: number }[] {
  const periods = periodsOf(readFileSync(realFiles.mrrPlaybook, 'utf8'));
  const customers = [...new Set(periods.map(({ customer }) => customer))];
  const months = monthsBetween('2017-09', '2020-02');
  return months.slice(12).map((month, index) => {
    const year = months.slice(index, index + 13);
    const pairs = customers.map((customer) => {
      const paid = year.map((one) => paidIn(periods, customer, one));
      return { was: paid[0] ?? 0, is: paid.every((amount) => amount > 0) ? (paid[12] ?? 0) : 0 };
    });
    const sum = (of: (pair: (typeof pairs)[number]) => number) =>
      pairs.filter(({ was }) => was > 0).reduce((total, pair) => total + of(pair), 0);
    return {
      month,
      before: sum(({ was }) => was),
      net: sum(({ is }) => is),
      gross: sum(({ was, is }) => Math.min(was, is)),
    };
  });
}

async function expectRetention(warehouse: Warehouse): Promise<void> {
  const rows = await warehouse.rows(
    `select strftime(month_start, '%Y-%m') as month, mrr_before as "before", mrr_now as net, mrr_without_growth as gross
     from mrr_retention where not is_too_early order by 1`,
  );
  const months = rows.map(({ month, before, net, gross }) => ({
    month: String(month),
    before: Number(before),
    net: Number(net),
    gross: Number(gross),
  }));

  expect(months).toEqual(retentionOfTheFile());
}

/** Months of a subscription hold its stage: nobody lapses while a period of the file lasts. */
async function expectNobodyLapsesWhilePaying(warehouse: Warehouse): Promise<void> {
  const periods = periodsOf(readFileSync(realFiles.mrrPlaybook, 'utf8'));
  const rows = await warehouse.rows(
    `select customer_id, to_stage_id, kind, strftime(occurred_at, '%Y-%m-%d') as day from stage_transitions`,
  );
  const lapses = rows.filter(({ kind }) => kind === 'lapse');
  const whilePaying = lapses.filter(({ customer_id, day }) =>
    periods.some(
      ({ customer, start, end }) => customer === customer_id && start <= String(day) && String(day) < end,
    ),
  );

  expect(lapses.length).toBeGreaterThan(0);
  expect(whilePaying).toEqual([]);
  // the fourth month within 130 days, or more MRR than at first
  expect(rows.some(({ to_stage_id }) => to_stage_id === 'growth')).toBe(true);
}

export async function expectMrrPlaybook(lake: TestLake): Promise<void> {
  await lake.build(mrrPlaybookParameters, async (warehouse) => {
    await expectNobodyLapsesWhilePaying(warehouse);
    await expectRetention(warehouse);
    const rows = await warehouse.rows(
      `select strftime(month_start, '%Y-%m') as month, sum(opening_mrr) as opening, sum(new_mrr) as "new",
         sum(expansion_mrr) as expansion, sum(contraction_mrr) as contraction, sum(churned_mrr) as churned,
         sum(reactivation_mrr) as reactivation, sum(closing_mrr) as closing
       from mrr_movements group by 1 order by 1`,
    );
    const months = rows.map(
      (row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, name === 'month' ? value : Number(value)]),
        ) as unknown as MonthOfMovements,
    );
    // nobody paid in December 2017 or just before it
    const inTheFile = movementsOfTheFile().filter(({ opening, closing }) => opening > 0 || closing > 0);
    expect(months).toEqual(inTheFile);
    expect(months).toHaveLength(29);
    for (const [index, month] of months.entries()) {
      const moved = month.new + month.expansion - month.contraction - month.churned + month.reactivation;
      expect(month.closing - month.opening - moved).toBe(0);
      expect(month.opening - (months[index - 1]?.closing ?? 0)).toBe(0);
    }
  });
}
