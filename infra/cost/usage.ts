// What an installation uses in a month, from what was measured and what is assumed. All of it is built so; nothing is planned.

export interface Assumption {
  readonly value: number;
  readonly says: string;
}

export const assumptions = {
  itemsOfRequest: { value: 20, says: 'touchpoints in a request: SDKs gather so many' },
  bytesOfItem: { value: 1000, says: 'bytes of a touchpoint as it is sent' },
  collectPerSecond: {
    value: 32_500,
    says: 'touchpoints that the collector takes in a CPU second (npm run bench, measured)',
  },
  collectWaitSeconds: { value: 0.015, says: 'seconds that a request waits for SQS (assumed)' },
  landPerSecond: {
    value: 18_600,
    says: 'touchpoints that landing lands in a CPU second (npm run bench, measured)',
  },
  landBatchSeconds: {
    value: 1,
    says: 'seconds that a batch takes beside that, mostly waiting for S3 (assumed)',
  },
  putsOfBatch: {
    value: 6,
    says: 'objects that a batch writes: receipt, items, rows, quarantine, identities, marker',
  },
  bytesInLake: {
    value: 67,
    says: 'bytes of a touchpoint in the lake (the simulated store of 350,000 rows, measured)',
  },
  buildPerSecond: {
    value: 90_000,
    says: 'touchpoints that a run with one lifecycle builds in a CPU second (README, measured at 10 million)',
  },
  scanOfItem: {
    value: 3200,
    says: 'bytes that a run on Athena reads for a touchpoint of the history (a small store, measured)',
  },
  leastRunDollars: { value: 0.0074, says: 'dollars of a run on Athena at least (a small store, measured)' },
  duckdbUpToBytes: {
    value: 2 * 1024 ** 3,
    says: 'bytes of the lake up to which `engine: auto` builds in one function',
  },
  filesOfRun: { value: 60, says: 'objects that a run publishes and records' },
  monthsKept: { value: 12, says: 'months of history that lie in the lake and that every run reads' },
  logBytesOfRequest: { value: 1500, says: 'bytes of log lines of a request, metrics included (assumed)' },
  runMetrics: {
    value: 10,
    says: 'metrics that a run tells, once a day: CloudWatch bills the hours in which a metric is told',
  },
  flowMetrics: { value: 8, says: 'metrics of collector, landing and inbox, told while something comes' },
} as const satisfies Readonly<Record<string, Assumption>>;

/** What stands in the templates; a test holds it to them. */
export const standing = { keys: 1, secrets: 1, dashboards: 1, alarms: 14 } as const;

const DAYS = 30;
const HOURS = DAYS * 24;
const MINUTES = HOURS * 60;
/** Lambda gives a whole CPU for so many megabytes: a CPU second is as many GB-seconds whatever the memory. */
const MEGABYTES_OF_CPU = 1769;
const GB_SECONDS_OF_CPU = MEGABYTES_OF_CPU / 1024;
const GIGABYTE = 1e9;
/** An event of Lambda holds no more. */
const BATCH_BYTES = 6e6;
const QUEUE_CHUNK = 64 * 1024;
/** Of touchpoints and of the inbox: of each, five pollers that ask again every 20 seconds. */
const POLLED_QUEUES = 2;
const IDLE_RECEIVES = POLLED_QUEUES * 5 * 3 * MINUTES;
const COLLECT_GB = 0.5;
const LAND_GB = 1;

export interface Usage {
  readonly requests: number;
  readonly collectGbSeconds: number;
  readonly queueRequests: number;
  readonly batches: number;
  readonly landGbSeconds: number;
  readonly puts: number;
  readonly gets: number;
  readonly lakeGigabytes: number;
  readonly runs: number;
  readonly engine: 'duckdb' | 'athena';
  readonly runGbSeconds: number;
  readonly scannedTerabytes: number;
  readonly logGigabytes: number;
  /** Own metrics, each told through the whole month. */
  readonly metrics: number;
}

const of = (name: keyof typeof assumptions): number => assumptions[name].value;

/** Of so many touchpoints a month, each request with so many of them. */
export function usageOf(touchpoints: number, itemsOfRequest = of('itemsOfRequest')): Usage {
  const requests = touchpoints / itemsOfRequest;
  const bytes = itemsOfRequest * of('bytesOfItem');
  const batches = batchesOf(requests, bytes);
  const history = touchpoints * of('monthsKept');
  const engine = history * of('bytesInLake') > of('duckdbUpToBytes') ? 'athena' : 'duckdb';
  return {
    requests,
    collectGbSeconds:
      (touchpoints / of('collectPerSecond')) * GB_SECONDS_OF_CPU +
      requests * of('collectWaitSeconds') * COLLECT_GB,
    queueRequests: requests * queueRequestsOf(bytes) + IDLE_RECEIVES,
    batches,
    landGbSeconds:
      (touchpoints / of('landPerSecond')) * GB_SECONDS_OF_CPU + batches * of('landBatchSeconds') * LAND_GB,
    puts: batches * of('putsOfBatch') + DAYS * of('filesOfRun'),
    // a run brings what the lake has, a batch looks for what it is about to write
    gets: batches * of('putsOfBatch') * 2,
    lakeGigabytes: (history * of('bytesInLake')) / GIGABYTE,
    runs: DAYS,
    engine,
    runGbSeconds: engine === 'duckdb' ? (DAYS * history * GB_SECONDS_OF_CPU) / of('buildPerSecond') : 0,
    scannedTerabytes: engine === 'athena' ? (DAYS * history * of('scanOfItem')) / 1024 ** 4 : 0,
    logGigabytes: (requests * of('logBytesOfRequest')) / GIGABYTE,
    metrics: of('runMetrics') / 24 + of('flowMetrics') * (1 - Math.exp(-requests / HOURS)),
  };
}

/** Minutes in which something comes, or more where an event is full earlier. */
function batchesOf(requests: number, bytes: number): number {
  const filled = MINUTES * (1 - Math.exp(-requests / MINUTES));
  return Math.max(filled, (requests * bytes) / BATCH_BYTES);
}

/** One to send, and what ten at a time cost to be received and deleted. */
const queueRequestsOf = (bytes: number): number =>
  Math.ceil(bytes / QUEUE_CHUNK) + Math.ceil((10 * bytes) / QUEUE_CHUNK) / 10 + 0.1;
