import { describe, expect, it } from 'vitest';
import { Collector, PUBLIC_KEY, publicKey, SHOP, writeKeys } from '../../support/collector.ts';

const received = '"timestamp":"2026-07-01T12:00:00.250Z"';

describe('forms', () => {
  const headers = { origin: SHOP, 'content-type': 'application/x-www-form-urlencoded' };
  const submit = (collector: Collector, body: string, changes: object = {}) =>
    collector.send({ path: '/v1/form/Lead%20Created', headers: { ...headers, ...changes }, body });

  it('become a track message and lead on', async () => {
    const collector = new Collector();

    const answer = await submit(collector, `writeKey=${PUBLIC_KEY}&email=a%40example.com&plan=pro`);

    expect(answer).toMatchObject({ status: 303, headers: { location: `${SHOP}/thanks` }, text: '' });
    expect(collector.items()).toEqual([
      `{"type":"track",${received},"event":"Lead Created","context":{"traits":{"email":"a@example.com"}},"properties":{"plan":"pro"}}`,
    ]);
  });

  it('lead only where their key says', async () => {
    const collector = new Collector();

    const other = await submit(
      collector,
      `writeKey=${PUBLIC_KEY}&redirect=${encodeURIComponent(`${SHOP}/danke`)}`,
    );
    const evil = await submit(collector, `writeKey=${PUBLIC_KEY}&redirect=https%3A%2F%2Fevil.example`);

    expect(other).toMatchObject({ status: 303, headers: { location: `${SHOP}/danke` } });
    expect(evil).toMatchObject({ status: 400, json: { reason: 'redirect_not_allowed' } });
    expect(evil.headers).not.toHaveProperty('location');
    expect(collector.messages).toHaveLength(1);
  });

  it('without a place to lead to are answered', async () => {
    const collector = new Collector(writeKeys(publicKey({ redirects: [] })));

    expect((await submit(collector, `writeKey=${PUBLIC_KEY}&a=1`)).status).toBe(202);
  });

  it.each([
    ['no key', 'a=1', {}, 401, 'missing_key'],
    [
      'another origin',
      `writeKey=${PUBLIC_KEY}`,
      { origin: 'https://evil.example' },
      403,
      'origin_not_allowed',
    ],
    ['JSON', '{}', { 'content-type': 'application/json' }, 415, 'unsupported_content_type'],
    ['a broken escape', 'a=%', {}, 400, 'invalid_form'],
    ['too much', `a=${'x'.repeat(40_000)}&writeKey=${PUBLIC_KEY}`, {}, 400, 'item_too_large'],
    ['far too much', `a=${'x'.repeat(512_000)}`, {}, 413, 'request_too_large'],
  ])('with %s are refused', async (_name, body, changes, status, reason) => {
    const collector = new Collector();

    const answer = await submit(collector, body, changes);

    expect([answer.status, answer.json.reason]).toEqual([status, reason]);
    expect(collector.messages).toEqual([]);
  });
});
