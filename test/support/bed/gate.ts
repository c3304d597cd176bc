import {
  Agent,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** One call of an AWS client, as it came. */
export interface GateCall {
  readonly number: number;
  /** Who signed it; empty without a signature. */
  readonly accessKey: string;
  /** As in the signature: s3, sqs, athena, secretsmanager … */
  readonly service: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of protocols that say in the body what is asked. */
  readonly body: string;
  readonly status: number;
}

export interface GatePlan {
  /** Where clients find it. */
  readonly port: number;
  readonly emulator: { readonly host: string; readonly port: number };
  /** Where calls of Athena go, once it is known. */
  readonly athena: () => string | undefined;
}

export interface Gate {
  readonly endpoint: string;
  /** All calls since the start. */
  readonly calls: readonly GateCall[];
  close(): Promise<void>;
}

const mostBodyBytes = 512 * 1024;
/** What concerns one connection only. */
const hopHeaders = new Set(['connection', 'keep-alive', 'expect']);

const textOf = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : (value ?? []).join(',');

function signer(request: IncomingMessage): { accessKey: string; service: string } {
  const found = /Credential=([^/,]+)\/[^/]+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '');
  return { accessKey: found?.[1] ?? '', service: found?.[2] ?? '' };
}

function keepBody(request: IncomingMessage): () => string {
  const kept: Buffer[] = [];
  let size = 0;
  const isProtocol = /x-amz-json|x-www-form-urlencoded|application\/xml/.test(
    request.headers['content-type'] ?? '',
  );
  if (isProtocol) {
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= mostBodyBytes) kept.push(part);
    });
  }
  return () => Buffer.concat(kept).toString('utf8');
}

function forwardedHeaders(request: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !hopHeaders.has(name)) headers[name] = value;
  }
  // what a load balancer that ends TLS says, so that policies which ask for TLS are met and none has to be left out
  return { ...headers, 'x-forwarded-proto': 'https' };
}

class Passage {
  readonly calls: GateCall[] = [];
  readonly #plan: GatePlan;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(plan: GatePlan) {
    this.#plan = plan;
  }

  async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bodyOf = keepBody(request);
    const { accessKey, service } = signer(request);
    const answer = await this.#ask(request);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
    this.calls.push({
      number: this.calls.length,
      accessKey,
      service,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, textOf(value)]),
      ),
      body: bodyOf(),
      status: answer.statusCode ?? 502,
    });
  }

  #ask(request: IncomingMessage): Promise<IncomingMessage> {
    const { host, port } = this.#target(request);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const upstream = openRequest(
      {
        host,
        port,
        method: request.method,
        path: request.url,
        headers: forwardedHeaders(request),
        agent: this.#agent,
      },
      resolve,
    );
    pipeline(request, upstream).catch(reject);
    upstream.on('error', reject);
    return promise;
  }

  #target(request: IncomingMessage): { host: string; port: number } {
    const athena = textOf(request.headers['x-amz-target']).startsWith('AmazonAthena.');
    const given = athena ? this.#plan.athena() : undefined;
    if (given === undefined) return this.#plan.emulator;
    const { hostname, port } = new URL(given);
    return { host: hostname, port: Number(port) };
  }

  end(): void {
    this.#agent.destroy();
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(502, { 'content-type': 'text/plain' });
  response.end(`the gate could not pass it on: ${error instanceof Error ? error.message : String(error)}`);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * The one door to the emulator and the Athena facade: it writes down every call, and says that it came over TLS.
 */
export async function openGate(plan: GatePlan): Promise<Gate> {
  const passage = new Passage(plan);
  const server = createServer((request, response) => {
    passage.pass(request, response).catch((error: unknown) => refuse(response, error));
  });
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  const port = await listen(server, plan.port);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls: passage.calls,
    async close() {
      passage.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
