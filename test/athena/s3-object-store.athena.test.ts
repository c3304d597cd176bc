import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { athenaClients } from '../../functions/adapters/athena-build.ts';
import { S3ObjectStore } from '../../functions/adapters/s3-object-store.ts';
import { mapSideBySide } from '../../functions/core/run-graph.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';
import { describeObjectStore } from '../support/contracts/object-store-contract.ts';

/** Of the client's own HTTP request, what is looked at here. */
interface HttpRequest {
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

let lake: AthenaLake;
let store: S3ObjectStore;

beforeAll(async () => {
  lake = await openAthenaLake(inject('bed'), 'kills-s3');
  store = lake.store;
});

afterAll(() => lake.remove());

let contracts = 0;
describeObjectStore(async (work) => {
  contracts += 1;
  const at = `${lake.settings.root}/contract-${contracts}`;
  const folder = join(lake.folder, `contract-${contracts}`);
  await mkdir(folder);
  const { s3 } = athenaClients(lake.settings);
  await work({ store: new S3ObjectStore(lake.clients.s3, at), again: new S3ObjectStore(s3, at), folder });
});

it('writes only where there is nothing, or what was read', async () => {
  expect(await store.getVersion('one')).toEqual({ text: undefined, etag: undefined });
  expect(await store.replaceText('one', 'a', undefined)).toBe(true);
  expect(await store.replaceText('one', 'b', undefined)).toBe(false);
  expect(await store.putText('one', 'b', { ifAbsent: true })).toBe(false);
  const { etag } = await store.getVersion('one');
  expect(await store.replaceText('one', 'ç', etag)).toBe(true);
  expect(await store.replaceText('one', 'd', etag)).toBe(false);
  expect(await store.getText('one')).toBe('ç');
  await store.delete('one');
  expect(await store.replaceText('one', 'e', etag)).toBe(false);
  expect(await store.getText('one')).toBeUndefined();
});

/** S3 gives a thousand keys at a time; fewer serve to see whether the pages are read to the end. */
function storeOfSmallPages(): S3ObjectStore {
  const { s3 } = athenaClients(lake.settings);
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        next(
          commandName === 'ListObjectsV2Command' ? { ...args, input: { ...args.input, MaxKeys: 3 } } : args,
        ),
    { step: 'initialize' },
  );
  return new S3ObjectStore(s3, lake.settings.root);
}

it('lists and deletes what does not fit one page', async () => {
  const pages = storeOfSmallPages();
  const keys = Array.from({ length: 10 }, (_, index) => `many/source=${index % 5}/İ ${index}+.json`);
  await mapSideBySide(keys, 4, (key) => store.putText(key, '{}'));
  await store.putText('manyfold', 'another');

  expect(await pages.list('many')).toEqual([...keys].sort());
  expect(await pages.folders('many/')).toEqual([0, 1, 2, 3, 4].map((source) => `source=${source}`));
  expect((await pages.listObjects('many/source=3/')).map(({ bytes }) => bytes)).toEqual([2, 2]);
  expect(await pages.deleteAll('many/')).toBe(10);
  expect(await store.list('many')).toEqual([]);
  expect(await store.getText('manyfold')).toBe('another');
});

it('keeps bytes as they are', async () => {
  const path = join(lake.folder, 'bytes');
  await writeFile(path, Buffer.from([0, 255, 13, 10]));
  await store.uploadFile('bytes', path);
  const uploaded = await store.digest('bytes');
  await store.putFile('bytes-too', path);

  expect(uploaded).toEqual({
    bytes: 4,
    sha256: 'e9489f37fb3051e9efa1dc916004d7274e7b63975e3209708947267f2393a9be',
  });
  expect(await store.digest('bytes-too')).toEqual(uploaded);
  expect(await store.digest('no-bytes')).toBeUndefined();
  await expect(store.uploadFile('bytes', path)).rejects.toThrow('ENOENT');
});

it('does not take a bucket that is not there for an empty one', async () => {
  const missing = new S3ObjectStore(lake.clients.s3, 's3://kills-no-such-bucket');

  await expect(missing.getText('runs/manifest.json')).rejects.toThrow('bucket');
  await expect(missing.list('runs')).rejects.toThrow('bucket');
});

/** What a client sends, as it goes over the wire. */
function wireOf(s3: S3Client): HttpRequest[] {
  const sent: HttpRequest[] = [];
  s3.middlewareStack.add(
    (next) => (args) => {
      sent.push(args.request as HttpRequest);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return sent;
}

it('sends a checksum with a file and with a text, and the store refuses what arrives as something else', async () => {
  const { s3 } = athenaClients(lake.settings);
  const sent = wireOf(s3);
  const own = new S3ObjectStore(s3, lake.settings.root);
  const path = join(lake.folder, 'summed');
  await writeFile(path, 'İ'.repeat(100_000));

  await own.uploadFile('summed', path);
  await own.putText('summed-text', 'İ');

  const [file, text] = sent.map(({ headers }) => headers);
  expect(Buffer.from(file?.['x-amz-checksum-sha256'] ?? '', 'base64').toString('hex')).toBe(
    (await own.digest('summed'))?.sha256,
  );
  expect(Object.keys(text ?? {}).filter((name) => /^x-amz-checksum-\w+$/.test(name))).toHaveLength(1);
  s3.middlewareStack.add(
    (next) => (args) =>
      next({ ...args, input: { ...args.input, ChecksumSHA256: 'A'.repeat(43).concat('=') } }),
    { step: 'initialize' },
  );
  await expect(own.uploadFile('summed', path)).rejects.toThrow();
});

it('asks for a bucket by its host at AWS, and by path at an endpoint that is set up', async () => {
  const hostOf = async (): Promise<string> => {
    const { s3 } = athenaClients({ region: 'eu-central-1' });
    let asked = '';
    s3.middlewareStack.add(
      () => (args) => {
        const { hostname, path } = args.request as HttpRequest;
        asked = `${hostname}${path}`;
        throw new Error('not sent');
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(new S3ObjectStore(s3, 's3://a-bucket').getText('a')).rejects.toThrow('not sent');
    return asked;
  };

  expect(await hostOf()).toBe('127.0.0.1/a-bucket/a');
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  expect(await hostOf()).toBe('a-bucket.s3.eu-central-1.amazonaws.com/a');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://store.example:9000');
  expect(await hostOf()).toBe('store.example/a-bucket/a');
});
