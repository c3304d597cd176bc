import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { limits } from '../core/collect/limits.ts';
import type { RequestReason } from '../core/collect/reasons.ts';
import { httpAnswer } from '../handlers/collect-answer.ts';
import type { HttpAnswer, HttpEvent, LambdaContext } from '../handlers/http-event.ts';
import type { Handler } from '../handlers/middleware.ts';

export interface CollectServerOptions {
  readonly host: string;
  readonly port: number;
  /** How long a request may take to arrive. */
  readonly bodySeconds: number;
}

/** How long what a refused sender still sends is thrown away before the connection is cut. */
const LINGER_MILLISECONDS = 1000;

type CollectHandler = Handler<HttpEvent, HttpAnswer>;

/** A handler of Lambda behind Node's HTTP server. Resolves once it listens. */
export function serveCollect(
  handler: CollectHandler,
  { host, port, bodySeconds }: CollectServerOptions,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    void answer(handler, request, response, bodySeconds);
  });
  server.headersTimeout = bodySeconds * 1000;
  // the body has its own clock, which answers; this one only ends what is left
  server.requestTimeout = (bodySeconds + 5) * 1000;
  server.keepAliveTimeout = 65_000;
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      done({ server, url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}` });
    });
  });
}

async function answer(
  handler: CollectHandler,
  request: IncomingMessage,
  response: ServerResponse,
  bodySeconds: number,
): Promise<void> {
  const body = await readBody(request, bodySeconds);
  if (body === 'gone') {
    return;
  }
  const {
    statusCode,
    headers,
    body: text,
  } = typeof body === 'string' ? refusalOf(body) : await handler(eventOf(request, body), contextOf());
  // the rest of a body that is not read stands between this request and the next one of the connection
  const isUnread = typeof body === 'string';
  response
    .writeHead(statusCode, {
      ...headers,
      ...(request.method === 'HEAD' ? {} : { 'content-length': Buffer.byteLength(text) }),
      ...(isUnread ? { connection: 'close' } : {}),
    })
    .end(text);
  if (isUnread) {
    // a connection that is cut while its sender still writes loses the answer on the way
    request.resume();
    setTimeout(() => request.destroy(), LINGER_MILLISECONDS).unref();
  }
}

/** What API Gateway answers by itself, before a handler is called. */
function refusalOf(reason: RequestReason): HttpAnswer {
  return httpAnswer(
    { kind: 'refused', reason },
    { requestId: 'none', method: 'POST', wantsItems: false, allowedOrigin: undefined },
  );
}

/** Reads up to the limit and no further, and no longer than the time. */
function readBody(
  request: IncomingMessage,
  bodySeconds: number,
): Promise<Buffer | 'request_too_large' | 'slow_body' | 'gone'> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (result: Buffer | 'request_too_large' | 'slow_body' | 'gone'): void => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      request.pause();
      done(result);
    };
    const timer = setTimeout(() => finish('slow_body'), bodySeconds * 1000);
    if (Number(request.headers['content-length'] ?? 0) > limits.requestBytes) {
      finish('request_too_large');
      return;
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > limits.requestBytes) {
        finish('request_too_large');
      }
    });
    request.once('end', () => finish(Buffer.concat(chunks)));
    request.once('error', () => finish('gone'));
    request.once('close', () => finish('gone'));
  });
}

function eventOf(request: IncomingMessage, body: Buffer): HttpEvent {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : value,
      ]),
    ),
    requestContext: { http: { method: request.method ?? 'GET', path } },
    body: body.toString('base64'),
    isBase64Encoded: true,
  };
}

let invocations = 0;

/** What the runtime would tell the handler. */
function contextOf(): LambdaContext {
  invocations += 1;
  return {
    functionName: 'collect',
    functionVersion: 'local',
    memoryLimitInMB: '0',
    invokedFunctionArn: 'local',
    awsRequestId: String(invocations),
    getRemainingTimeInMillis: () => 29_000,
  };
}
