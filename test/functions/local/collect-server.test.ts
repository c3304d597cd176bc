import type { Server } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveCollect } from '../../../functions/local/collect-server.ts';
import { asBasic, Collector, SERVER_KEY } from '../../support/collector.ts';

let collector: Collector;
let served: { readonly server: Server; readonly url: string };
const authorization = asBasic(SERVER_KEY);

beforeEach(async () => {
  collector = new Collector();
  const handler = (event: Parameters<Collector['handle']>[0]) => collector.handle(event);
  served = await serveCollect(handler, { host: '127.0.0.1', port: 0, bodySeconds: 0.5 });
});

afterEach(async () => {
  served.server.closeAllConnections();
  await new Promise((done) => served.server.close(done));
});

const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${served.url}${path}`, { method: 'POST', headers: { authorization, ...headers }, body });

/** Writes pieces of a request as a socket sends them; answers what comes back until the connection ends. */
function raw(pieces: readonly (string | Buffer)[], pauseMilliseconds = 0): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', fail);
    socket.on('close', () => done(text));
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((next) => setTimeout(next, pauseMilliseconds));
      }
    })();
  });
}

const head = (...lines: readonly string[]): string =>
  [`POST /v1/track HTTP/1.1`, 'host: x', `authorization: ${authorization}`, ...lines, '', ''].join('\r\n');

describe('serveCollect', () => {
  it('gives the handler what API Gateway would give it', async () => {
    const answer = await post('/v1/batch?answers=items', gzipSync('{"batch":[{"a":"ş"}]}'), {
      'content-encoding': 'gzip',
    });

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ items: [{ index: 0, status: 'accepted' }] });
    expect(collector.items()[0]).toContain('"a":"ş"');
  });

  it('keeps a connection for the next request, and says how long an answer is', async () => {
    const first = await post('/v1/track', '{}');

    expect(first.headers.get('content-length')).toBe('16');
    expect(await first.text()).toBe('{"success":true}');
    expect((await post('/v1/track', '{}')).status).toBe(200);
  });
});

describe('serveCollect and what is no good request', () => {
  it('refuses a body that does not arrive in time, and ends the connection', async () => {
    const started = performance.now();

    const text = await raw([head('content-length: 100'), '{"a":'], 10);

    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"reason":"slow_body"');
    expect(performance.now() - started).toBeLessThan(3000);
    expect(collector.messages).toEqual([]);
  });

  it('refuses a body that drips', async () => {
    const drips = Array.from({ length: 60 }, () => ' ');

    const text = await raw([head('content-length: 100'), ...drips], 20);

    expect(text).toContain('"reason":"slow_body"');
  });

  it('refuses a large body before it has arrived', async () => {
    const text = await raw([head('content-length: 600000'), '{'], 0);

    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"reason":"request_too_large"');
  });

  it('stops reading a body without a length at the limit', async () => {
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 0x20), Buffer.from('\r\n')]);

    const text = await raw([head('transfer-encoding: chunked'), ...Array.from({ length: 9 }, () => chunk)]);

    expect(text).toContain('"reason":"request_too_large"');
  });

  it('answers other requests while one is slow', async () => {
    const slow = raw([head('content-length: 100'), '{'], 0);

    expect((await post('/v1/track', '{}')).status).toBe(200);
    await slow;
  });

  it.each([
    ['no HTTP', ['hello\r\n\r\n']],
    ['a length that is none', [head('content-length: -1')]],
    ['two lengths', [head('content-length: 2', 'content-length: 3'), '{}']],
    ['length and chunks', [head('content-length: 2', 'transfer-encoding: chunked'), '{}']],
    ['endless headers', [head(`x: ${'x'.repeat(20_000)}`)]],
  ])('refuses %s', async (_name, pieces) => {
    expect(await raw(pieces)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(collector.messages).toEqual([]);
  });
});
