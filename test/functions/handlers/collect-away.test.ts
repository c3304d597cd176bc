import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpEvent, LambdaContext } from '../../../functions/handlers/http-event.ts';
import { track } from '../../support/collected-messages.ts';
import { asBasic, lambdaContext, SERVER_KEY, serverKey } from '../../support/collector.ts';

/** What Lambda gives to the collector. */
const FUNCTION_SECONDS = 10;

const context: LambdaContext = {
  ...lambdaContext,
  getRemainingTimeInMillis: () => FUNCTION_SECONDS * 1000,
};

const event: HttpEvent = {
  version: '2.0',
  rawPath: '/v1/batch',
  rawQueryString: '',
  headers: { authorization: asBasic(SERVER_KEY), 'content-type': 'application/json' },
  requestContext: { http: { method: 'POST', path: '/v1/batch' } },
  body: `{"batch":[${track('a')}]}`,
  isBase64Encoded: false,
};

const keys = JSON.stringify({ keys: [serverKey()] });

let server: Server;
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    DONGU_LAKE: 's3://a-lake',
    DONGU_QUEUE_URL: `http://127.0.0.1:${port}/1/a-queue`,
  })) {
    vi.stubEnv(name, value);
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

/** In a container of its own. */
async function collected(): Promise<{
  readonly status: number;
  readonly reason: unknown;
  readonly seconds: number;
}> {
  vi.resetModules();
  const { handler } = await import('../../../functions/handlers/entries/collect.ts');
  const started = performance.now();
  const { statusCode, body } = await handler(event, context);
  const seconds = (performance.now() - started) / 1000;
  return { status: statusCode, reason: JSON.parse(body).reason, seconds };
}

describe('the collector before services that are away', () => {
  it('answers within its time when the queue does not', async () => {
    let tries = 0;
    answer = (request, response) => {
      if (request.method === 'GET') {
        response.end(keys);
      } else {
        tries += 1;
      }
    };

    const { seconds, ...refusal } = await collected();

    expect(refusal).toEqual({ status: 503, reason: 'queue_unavailable' });
    expect(tries).toBe(3);
    expect(seconds).toBeLessThan(FUNCTION_SECONDS);
  });

  it('takes nothing when it cannot know who may send, and says so within its time', async () => {
    let isSent = false;
    answer = (request) => {
      isSent ||= request.method === 'POST';
    };

    const { seconds, ...refusal } = await collected();

    expect(refusal).toEqual({ status: 500, reason: 'internal_error' });
    expect(isSent).toBe(false);
    expect(seconds).toBeLessThan(FUNCTION_SECONDS);
  });
});
