import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { readWriteKeys, type WriteKey } from '../../functions/core/collect/write-keys.ts';
import { readCollected } from '../../functions/core/collected-request.ts';
import { collectHandler } from '../../functions/handlers/collect.ts';
import type { HttpAnswer, HttpEvent, LambdaContext } from '../../functions/handlers/http-event.ts';
import { QuotaMeter } from '../../functions/use-cases/quota-meter.ts';

export const SERVER_KEY = 'a-server-key-of-the-tests';
export const PUBLIC_KEY = 'a-public-key-of-the-tests';
export const WEBHOOK_SECRET = 'a-secret-of-the-tests-0123456789abcdef';
export const SHOP = 'https://shop.example';

export const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

export function writeKeys(...entries: readonly object[]): readonly WriteKey[] {
  return readWriteKeys(JSON.stringify({ keys: entries }), 'the keys of a test');
}

export const serverKey = (changes: object = {}): object => ({
  id: 'server',
  source: 'segment',
  kind: 'server',
  key_sha256: keyHash(SERVER_KEY),
  ...changes,
});

export const publicKey = (changes: object = {}): object => ({
  id: 'web',
  source: 'segment',
  kind: 'public',
  key_sha256: keyHash(PUBLIC_KEY),
  origins: [SHOP],
  redirects: [`${SHOP}/thanks`, `${SHOP}/danke`],
  ...changes,
});

export const webhookKey = (changes: object = {}): object => ({
  id: 'hook',
  source: 'loyalty',
  kind: 'webhook',
  secret: WEBHOOK_SECRET,
  ...changes,
});

export interface SentRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Values that are neither text nor bytes go as JSON. */
  readonly body?: unknown;
}

export interface GivenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body of the answer, or an empty object where it is no JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

export const asBasic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

export const lambdaContext: LambdaContext = {
  functionName: 'collect',
  functionVersion: 'test',
  memoryLimitInMB: '256',
  invokedFunctionArn: 'test',
  awsRequestId: '1',
  getRemainingTimeInMillis: () => 29_000,
};

export function bodyBytes(body: unknown): Buffer {
  if (body === undefined || body instanceof Uint8Array) {
    return Buffer.from(body ?? []);
  }
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export function eventOf({
  method = 'POST',
  path = '/v1/track',
  query = '',
  headers,
  body,
}: SentRequest): HttpEvent {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: headers ?? { authorization: asBasic(SERVER_KEY), 'content-type': 'application/json' },
    requestContext: { http: { method, path } },
    body: bodyBytes(body).toString('base64'),
    isBase64Encoded: true,
  };
}

export const NOW = new Date('2026-07-01T12:00:00.250Z');

/** The very handler, over a queue in memory that keeps what it is given. */
export class Collector {
  readonly messages: string[] = [];
  now = NOW;
  keys: readonly WriteKey[];
  /** What the queue says instead of taking the next message. */
  queueFault: Error | undefined;
  readonly #handler;

  constructor(keys: readonly WriteKey[] = writeKeys(serverKey(), publicKey(), webhookKey())) {
    this.keys = keys;
    this.#handler = collectHandler(
      {
        queue: {
          send: async (body) => {
            if (this.queueFault) {
              throw this.queueFault;
            }
            this.messages.push(body);
          },
        },
        writeKeys: { list: async () => this.keys },
        clock: { now: () => this.now },
        quota: new QuotaMeter(),
      },
      { logger: new Logger({ logLevel: 'SILENT' }) },
    );
  }

  handle(event: HttpEvent): Promise<HttpAnswer> {
    return this.#handler(event, lambdaContext);
  }

  async send(request: SentRequest): Promise<GivenAnswer> {
    const { statusCode, headers, body } = await this.handle(eventOf(request));
    return { status: statusCode, headers, text: body, json: jsonObject(body) };
  }

  /** The items of all messages, in their own words. */
  items(): readonly string[] {
    return this.messages.flatMap((message) => {
      const read = readCollected(message);
      if (!read.isReadable) {
        throw new Error(`the queue holds a message that cannot be read: ${read.reason}`);
      }
      return read.request.items;
    });
  }
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
