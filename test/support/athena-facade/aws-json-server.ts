import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AthenaRefusal } from './athena-refusal.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Answer = (operation: string, input: Json) => Promise<Json>;
/** Paths beside the AWS protocol, such as the one that sets faults. */
export type SideDoor = (method: string, path: string, input: Json) => Json | undefined;

const targetPrefix = 'AmazonAthena.';
/** Statements end at 256 KiB; a request holds one, escaped as JSON. */
const mostBodyBytes = 4 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > mostBodyBytes) {
      throw new AthenaRefusal('InvalidRequestException', 'The request is too large');
    }
    parts.push(bytes);
  }
  const text = Buffer.concat(parts).toString('utf8');
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function send(response: ServerResponse, status: number, body: Json, headers: Record<string, string>): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof AthenaRefusal) {
    const body = { __type: error.type, Message: error.message, message: error.message, ...error.details };
    send(response, 400, body, { 'x-amzn-errortype': error.type });
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const body = { __type: 'InternalServerException', Message: message, message };
  send(response, 500, body, { 'x-amzn-errortype': 'InternalServerException' });
}

async function answerOne(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  sideDoor: SideDoor,
): Promise<void> {
  const input = await bodyOf(request);
  const aside = sideDoor(request.method ?? 'GET', request.url ?? '/', input);
  if (aside !== undefined) {
    send(response, 200, aside, {});
    return;
  }
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string' || !target.startsWith(targetPrefix)) {
    throw new AthenaRefusal(
      'UnknownOperationException',
      'x-amz-target must name an operation of AmazonAthena',
    );
  }
  send(response, 200, await answer(target.slice(targetPrefix.length), input), {});
}

/** AWS JSON 1.1 over plain HTTP on the loopback interface. Signatures are not looked at. */
export async function serveAwsJson(
  port: number,
  answer: Answer,
  sideDoor: SideDoor,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    answerOne(request, response, answer, sideDoor).catch((error: unknown) => sendError(response, error));
  });
  // longer than clients keep an idle connection, so that none is closed under a request
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : port };
}
