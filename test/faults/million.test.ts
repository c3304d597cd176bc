import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryWarehouse } from '../../functions/adapters/duckdb-reader.ts';
import { FolderQueue } from '../../functions/adapters/folder-queue.ts';
import { dongu } from '../support/collect-process.ts';
import { type Plan, type Sent, sendKnown } from '../support/collected-million.ts';
import { type Judged, judgeListing } from '../support/listing-judge.ts';

const plans: Readonly<Record<string, Plan>> = {
  short: { items: 5_000, days: 17 },
  full: { items: 200_000, days: 41 },
  million: { items: 1_000_000, days: 101 },
};
// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const plan: Plan = plans[process.env.DONGU_FAULTS ?? 'short'] ?? { items: 5_000, days: 17 };

let home: string;
let sent: Sent;
let judged: Judged;
const seconds: Record<string, number> = {};

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    seconds[name] = Math.round((performance.now() - started) / 100) / 10;
  }
}

const command = (...args: readonly string[]) =>
  timed(args[0] ?? '', async () => {
    const done = await dongu(home, ...args);
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
    return done.stdout;
  });

async function tableRows(select: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await queryWarehouse(join(home, 'warehouse.duckdb'), select)).rows;
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dongu-million-'));
  const queue = new FolderQueue(join(home, 'queue'));
  sent = await timed('send', () => sendKnown(plan, queue));
  await queue.close();
  await command('land', '--once');
  judged = await timed('judge', () => judgeListing(home));
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe(`${plan.items} touchpoints through the handler and the queue`, () => {
  it('are what was to be sent: 5 % again up to 400 days later, 2 % malformed, 10 % late, each acknowledged', () => {
    expect(sent.items).toBe(plan.items);
    expect(sent.acknowledged).toBe(plan.items);
    expect(sent.refused).toBe(plan.items / 5_000);
    expect([sent.duplicates, sumOf(sent.quarantined), sent.late]).toEqual([
      plan.items * 0.05,
      plan.items * 0.02,
      plan.items * 0.1,
    ]);
    expect(Object.keys(sent.quarantined)).toHaveLength(8);
    expect(sent.longestGapDays).toBeGreaterThan(399);
  });

  it('are all accounted for, by listings of the lake alone', () => {
    expect(judged).toEqual({
      accepted: plan.items,
      unaccounted: 0,
      madeUp: 0,
      doubled: 0,
      inItems: sent.originals + sent.duplicates,
      quarantined: sent.quarantined,
      touchpointRows: sent.originals + sent.duplicates,
      touchpointIds: sent.originals,
      faults: [],
    });
  });

  it('come to the same in verify and in a run: each valid one once in touchpoints, to the digit', async () => {
    const verified = await command('verify');
    const counts = [plan.items, sent.originals, sent.duplicates, sumOf(sent.quarantined), 0, 0];
    const line = verified.split('\n').find((text) => text.startsWith('segment'));
    expect(line?.split(/\s+/).slice(1)).toEqual(counts.map((n) => n.toLocaleString('en-US')));

    await command('run');
    const ledger = await tableRows(
      'select outcome, reason, count_items from ingest_ledger where count_items > 0',
    );
    expect(
      new Map(ledger.map(({ outcome, reason, count_items: n }) => [reason || outcome, Number(n)])),
    ).toEqual(
      new Map<unknown, number>([
        ['accepted', plan.items],
        ['loaded', sent.originals],
        ['duplicate', sent.duplicates],
        ...Object.entries(sent.quarantined),
      ]),
    );
    const touchpoints = await tableRows(`
      select count(*) as n, count(distinct touchpoint_id) as ids,
        count(*) filter (where touchpoint_id = 'e-' || cast(try_cast(substr(touchpoint_id, 3) as bigint) as varchar)
          and try_cast(substr(touchpoint_id, 3) as bigint) between 0 and ${sent.originals - 1}) as known,
        cast(100 * sum(amount) as bigint) as amounts,
        cast(sum(cast(epoch_ms(received_at) as hugeint)) as varchar) as received
      from touchpoints`);
    expect(touchpoints.map((row) => Object.values(row).map(String))).toEqual([
      [sent.originals, sent.originals, sent.originals, sent.amounts, sent.received].map(String),
    ]);
    const days = await tableRows(
      'select cast(cast(occurred_at as date) as varchar) as day, count(*) as n from touchpoints group by 1',
    );
    expect(new Map(days.map(({ day, n }) => [day, Number(n)]))).toEqual(sent.byDay);

    expect(await judgeListing(home)).toEqual(judged);
    console.log(
      `${plan.items} touchpoints: sent in ${sent.seconds.toFixed(1)} s, ` +
        `unaccounted ${judged.unaccounted}, doubled ${judged.doubled}; seconds ${JSON.stringify(seconds)}`,
    );
  });
});
