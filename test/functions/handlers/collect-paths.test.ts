import { describe, expect, it } from 'vitest';
import { readCollected } from '../../../functions/core/collected-request.ts';
import { asBasic, Collector, NOW, SERVER_KEY } from '../../support/collector.ts';

const authorization = asBasic(SERVER_KEY);
const received = '"timestamp":"2026-07-01T12:00:00.250Z"';

describe('paths of Segment', () => {
  it.each([
    ['/v1/track', 'track'],
    ['/v1/identify', 'identify'],
    ['/v1/page', 'page'],
    ['/v1/screen', 'screen'],
    ['/v1/group', 'group'],
    ['/v1/alias', 'alias'],
    ['/v1/t', 'track'],
    ['/v1/i', 'identify'],
    ['/v1/p', 'page'],
    ['/v1/s', 'screen'],
    ['/v1/g', 'group'],
    ['/v1/a', 'alias'],
    ['/v1/track/', 'track'],
  ])('%s takes one message and says its type', async (path, type) => {
    const collector = new Collector();

    const answer = await collector.send({ path, body: { userId: 'u' } });

    expect(answer).toMatchObject({ status: 200, text: '{"success":true}' });
    expect(collector.items()).toEqual([`{"type":"${type}",${received},"userId":"u"}`]);
  });

  it.each(['/v1/batch', '/v1/import', '/v1/b'])('%s takes many', async (path) => {
    const collector = new Collector();

    const answer = await collector.send({
      path,
      body: '{"writeKey":"k","batch":[ {"type":"track", "n":1.0},{"type":"page","sentAt":"2026-07-01T11:00:00Z"}],"sentAt":"2026-07-01T12:00:00Z","context":{"a":1}}',
    });

    expect(answer).toMatchObject({ status: 200, text: '{"success":true}' });
    expect(collector.messages).toHaveLength(1);
    expect(readCollected(collector.messages[0] ?? '')).toMatchObject({
      request: { source: 'segment', receivedAt: NOW, requestId: answer.headers['x-request-id'] },
    });
    expect(collector.items()).toEqual([
      '{"sentAt":"2026-07-01T12:00:00Z","context":{"a":1},"timestamp":"2026-07-01T12:00:00Z","type":"track", "n":1.0}',
      '{"context":{"a":1},"timestamp":"2026-07-01T11:00:00Z","type":"page","sentAt":"2026-07-01T11:00:00Z"}',
    ]);
  });

  it('takes an empty batch without a message', async () => {
    const collector = new Collector();

    expect(await collector.send({ path: '/v1/batch', body: { batch: [] } })).toMatchObject({ status: 200 });
    expect(collector.messages).toEqual([]);
  });
});

describe('other paths and methods', () => {
  it.each([
    ['GET', '/', 200],
    ['GET', '/health', 200],
    ['HEAD', '/v1/health', 200],
    ['POST', '/health', 405],
    ['GET', '/v1/track', 405],
    ['PUT', '/v1/track', 405],
    ['DELETE', '/v1/batch', 405],
    ['TRACE', '/v1/batch', 405],
    ['POST', '/v1/nothing', 404],
    ['POST', '/v1/track/x', 404],
    ['POST', '/v1/../v1/track', 404],
    ['POST', '/V1/TRACK', 404],
    ['POST', '/v1/form/', 401],
    ['POST', '/v1/form/%zz', 404],
    ['POST', '/v1/form/a/b', 404],
    ['POST', '/v1/webhook/A', 404],
    ['POST', '/v1/webhook/none', 401],
    ['POST', `/v1/${'x'.repeat(5000)}`, 404],
    ['POST', '', 404],
    ['POST', '/__proto__', 404],
  ])('%s %s is answered with %d', async (method, path, status) => {
    const collector = new Collector();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };

    const answer = await collector.send({ method, path, headers, body: 'a=1' });

    expect(answer.status).toBe(status);
    expect(answer.json.reason !== undefined || status === 200).toBe(true);
    expect(collector.messages).toEqual([]);
  });
});

describe('answers for each item', () => {
  const body =
    '{"batch":[{"messageId":"a"},{"messageId":"a","x":2},3,{"a":tru},"x",null,[],{"messageId":"b"}]}';
  const outcomes = [
    { index: 0, status: 'accepted' },
    { index: 1, status: 'duplicate' },
    { index: 2, status: 'refused', reason: 'item_not_an_object' },
    { index: 3, status: 'refused', reason: 'item_invalid_json' },
    { index: 4, status: 'refused', reason: 'item_not_an_object' },
    { index: 5, status: 'refused', reason: 'item_not_an_object' },
    { index: 6, status: 'refused', reason: 'item_not_an_object' },
    { index: 7, status: 'accepted' },
  ];

  it.each([
    [{ prefer: 'return=representation' }, ''],
    [{ prefer: 'respond-async, return=representation; x=1' }, ''],
    [{}, 'answers=items'],
    [{}, 'a=b&answers=items'],
  ])('come when %o %s asks for them', async (headers, query) => {
    const answer = await new Collector().send({
      path: '/v1/batch',
      query,
      headers: { authorization, ...headers },
      body,
    });

    expect(answer).toMatchObject({ status: 200, headers: { 'preference-applied': 'return=representation' } });
    expect(answer.json.items).toEqual(outcomes);
  });

  it('are summed up when nobody asks', async () => {
    const collector = new Collector();

    const answer = await collector.send({ path: '/v1/batch', body });

    expect(answer.json).toEqual({
      success: true,
      accepted: 2,
      duplicate: 1,
      refused: 5,
      reasons: { item_not_an_object: 4, item_invalid_json: 1 },
      request_id: answer.headers['x-request-id'],
    });
    // the lake counts duplicates and keeps conflicts: what is not refused goes on
    expect(collector.items()).toHaveLength(3);
  });

  it('refuse the request when no item was taken', async () => {
    const collector = new Collector();

    const answer = await collector.send({ path: '/v1/track', body: '[1]' });

    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ success: false, reason: 'item_not_an_object', refused: 1 });
    expect(collector.messages).toEqual([]);
  });
});

describe('faults of ours', () => {
  it('are answered so that a sender comes again', async () => {
    const collector = new Collector();
    collector.queueFault = new Error('the queue is away');

    const answer = await collector.send({ body: {} });

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      json: { success: false, reason: 'queue_unavailable' },
    });
    collector.queueFault = undefined;
    expect((await collector.send({ body: {} })).status).toBe(200);
  });
});
