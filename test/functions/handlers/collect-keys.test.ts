import { describe, expect, it } from 'vitest';
import {
  asBasic,
  Collector,
  NOW,
  PUBLIC_KEY,
  publicKey,
  SERVER_KEY,
  SHOP,
  serverKey,
  WEBHOOK_SECRET,
  writeKeys,
} from '../../support/collector.ts';

const authorization = asBasic(SERVER_KEY);

describe('write keys', () => {
  it.each([
    ['basic', { authorization }, {}, undefined],
    ['a password beside it', { authorization: `Basic ${btoa(`${SERVER_KEY}:x`)}` }, {}, undefined],
    ['a header', { 'x-write-key': SERVER_KEY }, {}, undefined],
    ['the body', {}, { writeKey: SERVER_KEY }, undefined],
    ['none', {}, {}, 'missing_key'],
    ['a number', {}, { writeKey: 7 }, 'missing_key'],
    ['another', { authorization: asBasic('x') }, {}, 'unknown_key'],
    ['the hash of one', { authorization: asBasic('e'.repeat(64)) }, {}, 'unknown_key'],
    ['an empty one', { authorization: asBasic('') }, {}, 'missing_key'],
    ['no base64', { authorization: 'Basic !!!' }, {}, 'missing_key'],
    ['a token', { authorization: `Bearer ${SERVER_KEY}` }, {}, 'missing_key'],
    ['the secret of a webhook', { authorization: asBasic(WEBHOOK_SECRET) }, {}, 'unknown_key'],
    ['the header before the body', { authorization: asBasic('x') }, { writeKey: SERVER_KEY }, 'unknown_key'],
  ])('%s', async (_name, headers, body, reason) => {
    for (const request of [
      { path: '/v1/track', body },
      { path: '/v1/batch', body: { batch: [{}], ...body } },
    ]) {
      const answer = await new Collector().send({ ...request, headers });
      expect([answer.status, answer.json.reason]).toEqual([reason ? 401 : 200, reason]);
    }
  });

  it.each([
    [SHOP, PUBLIC_KEY, undefined],
    ['https://evil.example', PUBLIC_KEY, 'origin_not_allowed'],
    [undefined, PUBLIC_KEY, 'origin_not_allowed'],
    [SHOP, SERVER_KEY, 'origin_not_allowed'],
  ])('from %s', async (origin, key, reason) => {
    const collector = new Collector();
    const headers = { authorization: asBasic(key), origin };

    const answer = await collector.send({ headers, body: {} });

    expect(answer.json.reason).toBe(reason);
    expect(collector.messages).toHaveLength(reason ? 0 : 1);
    expect(answer.headers['access-control-allow-origin']).toBe(origin === SHOP ? SHOP : undefined);
  });
});

describe('events of a write key', () => {
  it('let only their events in, item by item', async () => {
    const collector = new Collector(writeKeys(publicKey({ events: ['page_viewed', 'product_added'] })));
    const track = (event: string) => ({ type: 'track', event });

    const answer = await collector.send({
      path: '/v1/batch',
      query: 'answers=items',
      headers: { authorization: asBasic(PUBLIC_KEY), origin: SHOP },
      body: `{"batch":${JSON.stringify([
        track('Product Added'),
        track('Order Completed'),
        { type: 'page' },
        { type: 'identify' },
        { event: 'Product Added' },
      ]).slice(0, -1)},{"type":"track","event":"Product Added","event":"Order Completed"}]}`,
    });

    expect((answer.json.items as { reason?: string }[]).map(({ reason }) => reason)).toEqual([
      undefined,
      'event_not_allowed',
      undefined,
      'event_not_allowed',
      'event_not_allowed',
      'item_ambiguous',
    ]);
    expect(collector.items()).toHaveLength(2);
  });
});

describe('write keys over time', () => {
  it('overlap while they are replaced, and end', async () => {
    const collector = new Collector(
      writeKeys(
        serverKey({ valid_until: '2026-07-01T12:10:00Z' }),
        publicKey({ id: 'new', origins: ['*'], valid_from: '2026-07-01T12:05:00Z' }),
      ),
    );
    const reasonsAt = async (time: string) => {
      collector.now = new Date(`2026-07-01T${time}Z`);
      const answers = [SERVER_KEY, PUBLIC_KEY].map((key) =>
        collector.send({ headers: { authorization: asBasic(key) }, body: {} }),
      );
      return (await Promise.all(answers)).map(({ json }) => json.reason);
    };

    expect(await reasonsAt('12:00:00')).toEqual([undefined, 'unknown_key']);
    expect(await reasonsAt('12:05:00')).toEqual([undefined, undefined]);
    expect(await reasonsAt('12:10:00')).toEqual(['unknown_key', undefined]);
  });

  it('are revoked for the next request', async () => {
    const collector = new Collector();
    await collector.send({ body: {} });
    collector.keys = writeKeys(serverKey({ valid_until: NOW.toISOString() }));

    expect((await collector.send({ body: {} })).json.reason).toBe('unknown_key');
  });

  it('say when to come again when their quota is used up, and leave other keys alone', async () => {
    const collector = new Collector(
      writeKeys(serverKey({ quota_per_minute: 10 }), publicKey({ origins: ['*'], quota_per_minute: 1000 })),
    );
    const batch = { path: '/v1/batch', body: { batch: Array.from({ length: 6 }, () => ({})) } };
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await collector.send(batch)).status);
    }
    const over = await collector.send(batch);

    expect(statuses).toEqual([200, 200, 429, 429]);
    expect(over).toMatchObject({ json: { reason: 'over_quota' }, headers: { 'retry-after': '60' } });
    const other = await collector.send({ ...batch, headers: { authorization: asBasic(PUBLIC_KEY) } });
    expect(other.status).toBe(200);
    collector.now = new Date('2026-07-01T12:01:00Z');
    expect((await collector.send(batch)).status).toBe(200);
  });
});

describe('CORS', () => {
  const preflight = (origin: string | undefined) =>
    new Collector().send({ method: 'OPTIONS', path: '/v1/b', headers: { origin } });

  it('lets pages of a known origin ask, without cookies', async () => {
    const answer = await preflight(SHOP);

    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      vary: 'Origin',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each(['https://evil.example', 'null', `${SHOP}.evil.example`, '*', undefined])(
    'does not let %s',
    async (origin) => {
      const answer = await preflight(origin);

      expect([answer.status, answer.json.reason]).toEqual([403, 'origin_not_allowed']);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});
