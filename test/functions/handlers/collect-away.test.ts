import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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

/** What is stored and queued, as far as it answers at all. */
interface Services {
  readonly server: Server;
  readonly asked: string[];
  /** Resolves when the collector waits: it has sent what nobody answers. */
  readonly isWaiting: Promise<void>;
}

const servers: Server[] = [];

/** Answers a method with the keys, or leaves whoever asks without an answer. */
async function openServices(answered: 'GET' | 'nothing'): Promise<Services> {
  const asked: string[] = [];
  const { promise: isWaiting, resolve } = Promise.withResolvers<void>();
  const server = createServer(({ method = '' }, response) => {
    asked.push(method);
    if (method === answered) {
      response.end(keys);
    } else {
      resolve();
    }
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, asked, isWaiting };
}

function stubEnvironment({ server }: Services): void {
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
}

interface Answer {
  readonly status: number;
  readonly reason: unknown;
  readonly seconds: number;
}

/** In a container of its own. */
async function collected(): Promise<Answer> {
  vi.resetModules();
  const { handler } = await import('../../../functions/handlers/entries/collect.ts');
  const started = performance.now();
  const { statusCode, body } = await handler(event, context);
  const seconds = (performance.now() - started) / 1000;
  return { status: statusCode, reason: JSON.parse(body).reason, seconds };
}

/** A collector that waits, and what it will have answered. */
async function collectorBefore(services: Services): Promise<{ readonly answer: Promise<Answer> }> {
  stubEnvironment(services);
  const answer = collected();
  await Promise.race([services.isWaiting, answer]);
  return { answer };
}

let queueAway: Services;
let allAway: Services;
let answers: readonly [beforeQueue: Answer, beforeAll: Answer];

// side by side, because both only wait
beforeAll(async () => {
  queueAway = await openServices('GET');
  allAway = await openServices('nothing');
  const first = await collectorBefore(queueAway);
  const second = await collectorBefore(allAway);
  answers = await Promise.all([first.answer, second.answer]);
});

afterAll(() => {
  vi.unstubAllEnvs();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('the collector before services that are away', () => {
  it('answers within its time when the queue does not', () => {
    const [{ seconds, ...refusal }] = answers;

    expect(refusal).toEqual({ status: 503, reason: 'queue_unavailable' });
    expect(queueAway.asked).toEqual(['GET', 'POST', 'POST', 'POST']);
    expect(seconds).toBeLessThan(FUNCTION_SECONDS);
  });

  it('takes nothing when it cannot know who may send, and says so within its time', () => {
    const [, { seconds, ...refusal }] = answers;

    expect(refusal).toEqual({ status: 500, reason: 'internal_error' });
    expect(new Set(allAway.asked)).toEqual(new Set(['GET']));
    expect(seconds).toBeLessThan(FUNCTION_SECONDS);
  });
});
