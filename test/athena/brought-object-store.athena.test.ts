import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { BroughtObjectStore } from '../../functions/adapters/brought-object-store.ts';
import { S3ObjectStore } from '../../functions/adapters/s3-object-store.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';
import { describeObjectStore } from '../support/contracts/object-store-contract.ts';

let lake: AthenaLake;

beforeAll(async () => {
  lake = await openAthenaLake(inject('bed'), 'brought');
});

afterAll(() => lake.remove());

let places = 0;

/** Stores of two machines over one place in S3. */
async function twoMachines() {
  places += 1;
  const folder = join(lake.folder, `machines-${places}`);
  await mkdir(folder);
  const remote = new S3ObjectStore(lake.clients.s3, `${lake.settings.root}/place-${places}`);
  return {
    folder,
    remote,
    store: new BroughtObjectStore(remote, join(folder, 'one')),
    again: new BroughtObjectStore(remote, join(folder, 'other')),
  };
}

describeObjectStore(async (work) => work(await twoMachines()));

it('brings what is asked for, once, and many at a time', async () => {
  const { store, remote } = await twoMachines();
  const keys = Array.from({ length: 30 }, (_, index) => `lake/raw/İ/source=${index}/${index}.parquet`);
  await Promise.all(keys.map((key) => remote.putText(key, `object ${key}`)));

  await store.bring(keys.slice(1));
  await remote.putText(keys[1] ?? '', 'another text');
  await store.bring(keys.slice(1));

  const texts = await Promise.all(keys.slice(1).map((key) => readFile(store.address(key), 'utf8')));
  expect(texts).toEqual(keys.slice(1).map((key) => `object ${key}`));
  await expect(readFile(store.localPath(keys[0] ?? ''))).rejects.toThrow('ENOENT');
});

it('says which object was taken away, when all others have come', async () => {
  const { store, remote } = await twoMachines();
  await remote.putText('lake/a', 'a');

  await expect(store.bring(['lake/gone', 'lake/a'])).rejects.toThrow('lake/gone was taken away');

  expect(await readFile(store.address('lake/a'), 'utf8')).toBe('a');
});

it('has what was put as a file in S3, and here without bringing it', async () => {
  const { store, remote, folder } = await twoMachines();
  const path = join(folder, 'made');
  await writeFile(path, 'made here');

  await store.putFile('lake/made', path);

  expect(await remote.getText('lake/made')).toBe('made here');
  expect(await readFile(store.address('lake/made'), 'utf8')).toBe('made here');
  await store.delete('lake/made');
  expect(await remote.getText('lake/made')).toBeUndefined();
  await expect(readFile(store.localPath('lake/made'))).rejects.toThrow('ENOENT');
});
