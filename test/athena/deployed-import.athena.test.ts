import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { S3Inbox } from '../../functions/adapters/s3-inbox.ts';
import type { LambdaContext } from '../../functions/handlers/http-event.ts';
import type { ImportAnswer } from '../../functions/handlers/import-objects.ts';
import { captureOutput } from '../support/captured-output.ts';
import { type Cloud, openCloud } from '../support/cloud/cloud.ts';
import { cloudLedger } from '../support/cloud/cloud-lake.ts';
import { lambdaContext } from '../support/collector.ts';

const context: LambdaContext = { ...lambdaContext, functionName: 'import' };

const orders = (...ids: readonly string[]): string =>
  ['order_id,email,ordered_at,total', ...ids.map((id) => `${id},${id}@example.com,2026-01-02,10`)].join('\n');

let cloud: Cloud;
let written: string[];

beforeEach(async () => {
  written = captureOutput();
  cloud = await openCloud(inject('bed'), 'inbox');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await cloud.remove();
});

const sent = (key: string, bucket = cloud.bucket) => ({
  'detail-type': 'Object Created',
  source: 'aws.s3',
  detail: { bucket: { name: bucket }, object: { key: `warehouse/${key}` } },
});

/** In a container of its own, as each event may be. */
async function importing(event: unknown): Promise<ImportAnswer> {
  vi.resetModules();
  const { handler } = await import('../../functions/handlers/entries/import.ts');
  return handler(event, context);
}

const imported = (): Promise<readonly string[]> => cloud.lake.list('imported');
const waiting = (): Promise<readonly string[]> => cloud.lake.list('inbox');

describe('the deployed inbox', () => {
  it('imports an object, takes it away, and knows it when it or its event comes again', async () => {
    const key = 'inbox/orders/2026/Ayşe Yılmaz + 1.csv';
    await cloud.lake.putText(key, orders('A-1', 'A-2'));

    const first = await importing(sent(key));
    const again = await importing(sent(key));
    await cloud.lake.putText(key, orders('A-1', 'A-2'));
    const other = await importing(sent(key));

    expect([first, again, other]).toEqual([
      { imported: 1, known: 0 },
      { imported: 0, known: 0 },
      { imported: 0, known: 1 },
    ]);
    expect(await waiting()).toEqual([]);
    expect(await imported()).toHaveLength(1);
    expect((await imported())[0]).toMatch(/^imported\/orders\/[0-9a-f]{32}-2026\/Ayşe Yılmaz \+ 1\.csv$/);
    expect(await cloudLedger(cloud)).toMatchObject([
      { source: 'orders', accepted: 2, loaded: 2, unaccounted: 0 },
    ]);
    expect(written.join('\n')).not.toMatch(/Ay|example\.com/);
  });

  it('leaves an object that is refused where it is, and says why but not whose it is', async () => {
    const key = 'inbox/orders/ayse.yilmaz@example.com.csv';
    await cloud.lake.putText(key, '\u0000 ayse.yilmaz@example.com');

    const error = await importing(sent(key)).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'ImportFailed', message: expect.stringContaining('1 of 1 objects') });
    expect(await waiting()).toEqual([key]);
    expect(await cloud.lake.list('lake/receipts')).toEqual([]);
    expect(written.join('\n')).toContain('NUL bytes');
    // what an operator can make from the key
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
    expect(written.join('\n')).toContain(`"object":"object-${hash}"`);
    expect([written.join('\n'), String(error), (error as Error).stack].join('\n')).not.toContain('yilmaz');
  });

  it('lands the good objects of an event beside a bad one, and the bad one does not pass', async () => {
    await cloud.lake.putText('inbox/orders/good.csv', orders('A-1'));
    await cloud.lake.putText('inbox/Orders of Ayse/bad.csv', orders('A-2'));
    const records = ['inbox/Orders+of+Ayse/bad.csv', 'inbox/orders/good.csv'].map((key) => ({
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: cloud.bucket }, object: { key: `warehouse/${key}` } },
    }));

    await expect(importing({ Records: records })).rejects.toThrow('1 of 2 objects refused');

    expect(await waiting()).toEqual(['inbox/Orders of Ayse/bad.csv']);
    expect(await imported()).toHaveLength(1);
    expect(written.join('\n')).toContain('no folder that is named like a source');
    expect(written.join('\n')).not.toContain('Ayse');
  });

  it('looks at no object that lies elsewhere', async () => {
    await cloud.lake.putText('imported/orders/a.csv', orders('A-1'));

    expect(await importing(sent('imported/orders/a.csv'))).toEqual({ imported: 0, known: 0 });
    expect(await importing(sent('inbox/orders/a.csv', 'another-bucket'))).toEqual({ imported: 0, known: 0 });
    expect(await importing({ 'detail-type': 'Scheduled Event' })).toEqual({ imported: 0, known: 0 });
    // the key is made sure of while the function gets ready, whatever the event
    expect(await cloud.lake.list('lake')).toEqual(['lake/identity-key-check']);
  });

  it('throws without a word of the object when the lake is away, and leaves nothing on the disk', async () => {
    const key = 'inbox/orders/ayse.csv';
    await cloud.lake.putText(key, orders('A-1'));
    vi.stubEnv('DONGU_IDENTITY_KEY', 'no-such-secret');

    const error = await importing(sent(key)).catch((thrown: unknown) => thrown);
    vi.stubEnv('DONGU_IDENTITY_KEY', cloud.secretId);

    expect(error).toMatchObject({ name: 'ImportFailed' });
    expect([written.join('\n'), String(error)].join('\n')).not.toContain('ayse');
    expect(await importing(sent(key))).toEqual({ imported: 1, known: 0 });
    expect(await leftovers()).toEqual([]);
  });
});

describe('S3Inbox', () => {
  const inboxOf = (...names: readonly string[]): S3Inbox => new S3Inbox(place(), objectsOf(names));
  const place = () => ({ s3: cloud.s3, store: cloud.lake, folder: cloud.folder });
  const objectsOf = (names: readonly string[]) => names.map((name) => ({ source: 'orders', name }));

  /** As large as parts of an upload have to be; S3 itself copies five gigabytes at once. */
  const PART = 5 * 1024 * 1024;
  const uploadsUnderWay = async () =>
    (await cloud.s3.send(new ListMultipartUploadsCommand({ Bucket: cloud.bucket }))).Uploads ?? [];
  const sha256 = (text: string | undefined) =>
    createHash('sha256')
      .update(text ?? '')
      .digest('hex');

  it('leaves a file that was changed after it was read: it is another one', async () => {
    await cloud.lake.putText('inbox/orders/a.csv', orders('A-1'));
    const inbox = inboxOf('a.csv', 'gone.csv');
    const [file, ...others] = await inbox.list();
    if (!file) throw new Error('the file is not listed');
    await cloud.lake.putText('inbox/orders/a.csv', orders('A-2'));
    await inbox.takeAway(file, 'i1');

    expect(others).toEqual([]);
    expect(await cloud.lake.getText('inbox/orders/a.csv')).toBe(orders('A-2'));
    expect(await imported()).toEqual([]);
  });

  it('takes away in parts what is too large for one copy, byte by byte', async () => {
    const text = Array.from({ length: 1_200_000 }, (_, line) => String(line).padStart(9, '0')).join('\n');
    await cloud.lake.putText('inbox/orders/large ğ+.csv', text);
    const inbox = new S3Inbox({ ...place(), mostAtOnce: PART }, objectsOf(['large ğ+.csv']));
    const [file] = await inbox.list();
    if (!file) throw new Error('the file is not listed');
    const calls: string[] = [];
    const { send } = cloud.s3;
    vi.spyOn(cloud.s3, 'send').mockImplementation(((command: object) => {
      calls.push(command.constructor.name);
      return Reflect.apply(send, cloud.s3, [command]);
    }) as typeof send);

    await inbox.takeAway(file, 'i1');

    expect(calls.filter((name) => name === 'UploadPartCopyCommand')).toHaveLength(3);
    expect(calls).not.toContain('CopyObjectCommand');
    expect(await waiting()).toEqual([]);
    expect(sha256(await cloud.lake.getText('imported/orders/i1-large ğ+.csv'))).toBe(sha256(text));
    expect(await uploadsUnderWay()).toEqual([]);
  });

  it('leaves a large file that was changed, and no parts of it', async () => {
    await cloud.lake.putText('inbox/orders/large.csv', 'x'.repeat(PART + 1));
    const inbox = new S3Inbox({ ...place(), mostAtOnce: PART }, objectsOf(['large.csv']));
    const [file] = await inbox.list();
    if (!file) throw new Error('the file is not listed');
    await cloud.lake.putText('inbox/orders/large.csv', 'another one');

    await inbox.takeAway(file, 'i1');

    expect(await cloud.lake.getText('inbox/orders/large.csv')).toBe('another one');
    expect(await imported()).toEqual([]);
    expect(await uploadsUnderWay()).toEqual([]);
  });

  it('takes a file away once, whoever else does', async () => {
    await cloud.lake.putText('inbox/orders/a.csv', orders('A-1'));
    const [one, two] = [inboxOf('a.csv'), inboxOf('a.csv')];
    const files = [...(await one.list()), ...(await two.list())];

    await Promise.all(files.map((file, index) => [one, two][index]?.takeAway(file, 'i1')));

    expect(await waiting()).toEqual([]);
    expect(await imported()).toEqual(['imported/orders/i1-a.csv']);
  });
});

/** In the temporary folders of this process: each container empties its own. */
async function leftovers(): Promise<readonly string[]> {
  const own = (await readdir(tmpdir())).filter((name) => name.startsWith(`dongu-${process.pid}-`));
  return (await Promise.all(own.map((name) => readdir(`${tmpdir()}/${name}`)))).flat();
}
