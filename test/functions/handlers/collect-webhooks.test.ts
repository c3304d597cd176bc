import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Collector, NOW, WEBHOOK_SECRET, webhookKey, writeKeys } from '../../support/collector.ts';

describe('webhooks', () => {
  const seconds = Math.floor(NOW.getTime() / 1000);
  const sign = (body: string, at: number | string = seconds, secret = WEBHOOK_SECRET): string =>
    `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
  const call = (collector: Collector, body: string, changes: object = {}) =>
    collector.send({
      path: '/v1/webhook/hook',
      headers: {
        'content-type': 'application/json',
        'x-dongu-timestamp': String(seconds),
        'x-dongu-signature': sign(body),
        ...changes,
      },
      body,
    });

  it.each([
    ['one object', '{"row_id": 1}', ['{"row_id": 1}']],
    ['a list', '[{"row_id":1}, {"row_id":2}]', ['{"row_id":1}', '{"row_id":2}']],
  ])('bring %s to the source of their key, as it is', async (_name, body, items) => {
    const collector = new Collector();

    const answer = await call(collector, body);

    expect(answer).toMatchObject({ status: 202, text: '{"success":true}' });
    expect(collector.items()).toEqual(items);
    expect(collector.messages[0]).toContain('"source":"loyalty"');
  });

  it.each([
    ['5 minutes early', seconds + 300, undefined],
    ['5 minutes late', seconds - 299, undefined],
    ['more than 5 minutes early', seconds + 301, 'stale_signature'],
    ['more than 5 minutes late', seconds - 301, 'stale_signature'],
  ])('signed %s', async (_name, at, reason) => {
    const answer = await call(new Collector(), '{}', {
      'x-dongu-timestamp': String(at),
      'x-dongu-signature': sign('{}', at),
    });

    expect([answer.status, answer.json.reason]).toEqual([reason ? 401 : 202, reason]);
  });

  it.each([
    ['no signature', { 'x-dongu-signature': undefined }, 'missing_signature'],
    ['no timestamp', { 'x-dongu-timestamp': undefined }, 'missing_signature'],
    ['the signature of another body', { 'x-dongu-signature': sign('{ }') }, 'invalid_signature'],
    ['another secret', { 'x-dongu-signature': sign('{}', seconds, 'x'.repeat(32)) }, 'invalid_signature'],
    ['another time', { 'x-dongu-timestamp': String(seconds + 1) }, 'invalid_signature'],
    ['half a signature', { 'x-dongu-signature': sign('{}').slice(0, 40) }, 'invalid_signature'],
    ['no digits', { 'x-dongu-signature': `v1=${'z'.repeat(64)}` }, 'invalid_signature'],
    ['another version', { 'x-dongu-signature': sign('{}').replace('v1', 'v2') }, 'invalid_signature'],
    [
      'a time that is none',
      { 'x-dongu-timestamp': 'NaN', 'x-dongu-signature': sign('{}', 'NaN') },
      'invalid_signature',
    ],
  ])('with %s are refused', async (_name, changes, reason) => {
    const collector = new Collector();

    const answer = await call(collector, '{}', changes);

    expect([answer.status, answer.json.reason]).toEqual([401, reason]);
    expect(collector.messages).toEqual([]);
  });

  it('may carry two signatures while a secret is replaced', async () => {
    const both = `${sign('{}', seconds, 'y'.repeat(32))}, ${sign('{}')}`;

    expect((await call(new Collector(), '{}', { 'x-dongu-signature': both })).status).toBe(202);
  });

  it.each([
    [{ valid_until: '2026-01-01T00:00:00Z' }, 401, 'unknown_key'],
    [{ quota_per_minute: 1 }, 429, 'over_quota'],
  ])('end like other keys: %o', async (changes, status, reason) => {
    const collector = new Collector(writeKeys(webhookKey(changes)));

    await call(collector, '{}');
    const answer = await call(collector, '{}');

    expect([answer.status, answer.json.reason]).toEqual([status, reason]);
  });
});
