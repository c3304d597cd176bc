import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpAnswer, HttpEvent } from '../../../functions/handlers/http-event.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { track } from '../../support/collected-messages.ts';
import { eventOf, lambdaContext } from '../../support/collector.ts';

const sending: HttpEvent = eventOf({ path: '/v1/batch', body: `{"batch":[${track('a')}]}` });
const health: HttpEvent = eventOf({ method: 'GET', path: '/health' });

let server: Server;
let answer: RequestListener;

/** As S3 says no. */
const refusal =
  (status: number, code: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
  };

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
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

/** Answers of one container, which is new. */
async function answersTo(...events: readonly HttpEvent[]): Promise<readonly HttpAnswer[]> {
  vi.resetModules();
  const { handler } = await import('../../../functions/handlers/entries/collect.ts');
  const answers: HttpAnswer[] = [];
  for (const event of events) {
    answers.push(await handler(event, lambdaContext));
  }
  return answers;
}

describe('the collector before its first write key', () => {
  it.each([
    ['that it is absent', 404, 'NoSuchKey'],
    ['to whoever may not list, that it is forbidden', 403, 'AccessDenied'],
  ])('is healthy and takes nothing, when S3 says of the list %s', async (_, status, code) => {
    captureOutput();
    answer = refusal(status, code);

    const [healthy, taken] = await answersTo(health, sending);

    expect(healthy).toMatchObject({ statusCode: 200 });
    expect(taken).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } });
    expect(JSON.parse(taken?.body ?? '')).toMatchObject({ success: false, reason: 'no_write_keys' });
  });

  it('says in the log once what to do', async () => {
    const lines = captureOutput();
    answer = refusal(404, 'NoSuchKey');

    await answersTo(sending, sending, sending);

    const said = lines.filter((line) => line.includes('dongu collect keys new'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/"level":"ERROR".*nothing is taken/);
  });

  it('is healthy without asking who may send', async () => {
    captureOutput();
    let asked = 0;
    answer = () => {
      asked += 1;
    };

    const [healthy] = await answersTo(health);

    expect(healthy).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(asked).toBe(0);
  });
});
