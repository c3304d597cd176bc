import { gzipSync } from 'node:zlib';
import type { RunOutcome } from '../../../../functions/use-cases/ordered-run.ts';
import { openCollectorFront } from './collector-front.ts';
import { type CountedTable, countedSql, type Rows, timesSql } from './expected.ts';
import { type FoundOrder, publishedTiles, rowsInWarehouse, until } from './found.ts';
import type { Installation } from './installation.ts';
import { type SentOrder, sendWithSdk, touchpointsFile, writeKeyList } from './sent.ts';

/** Names by which the parts of an installation are found. */
export interface Parts {
  readonly lake: string;
  readonly dashboards: string;
  readonly collector: string;
  readonly queue: string;
  readonly machine: string;
  readonly schedule: string;
  readonly functions: Readonly<Record<'collect' | 'land' | 'import' | 'compact' | 'run', string>>;
}

export const partsOf = (installation: Installation): Parts => ({
  lake: installation.one('AWS::S3::Bucket', 'Lake'),
  dashboards: installation.one('AWS::S3::Bucket', 'Dashboards'),
  collector: installation.outputs.get('CollectorAddress') ?? '',
  machine: installation.one('AWS::StepFunctions::StateMachine', 'RunsMachine'),
  schedule: installation.one('AWS::Scheduler::Schedule', 'RunsSchedule'),
  queue: installation.one('AWS::SQS::Queue', 'LandingQueue'),
  functions: {
    collect: installation.function('CollectorCollect'),
    land: installation.function('LandingLand'),
    import: installation.function('LandingImport'),
    compact: installation.function('RunsCompact'),
    run: installation.function('RunsRun'),
  },
});

const WRITE_KEY = 'dongu_server_of-the-end-to-end-test';

/** Longer than the collector believes a list of keys that it has read. */
const LANDED_SECONDS = 45;

/** Whether the queue is empty and the lake has more imports than before. */
async function isLanded(installation: Installation, parts: Parts, before: number): Promise<boolean> {
  const waiting = await installation.waitingMessages(parts.queue);
  return waiting === 0 && (await countLanded(installation, parts)) > before;
}

const countLanded = async (installation: Installation, { lake }: Parts): Promise<number> =>
  (await installation.keys(lake, 'lake/landed/')).length;

/** Sends by the SDK to the deployed collector, and waits until all of it is landed. */
export async function collectAndLand(
  installation: Installation,
  parts: Parts,
  orders: readonly SentOrder[],
  seconds = LANDED_SECONDS,
): Promise<void> {
  const since = new Date();
  await installation.put(parts.lake, 'keys/write-keys.yml', writeKeyList(WRITE_KEY));
  const before = await countLanded(installation, parts);
  const front = await openCollectorFront(parts.collector, installation.aws.endpoint);
  try {
    const { acknowledged, failed } = await sendWithSdk(front.url, WRITE_KEY, orders);
    if (failed.length > 0 || acknowledged.length !== orders.length) {
      const log = await installation.log(parts.functions.collect, since);
      throw new Error(`${acknowledged.length} of ${orders.length} acknowledged: ${failed[0]}\n${log}`);
    }
  } finally {
    await front.close();
  }
  await until(
    () => isLanded(installation, parts, before),
    seconds,
    async () => `not landed in ${seconds} s:\n${await installation.log(parts.functions.land, since)}`,
  );
}

export interface CollectorAnswer {
  readonly status: number;
  readonly reason: string | null;
  readonly retryAfter: string | null;
}

/** Asks the deployed collector as any sender of HTTP does. */
export async function askCollector(
  installation: Installation,
  parts: Parts,
  path: string,
  request: RequestInit = {},
): Promise<CollectorAnswer> {
  const front = await openCollectorFront(parts.collector, installation.aws.endpoint);
  try {
    const { status, headers } = await fetch(`${front.url}${path}`, request);
    return { status, reason: headers.get('x-dongu-reason'), retryAfter: headers.get('retry-after') };
  } finally {
    await front.close();
  }
}

/** An item, zipped, and said to be of a type. */
export const zippedItem = (contentType: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': contentType, 'content-encoding': 'gzip', 'x-write-key': WRITE_KEY },
  // nothing of it is to be found in figures
  body: gzipSync(JSON.stringify({ batch: [] })),
});

/** Puts a file into the inbox and waits until it was imported and taken away. */
export async function dropFile(
  installation: Installation,
  parts: Parts,
  name: string,
  orders: readonly SentOrder[],
  seconds = LANDED_SECONDS,
): Promise<void> {
  const since = new Date();
  const key = `inbox/touchpoints/${name}`;
  await installation.put(parts.lake, key, touchpointsFile(orders));
  await until(
    async () => (await installation.keys(parts.lake, key)).length === 0,
    seconds,
    async () => `not imported in ${seconds} s:\n${await installation.log(parts.functions.import, since)}`,
  );
}

/** Orders a run, and tells what the machine said; throws with the function's log where it failed. */
export async function order(installation: Installation, parts: Parts, input: string): Promise<RunOutcome> {
  const since = new Date();
  const { status, told } = await installation.execute(parts.machine, input);
  if (status !== 'SUCCEEDED') {
    throw new Error(`the run ${status}: ${told}\n${await installation.log(parts.functions.run, since)}`);
  }
  return JSON.parse(told) as RunOutcome;
}

export const expectedOrders = (orders: readonly SentOrder[]): readonly FoundOrder[] =>
  orders
    .map(({ messageId, orderId, kurus }) => ({ touchpointId: messageId, orderId, kurus }))
    .sort((a, b) => (a.touchpointId < b.touchpointId ? -1 : 1));

/** What tables and page have to say of orders of one month. */
export function expectedTiles(orders: readonly SentOrder[]): Readonly<Record<string, number>> {
  return {
    orders: orders.length,
    net_revenue: orders.reduce((sum, { kurus }) => sum + kurus, 0),
    new_customers: new Set(orders.map(({ userId }) => userId)).size,
  };
}

/** When touchpoints happened, as the run that DuckDB has published last has them. */
export async function foundTimes(
  installation: Installation,
  { lake }: Parts,
): Promise<ReadonlyMap<string, number>> {
  const [rows = []] = await rowsInWarehouse(installation, lake, [timesSql]);
  return new Map(rows.map(([id, time]) => [String(id), Number(time)]));
}

/** What the run that DuckDB has published last holds, of tables that are counted independently. */
export async function foundTables(
  installation: Installation,
  { lake }: Parts,
): Promise<Readonly<Record<CountedTable, Rows>>> {
  const names = Object.keys(countedSql) as CountedTable[];
  const answers = await rowsInWarehouse(
    installation,
    lake,
    names.map((name) => countedSql[name]),
  );
  // numbers beyond 32 bits come as text
  const cells = (rows: readonly (readonly unknown[])[] = []) =>
    rows.map((row) => row.map((cell) => (/^-?\d+$/.test(String(cell)) ? Number(cell) : String(cell))));
  const rowsOf = (name: CountedTable): Rows => cells(answers[names.indexOf(name)]);
  return {
    orders: rowsOf('orders'),
    customers: rowsOf('customers'),
    cohorts: rowsOf('cohorts'),
    days: rowsOf('days'),
  };
}

export async function foundTiles(
  installation: Installation,
  { dashboards }: Parts,
  names: readonly string[],
): Promise<Readonly<Record<string, number | undefined>>> {
  const { tiles } = await publishedTiles(installation, dashboards);
  return Object.fromEntries(names.map((name) => [name, tiles.get(name)]));
}
