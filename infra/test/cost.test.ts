import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { billOf, freeDollars, posthogDollars, totalOf } from '../cost/bill.ts';
import { allowances, prices } from '../cost/prices.ts';
import { allowancesTable, assumptionsTable, costTable, pricesTable } from '../cost/tables.ts';
import { assumptions, standing, usageOf } from '../cost/usage.ts';
import { Resolved } from './support/resolved.ts';
import { synthesised } from './support/synthesised.ts';

const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');

describe('what an installation costs', () => {
  for (const [name, table] of Object.entries({
    costs: costTable(),
    assumptions: assumptionsTable(),
    prices: pricesTable(),
    allowances: allowancesTable(),
  })) {
    it(`stands in docs/deploy.md as it is computed: ${name}`, () => {
      expect(page).toContain(table);
    });
  }

  it('counts what the templates have', () => {
    const resolved = new Resolved(synthesised().templates);
    const count = (type: string): number => resolved.resources(type).length;

    expect(standing).toEqual({
      keys: count('AWS::KMS::Key'),
      secrets: count('AWS::SecretsManager::Secret'),
      dashboards: count('AWS::CloudWatch::Dashboard'),
      alarms: count('AWS::CloudWatch::Alarm'),
    });
  });

  it('counts every queue that Lambda polls', () => {
    const mappings = new Resolved(synthesised().templates).resources('AWS::Lambda::EventSourceMapping');

    expect(usageOf(0).queueRequests).toBe(mappings.length * 648_000);
  });

  it('is, of a million touchpoints in twenties, what can be counted by hand', () => {
    const line = (item: string): number =>
      billOf(1e6).find((one) => one.item === item)?.dollars ?? Number.NaN;

    // 50,000 requests
    expect(line('HTTP API')).toBeCloseTo(0.05, 10);
    // one to send, 4 chunks and a delete for ten; and 648,000 receives of each queue that find nothing
    expect(line('queue')).toBeCloseTo(((50_000 * 1.5 + 2 * 648_000) / 1e6) * 0.4, 10);
    // 12 million of 67 bytes
    expect(line('a year of history in S3')).toBeCloseTo(0.804 * 0.023, 10);
    // 30 times 133 CPU seconds
    expect(line('a run every day')).toBeCloseTo(((30 * 12e6) / 90_000) * (1769 / 1024) * 1.33334e-5, 10);
  });

  it('fills events of Lambda before the minute is over where much comes', () => {
    expect(usageOf(0).batches).toBe(0);
    expect(usageOf(1e6).batches).toBeLessThan(43_200);
    expect(usageOf(10e9).batches).toBeCloseTo((10e9 * assumptions.bytesOfItem.value) / 6e6, 0);
  });

  it('changes its engine where the lake is larger than a function builds', () => {
    expect(usageOf(1e6).engine).toBe('duckdb');
    expect(usageOf(100e6).engine).toBe('athena');
  });

  it('grows with what comes, and by less where senders gather', () => {
    const totals = [0, 1e6, 100e6, 10e9].map((touchpoints) => totalOf(billOf(touchpoints)));

    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(totalOf(billOf(100e6, 1))).toBeGreaterThan(totalOf(billOf(100e6, 20)));
  });

  it('stands beside tiers that are summed up to each of them', () => {
    expect(posthogDollars(1e6)).toBe(0);
    expect(posthogDollars(12e6)).toBeCloseTo(50 + 343, 6);
  });

  it('is, when nothing comes, what its key, its secret, four alarms and the polling of two queues cost, and a cent for S3', () => {
    const idle = totalOf(billOf(0)) - freeDollars(0);

    expect(idle).toBeCloseTo(1 + 0.4 + 4 * 0.1 + (2 * 0.648 - 1) * 0.4 + (30 * 60 * 5) / 1e6, 10);
  });

  it('gives nobody more than what is used, nor more than is free', () => {
    // 12 million touchpoints a day in a month: more of each than is free
    const most = Object.entries(allowances)
      .filter(([name]) => name !== 'dashboard' && name !== 'metric')
      .reduce((sum, [name, { amount }]) => {
        const each = name === 'queue' || name === 'lambdaRequest' ? 1e6 : 1;
        return sum + (amount / each) * prices[name as keyof typeof allowances].dollars;
      }, 0);
    const { metrics } = usageOf(10e9);

    expect(freeDollars(10e9)).toBeCloseTo(most + prices.dashboard.dollars + Math.min(metrics, 10) * 0.3, 6);
    expect(freeDollars(0)).toBeLessThan(totalOf(billOf(0)));
  });

  it('has a source for every price', () => {
    for (const { source } of Object.values(allowances)) {
      expect(source.length).toBeGreaterThan(10);
    }
    for (const { source, dollars } of Object.values(prices)) {
      expect(source.length).toBeGreaterThan(10);
      expect(dollars).toBeGreaterThan(0);
    }
  });
});
