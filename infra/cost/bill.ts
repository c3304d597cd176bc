import { type AllowanceName, allowances, type PriceName, posthogTiers, prices } from './prices.ts';
import { assumptions, standing, type Usage, usageOf } from './usage.ts';

export interface BillLine {
  readonly item: string;
  readonly dollars: number;
}

const million = (count: number, name: PriceName): number => (count / 1e6) * prices[name].dollars;

/** Requests of a month that cost the first price. */
const FIRST_REQUESTS = 300e6;

/** A month of a running installation, item by item. */
export function billOf(touchpoints: number, itemsOfRequest?: number): readonly BillLine[] {
  const usage = usageOf(touchpoints, itemsOfRequest);
  const gbSeconds = prices.lambdaSecond.dollars;
  return [
    { item: 'HTTP API', dollars: apiDollars(usage) },
    {
      item: 'collector',
      dollars: million(usage.requests, 'lambdaRequest') + usage.collectGbSeconds * gbSeconds,
    },
    { item: 'queue', dollars: million(usage.queueRequests, 'queue') },
    { item: 'landing', dollars: million(usage.batches, 'lambdaRequest') + usage.landGbSeconds * gbSeconds },
    { item: 'requests of S3', dollars: million(usage.puts, 'put') + million(usage.gets, 'get') },
    { item: 'a year of history in S3', dollars: usage.lakeGigabytes * prices.storage.dollars },
    { item: 'a run every day', dollars: runDollars(usage) },
    { item: 'logs', dollars: usage.logGigabytes * prices.logs.dollars },
    {
      item: 'key of identities, secret',
      dollars: standing.keys * prices.key.dollars + standing.secrets * prices.secret.dollars,
    },
    {
      item: 'dashboard, alarms, own metrics',
      dollars:
        standing.dashboards * prices.dashboard.dollars +
        standing.alarms * prices.alarm.dollars +
        usage.metrics * prices.metric.dollars,
    },
  ];
}

function apiDollars({ requests }: Usage): number {
  const first = Math.min(requests, FIRST_REQUESTS);
  return million(first, 'httpApiFirst') + million(requests - first, 'httpApiNext');
}

function runDollars({ engine, runs, runGbSeconds, scannedTerabytes }: Usage): number {
  return engine === 'duckdb'
    ? runGbSeconds * prices.lambdaSecond.dollars
    : Math.max(runs * assumptions.leastRunDollars.value, scannedTerabytes * prices.scan.dollars);
}

export const totalOf = (bill: readonly BillLine[]): number =>
  bill.reduce((sum, { dollars }) => sum + dollars, 0);

/** What of a bill an account with nothing else in it is not asked for. */
export function freeDollars(touchpoints: number, itemsOfRequest?: number): number {
  const usage = usageOf(touchpoints, itemsOfRequest);
  const used: Readonly<Record<AllowanceName, number>> = {
    dashboard: standing.dashboards,
    alarm: standing.alarms,
    metric: usage.metrics,
    logs: usage.logGigabytes,
    queue: usage.queueRequests / 1e6,
    lambdaRequest: (usage.requests + usage.batches) / 1e6,
    lambdaSecond: usage.collectGbSeconds + usage.landGbSeconds + usage.runGbSeconds,
  };
  const perMillion: readonly string[] = ['queue', 'lambdaRequest'];
  return (Object.keys(used) as AllowanceName[]).reduce((sum, name) => {
    const amount = allowances[name].amount / (perMillion.includes(name) ? 1e6 : 1);
    return sum + Math.min(used[name], amount) * prices[name].dollars;
  }, 0);
}

/** What so many events a month cost in PostHog's cloud. */
export function posthogDollars(events: number): number {
  let from = 0;
  let dollars = 0;
  for (const tier of posthogTiers) {
    dollars += Math.max(0, Math.min(events, tier.upTo) - from) * tier.dollars;
    from = tier.upTo;
  }
  return dollars;
}
