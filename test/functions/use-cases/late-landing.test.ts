import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLeftovers } from '../../../functions/use-cases/compact-lake.ts';
import { verifyLake } from '../../../functions/use-cases/verify-lake.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { TestLake } from '../../support/test-lake.ts';

let folder: string;
let lake: TestLake;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-late-'));
  lake = await TestLake.open(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bad = track('m-1-bad', { timestamp: '2024-02-30' });
const one = messageOf(request(1, [track('m-1'), bad]));
const two = messageOf(request(2, [track('m-2')]));
const three = messageOf(request(3, [track('m-3')]));

async function land(...messages: readonly ReturnType<typeof messageOf>[]): Promise<void> {
  expect((await lake.landBatch(messages)).failed).toEqual([]);
}

/** What of the lake is in the way of its own: all that a landing of these messages writes, before anything else is there. */
async function landedApart(...messages: readonly ReturnType<typeof messageOf>[]): Promise<string> {
  const apart = await TestLake.open(join(folder, 'apart'));
  await apart.landBatch(messages);
  return join(folder, 'apart', 'home');
}

/** Puts there what the late landing wrote before it died: its objects, and perhaps its marker; no receipt. */
async function writeLate(home: string, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await cp(join(home, key), lake.store.localPath(key), { recursive: true });
  }
}

async function lateKeys(home: string, isMarked: boolean): Promise<readonly string[]> {
  const apart = await TestLake.open(dirname(home));
  const keys = await apart.store.list('lake');
  return keys.filter((key) => key.endsWith('.parquet') || (isMarked && key.startsWith('lake/landed/')));
}

const idsNow = async (): Promise<readonly unknown[]> =>
  (await lake.rowsOf('raw/touchpoints')).map(({ touchpoint_id: id }) => id).sort();

describe('a landing that was taken for dead, woke too late and died', () => {
  it.each([
    ['before its marker', false],
    ['after its marker', true],
  ])('%s leaves nothing for good, though its batch was merged twice meanwhile', async (_when, isMarked) => {
    const home = await landedApart(one);
    await land(one);
    await land(two);
    // two batches that share a request are merged, and so is the merged one with the next that does
    await land(one, two);
    await lake.compact();
    await land(two, three);
    await lake.compact();
    const keys = await lateKeys(home, isMarked);
    expect(keys.length).toBeGreaterThan(2);
    await writeLate(home, keys);

    expect(await verifyLake(lake.store)).toEqual([]);
    const [counts] = await lake.ledger();
    expect(counts).toMatchObject({ accepted: 4, loaded: 3, duplicate: 0, unaccounted: 0 });
    await lake.compact();

    const left = await lake.store.list('lake');
    expect(left.filter((key) => keys.includes(key))).toEqual([]);
    expect(await idsNow()).toEqual(['m-1', 'm-2', 'm-3']);
    expect(await verifyLake(lake.store)).toEqual([]);
  });

  it('finds that it is dead, where its requests landed in other batches, and writes no marker', async () => {
    const home = await landedApart(one, two);
    const apart = await TestLake.open(dirname(home));
    const [receipt = ''] = await apart.store.list('lake/receipts');
    // it has written its receipt and sleeps; others land its requests apart and tidy up
    await writeLate(home, [receipt]);
    await land(one);
    await land(two);
    expect(await removeLeftovers(await lake.compactPorts())).toBe(1);
    const marker = receipt.replace('/receipts/', '/landed/');
    expect(await lake.store.getText(marker)).toContain('"is_dead":true');
    await writeLate(home, await lateKeys(home, false));

    expect(await verifyLake(lake.store)).toEqual([]);
    // the same messages once more: they have landed, and the queue may let them go
    expect((await lake.landBatch([one, two])).done).toHaveLength(2);
    expect(await lake.store.getText(marker)).toContain('"is_dead":true');
    await lake.compact();

    expect(await idsNow()).toEqual(['m-1', 'm-2']);
    expect(await verifyLake(lake.store)).toEqual([]);
    const late = await lateKeys(home, false);
    expect((await lake.store.list('lake')).filter((key) => late.includes(key))).toEqual([]);
  });

  it('is not taken for litter while nobody has its requests: a marker without a receipt is told', async () => {
    await land(one);
    const [receipt = ''] = await lake.store.list('lake/receipts');
    const before = await lake.store.list('lake/raw');
    await lake.store.delete(receipt);
    await lake.compact();

    expect(await lake.store.list('lake/raw')).toEqual(before);
    expect(await verifyLake(lake.store)).toEqual([
      `${receipt.replace('/receipts/', '/landed/')} has no receipt`,
    ]);
  });
});
