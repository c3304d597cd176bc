import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLake } from '../../../functions/use-cases/verify-lake.ts';
import { TestLake } from '../../support/test-lake.ts';
import { first, fixed, importedWith, writeSource } from '../../support/till-source.ts';

let folder: string;
let copies = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-verify-'));
  await importedWith(first, (_lake, imported) => cp(imported, join(folder, 'imported'), { recursive: true }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the imported lake, to be damaged. */
async function withLake(work: (lake: TestLake, folder: string) => Promise<void>): Promise<void> {
  copies += 1;
  const own = join(folder, `copy-${copies}`);
  await cp(join(folder, 'imported'), own, { recursive: true });
  await work(await TestLake.open(own), own);
}

async function keyIn(lake: TestLake, zone: string): Promise<string> {
  const [key] = await lake.store.list(`lake/${zone}`);
  if (!key) throw new Error(`nothing in ${zone}`);
  return key;
}

const textOf = async (lake: TestLake, key: string): Promise<string> => (await lake.store.getText(key)) ?? '';

describe('the lake against its own records', () => {
  it('finds nothing after an import, a replay and a remap', () =>
    withLake(async (lake, folder) => {
      expect(await verifyLake(lake.store)).toEqual([]);
      await writeSource(folder, fixed);
      await lake.landAgain('replay', 'till');
      expect(await verifyLake(lake.store)).toEqual([]);
      await lake.landAgain('remap', 'till');
      expect(await verifyLake(lake.store)).toEqual([]);
    }));

  it.each(['raw/touchpoints', 'raw/items', 'quarantine', 'identities'])(
    'tells a deleted object of %s',
    (zone) =>
      withLake(async (lake) => {
        const key = await keyIn(lake, zone);
        await lake.store.delete(key);

        expect(await verifyLake(lake.store)).toEqual([`${key} is missing`]);
      }),
  );

  it('tells one changed byte', () =>
    withLake(async (lake) => {
      const key = await keyIn(lake, 'raw/touchpoints');
      await appendFile(lake.store.localPath(key), ' ');

      expect(await verifyLake(lake.store)).toEqual([`${key} is not what was landed`]);
    }));

  it('tells an object that no import made', () =>
    withLake(async (lake) => {
      await writeFile(lake.store.localPath('lake/raw/touchpoints/more.parquet'), 'PAR1');

      expect(await verifyLake(lake.store)).toEqual([
        'lake/raw/touchpoints/more.parquet belongs to no import that was landed',
      ]);
    }));
});

describe('a receipt or marker', () => {
  it.each([
    ['cut off', (text: string) => text.slice(0, 40), 'is damaged'],
    ['emptied', () => '', 'is damaged'],
    [
      'of another source',
      (text: string) => text.replace('"till"', '"shop"'),
      'is the receipt of another import',
    ],
  ])('is told when it was %s', (_what, change, message) =>
    withLake(async (lake) => {
      const key = await keyIn(lake, 'receipts');
      await lake.store.putText(key, change(await textOf(lake, key)));

      const faults = await verifyLake(lake.store);

      expect(faults[0]).toContain(key);
      expect(faults[0]).toContain(message);
    }),
  );

  it('is told when it is gone', () =>
    withLake(async (lake) => {
      const receipt = await keyIn(lake, 'receipts');
      const marker = await keyIn(lake, 'landed');
      const kept = await textOf(lake, receipt);
      await lake.store.delete(receipt);
      expect(await verifyLake(lake.store)).toEqual([`${marker} has no receipt`]);
      await lake.store.putText(receipt, kept);
      await lake.store.delete(marker);

      expect(await verifyLake(lake.store)).toContain(`${receipt} was not landed to its end`);
    }));
});

describe('a loss', () => {
  it('of a whole folder is told', () =>
    withLake(async (lake, folder) => {
      await rm(join(folder, 'home', 'lake', 'raw'), { recursive: true });

      expect(await verifyLake(lake.store)).toHaveLength(2);
    }));

  it('is not covered up by a replay or remap', () =>
    withLake(async (lake, folder) => {
      const key = await keyIn(lake, 'raw/touchpoints');
      await lake.store.delete(key);
      await writeSource(folder, fixed);

      await expect(lake.landAgain('replay', 'till')).rejects.toThrow(`${key} is missing`);
      await expect(lake.landAgain('remap', 'till')).rejects.toThrow(`${key} is missing`);
      expect(await verifyLake(lake.store)).toEqual([`${key} is missing`]);
    }));
});
