import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../functions/handlers/http-event.ts';
import { asBasic, Collector, eventOf, SERVER_KEY } from '../../support/collector.ts';

const authorization = asBasic(SERVER_KEY);
const received = '"timestamp":"2026-07-01T12:00:00.250Z"';

const item = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;

describe('limits', () => {
  const batchOf = (bytes: number): string => {
    const items = Array.from({ length: 15 }, () => item(32_768)).join(',');
    const rest = bytes - `{"batch":[${items},]}`.length;
    return `{"batch":[${items},${item(rest)}]}`;
  };

  it.each([
    ['an item of 32,768 bytes', item(32_768), 200, undefined],
    ['an item of 32,769 bytes', item(32_769), 400, 'item_too_large'],
    ['32,768 bytes of three-byte letters', `{"a":"x${'€'.repeat(10_919)}xx"}`, 200, undefined],
    ['32,769 bytes of three-byte letters', `{"a":"x${'€'.repeat(10_919)}xxx"}`, 400, 'item_too_large'],
    ['a string of 1 MB', item(1_000_000), 413, 'request_too_large'],
    ['64 levels', `{"a":${'['.repeat(63)}${']'.repeat(63)}}`, 200, undefined],
    ['65 levels', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 400, 'item_too_deep'],
    ['200,000 levels', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400, 'item_too_large'],
    ['200,000 open brackets', '['.repeat(200_000), 400, 'invalid_json'],
  ])('%s: %s', async (_name, body, status, reason) => {
    const answer = await new Collector().send({ body });

    expect([answer.status, answer.json.reason]).toEqual([status, reason]);
  });

  it.each([
    [512_000, 200],
    [512_001, 413],
  ])('a request of %d bytes is answered with %d, as sent and unzipped', async (bytes, status) => {
    const body = batchOf(bytes);
    expect(body).toHaveLength(bytes);

    expect((await new Collector().send({ path: '/v1/batch', body })).status).toBe(status);
    const zipped = await new Collector().send({
      path: '/v1/batch',
      headers: { authorization, 'content-encoding': 'gzip' },
      body: gzipSync(body),
    });
    expect(zipped.status).toBe(status);
  });

  it.each([
    [2_500, 200, undefined],
    [2_501, 400, 'too_many_items'],
    [150_000, 400, 'too_many_items'],
  ])('a batch of %d items is answered with %d', async (count, status, reason) => {
    const answer = await new Collector().send({
      path: '/v1/batch',
      body: `{"batch":[${Array.from({ length: count }, () => '{}').join(',')}]}`,
    });

    expect([answer.status, answer.json.reason]).toEqual([status, reason]);
  });
});

describe('what a gateway makes of a zipped body', () => {
  const text = JSON.stringify({ type: 'track', event: 'Order Completed', userId: 'ğüş' });
  const headers = { authorization, 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const event = eventOf({ headers });
  const reasonOf = ({ body }: HttpAnswer): unknown => JSON.parse(body).reason;

  it('bytes in base64 are unzipped', async () => {
    const collector = new Collector();
    const body = gzipSync(text).toString('base64');

    expect(await collector.handle({ ...event, body, isBase64Encoded: true })).toMatchObject({
      statusCode: 200,
    });
    expect(collector.items()[0]).toContain('"userId":"ğüş"');
  });

  it.each([false, true])(
    'text that it has unzipped is taken as it is, in base64: %s',
    async (isBase64Encoded) => {
      const collector = new Collector();
      const body = isBase64Encoded ? Buffer.from(text).toString('base64') : text;

      expect(await collector.handle({ ...event, body, isBase64Encoded })).toMatchObject({ statusCode: 200 });
      expect(collector.items()[0]).toContain('"userId":"ğüş"');
    },
  );

  it('bytes that it has read as text are lost: the sender is told how not to', async () => {
    const collector = new Collector();
    const body = gzipSync(text).toString('utf8');
    const answer = await collector.handle({ ...event, body, isBase64Encoded: false });

    expect([answer.statusCode, reasonOf(answer)]).toEqual([415, 'gzip_as_text']);
    expect(answer.body).toContain('application/octet-stream');
    expect(collector.messages).toEqual([]);
  });
});

describe('limits of what unfolds', () => {
  it('a deep item leaves the others of its batch alone', async () => {
    const collector = new Collector();
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

    const answer = await collector.send({
      path: '/v1/batch',
      body: `{"batch":[{"a":1},{"a":${deep}},{"a":2}]}`,
    });

    expect(answer.json).toMatchObject({ accepted: 2, refused: 1, reasons: { item_too_deep: 1 } });
  });

  it('what a batch says of all its items cannot blow them up', async () => {
    const collector = new Collector();
    const items = Array.from({ length: 2_000 }, () => '{}').join(',');

    const answer = await collector.send({
      path: '/v1/batch',
      body: `{"context":${item(400_000)},"batch":[${items}]}`,
    });

    expect([answer.status, answer.json.reason]).toEqual([400, 'item_too_large']);
    const filled = await collector.send({
      path: '/v1/batch',
      body: `{"context":${item(20_000)},"batch":[${items}]}`,
    });
    expect(filled.json).toMatchObject({ success: true, reasons: { message_full: expect.any(Number) } });
    expect(Buffer.byteLength(collector.messages[0] ?? '')).toBeLessThanOrEqual(1024 * 1024);
  });

  it('a zip bomb costs no more than a full body', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(110_000);
    const collector = new Collector();
    const send = () =>
      collector.send({
        path: '/v1/batch',
        headers: { authorization, 'content-encoding': 'gzip' },
        body: bomb,
      });
    await send();
    const before = process.memoryUsage.rss();
    const started = performance.now();

    const answer = await send();

    expect([answer.status, answer.json.reason]).toEqual([413, 'request_too_large']);
    expect(performance.now() - started).toBeLessThan(50);
    expect(process.memoryUsage.rss() - before).toBeLessThan(20 * 1024 * 1024);
  });
});

describe('what is received stays as it is', () => {
  it.each([
    ['a large number', '{"n":9007199254740993}'],
    ['a lone surrogate', '{"s":"\\ud800"}'],
    ['members of one name', '{"a":1,"a":2,"messageId":"x","messageId":"y"}'],
    ['a prototype', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}'],
    ['an escaped prototype', '{"\\u005f_proto__":{"type":"identify","isAdmin":true}}'],
    ['a day that is none', '{"originalTimestamp":"2024-02-30T00:00:00Z"}'],
    ['a path', '{"messageId":"../../etc/passwd","userId":"/etc/passwd\\u0000"}'],
    ['SQL', '{"messageId":"\'; drop table touchpoints; --"}'],
    ['a formula', '{"userId":"=HYPERLINK(\\"http://evil.example\\")","event":"+1","name":"@SUM(A1)"}'],
    ['leading signs', '{"messageId":"_hidden","userId":".hidden"}'],
    ['control characters', '{"a":"\\u0000\\u001f\\u007f\\u2028"}'],
    ['numbers of any size', '{"a":1e400,"b":-0,"c":0.1e-999,"d":1.000000000000000000001}'],
    ['Turkish', '{"event":"İNDİRİM ığüşöç","mail":"AYŞE@EXAMPLE.COM"}'],
    ['an emoji of two halves', '{"a":"😀"}'],
  ])('%s', async (_name, body) => {
    const collector = new Collector();

    const answer = await collector.send({ body });

    expect(answer.status).toBe(200);
    expect(collector.items()[0]?.endsWith(body.slice(1))).toBe(true);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  });

  it('a prototype cannot say the type, nor the key', async () => {
    const collector = new Collector();

    await collector.send({ body: '{"__proto__":{"type":"identify","writeKey":"x"}}' });
    const answer = await collector.send({
      headers: {},
      body: `{"__proto__":{"writeKey":"${SERVER_KEY}"}}`,
    });

    expect(collector.items()).toEqual([
      `{"type":"track",${received},"__proto__":{"type":"identify","writeKey":"x"}}`,
    ]);
    expect(answer.json.reason).toBe('missing_key');
  });

  it('line breaks become blanks, and the write key stays here', async () => {
    const collector = new Collector();

    await collector.send({ body: `{\r\n  "writeKey": "${SERVER_KEY}",\n  "a": [1,\n 2]\n}\n` });

    expect(collector.items()).toEqual([`{"type":"track",${received},"a": [1,  2]}`]);
  });

  it('an empty object stays JSON', async () => {
    const collector = new Collector();

    await collector.send({ body: ' { } ' });

    expect(collector.items()).toEqual([`{"type":"track",${received} }`]);
  });
});

describe('bodies that are none', () => {
  const json = { authorization, 'content-type': 'application/json' };
  it.each([
    ['nothing', '', json, 400, 'empty_body'],
    ['blanks', ' \n', json, 400, 'empty_body'],
    ['no JSON', 'hello', json, 400, 'item_invalid_json'],
    ['two values', '{}{}', json, 400, 'invalid_json'],
    ['an open object', '{"a":1', json, 400, 'invalid_json'],
    ['a byte that is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), json, 400, 'invalid_utf8'],
    ['half a letter', Buffer.from('{"a":"€').subarray(0, 8), json, 400, 'invalid_utf8'],
    [
      'latin-1',
      '{}',
      { ...json, 'content-type': 'application/json; charset=iso-8859-9' },
      415,
      'unsupported_charset',
    ],
    ['a picture', '{}', { ...json, 'content-type': 'image/png' }, 415, 'unsupported_content_type'],
    [
      'parts',
      '{}',
      { ...json, 'content-type': 'multipart/form-data; boundary=x' },
      415,
      'unsupported_content_type',
    ],
    ['brotli', '{}', { ...json, 'content-encoding': 'br' }, 415, 'unsupported_content_encoding'],
    ['gzip twice', '{}', { ...json, 'content-encoding': 'gzip, gzip' }, 415, 'unsupported_content_encoding'],
    ['gzip that is none', 'a=b', { ...json, 'content-encoding': 'gzip' }, 400, 'broken_gzip'],
    [
      'half a gzip',
      gzipSync('{"a":1}').subarray(0, 20),
      { ...json, 'content-encoding': 'gzip' },
      400,
      'broken_gzip',
    ],
    ['gzip of nothing', gzipSync(''), { ...json, 'content-encoding': 'gzip' }, 400, 'empty_body'],
    ['gzip that is not said', gzipSync('{}'), json, 400, 'invalid_utf8'],
  ])('%s', async (_name, body, headers, status, reason) => {
    const collector = new Collector();

    const answer = await collector.send({ headers, body });

    expect([answer.status, answer.json.reason]).toEqual([status, reason]);
    expect(collector.messages).toEqual([]);
  });
});

describe('batches', () => {
  it.each([
    ['[]', 'invalid_batch'],
    ['{}', 'invalid_batch'],
    ['{"batch":{}}', 'invalid_batch'],
    ['{"batch":null}', 'invalid_batch'],
    ['{"batch":[{"a":1}],"batch":[{"b":2}]}', 'invalid_batch'],
    ['{"batch":[{"a":1},]}', 'invalid_json'],
    ['{"batch":[{"a":1}],"sentAt":tomorrow}', 'invalid_json'],
    ['{"batch":[{"a":"x]}', 'invalid_json'],
    [`{"batch":[],"x":${'['.repeat(65)}${']'.repeat(65)}}`, 'invalid_json'],
  ])('%s is no batch', async (body, reason) => {
    expect((await new Collector().send({ path: '/v1/batch', body })).json.reason).toBe(reason);
  });

  it.each([
    undefined,
    'application/json',
    'application/json; charset=UTF-8',
    'application/json;charset="utf-8"',
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
  ])('content type %s is what SDKs send', async (contentType) => {
    const answer = await new Collector().send({
      headers: { authorization, 'content-type': contentType },
      body: {},
    });

    expect(answer.status).toBe(200);
  });
});
