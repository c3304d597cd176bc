import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Book, type Movement } from '../oracle/mrr.ts';
import { type KpiRow, movementKpis, renewalKpis, retentionKpis } from '../oracle/mrr-kpis.ts';
import { formatMinor } from '../oracle/values.ts';
import { MrrEngine, mrrKpis } from '../support/mrr-engine.ts';
import { type RandomMrrWorld, randomMrrWorld } from '../support/random-mrr-world.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const countWorlds = process.env.DONGU_WORLDS === 'full' ? 100 : 3;
const seeds = Array.from({ length: countWorlds }, (_, index) => index + 1);

/** A cell as text: money with two digits, doubles with nine, days without a time. */
function told(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value ?? null);
  if (typeof value === 'bigint') return formatMinor(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? (Math.round(value * 1e9) / 1e9).toString() : String(value);
}

const isNumeric = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/** Rows of both sides in one form: numbers by their value, whatever their digits. */
function comparable(rows: readonly object[], columns: readonly string[]): string[] {
  return rows
    .map((row) =>
      columns
        .map((column) => {
          const text = told((row as Record<string, unknown>)[column]);
          return `${column} ${isNumeric(text) ? (Math.round(Number(text) * 1e9) / 1e9).toString() : text}`;
        })
        .join(', '),
    )
    .sort();
}

function differences(is: readonly object[], should: readonly object[], columns: readonly string[]): string[] {
  const [have, want] = [comparable(is, columns), comparable(should, columns)];
  return [
    ...have.filter((row) => !want.includes(row)).map((row) => `unexpected: ${row}`),
    ...want.filter((row) => !have.includes(row)).map((row) => `missing: ${row}`),
    ...(have.length === want.length ? [] : [`${have.length} rows, not ${want.length}`]),
  ].slice(0, 10);
}

const seen = { kinds: new Set<string>(), causes: new Set<string>(), told: new Set<string>() };

function remember(book: Book, movements: readonly Movement[]): void {
  for (const row of movements) {
    seen.kinds.add(row.movement);
    if (row.exchange_mrr !== 0n) seen.told.add('exchange');
    if (row.price_rise_mrr > 0n && row.upsell_mrr > 0n) seen.told.add('price beside upsell');
    if (row.resumed_mrr > 0n) seen.told.add('resumed');
    if (row.paused_mrr > 0n) seen.told.add('paused');
    if (row.spell_number > 1) seen.told.add('back');
  }
  for (const { points } of book.subscriptions) for (const { cause } of points) seen.causes.add(cause);
}

const kpiRows = async (engine: MrrEngine): Promise<readonly object[]> =>
  (
    await Promise.all(
      mrrKpis.map(async (kpi) =>
        (
          await engine.rows(
            `select * replace (strftime(period_start, '%Y-%m-%d') as period_start) from kpi_${kpi}`,
          )
        ).map((row) => ({ kpi_id: kpi, ...row })),
      ),
    )
  ).flat();

async function expectBook(engine: MrrEngine, world: RandomMrrWorld): Promise<void> {
  const book = new Book(world);
  const movements = book.movements();
  const retention = book.retention(movements);
  remember(book, movements);
  const isMonth = `* replace (strftime(month_start, '%Y-%m-%d') as month_start)`;
  const moved = await engine.rows(`select ${isMonth} from mrr_movements`);
  const kept = await engine.rows(`select ${isMonth} from mrr_retention`);
  const periods = await engine.rows(
    'select * replace (epoch_ms(starts_at) as starts_at) from subscription_periods',
  );
  const kpis: KpiRow[] = [
    ...movementKpis(book, movements, world.people),
    ...retentionKpis(retention),
    ...renewalKpis(book, world.firstDay),
  ];

  expect(differences(moved, movements, Object.keys(movements[0] ?? {}))).toEqual([]);
  expect(differences(kept, retention, Object.keys(retention[0] ?? {}))).toEqual([]);
  expect(differences(periods, book.periods(), Object.keys(book.periods()[0] ?? {}))).toEqual([]);
  expect(differences(await kpiRows(engine), kpis, Object.keys(kpis[0] ?? {}))).toEqual([]);
}

describe('subscriptions and MRR of random worlds', () => {
  let engine: MrrEngine;
  beforeAll(async () => {
    engine = await MrrEngine.open();
  });
  afterAll(() => engine.close());

  it.each(seeds)('agree with the oracle, and close, in world %i', async (seed) => {
    const world = randomMrrWorld(seed);

    await engine.build(world);

    await expectBook(engine, world);
    for (const { name, sql } of engine.checks) expect(await engine.rows(sql), name).toEqual([]);
  });

  it.runIf(countWorlds > 3)('reach what there is', () => {
    expect([...seen.kinds].sort()).toEqual([
      'churn',
      'contraction',
      'expansion',
      'new',
      'none',
      'reactivation',
    ]);
    expect([...seen.told].sort()).toEqual(['back', 'exchange', 'paused', 'price beside upsell', 'resumed']);
    expect([...seen.causes].sort()).toEqual([
      'addon',
      'cancelled',
      'ended',
      'expired',
      'paused',
      'plan',
      'price',
      'resumed',
      'seats',
      'started',
      'usage',
    ]);
  });
});
