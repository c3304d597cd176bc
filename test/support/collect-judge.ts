import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { itemRefusals, requestRefusals } from '../../functions/core/collect/reasons.ts';
import { readCollected } from '../../functions/core/collected-request.ts';
import type { HttpAnswer, HttpEvent } from '../../functions/handlers/http-event.ts';

// Judges an answer of the collector by what it was sent, with JSON.parse over the whole body and nothing of its code.

type Json = Readonly<Record<string, unknown>>;

const reasons = new Set([...Object.keys(requestRefusals), ...Object.keys(itemRefusals)]);

/** What is wrong with an answer and what came of it; nothing, when all is well. */
export function findFaults(
  event: HttpEvent,
  answer: HttpAnswer,
  messages: readonly string[],
): readonly string[] {
  const { statusCode, headers, body } = answer;
  if (statusCode >= 500) {
    return [`status ${statusCode}`];
  }
  const json = parsed(body);
  if (statusCode >= 400) {
    const reason = json?.reason ?? headers['x-dongu-reason'];
    return [
      ...(typeof reason === 'string' && reasons.has(reason) ? [] : ['a refusal without a reason']),
      ...(messages.length > 0 ? ['refused, but in the queue'] : []),
    ];
  }
  const isPost = event.requestContext.http.method.toUpperCase() === 'POST';
  if (!isPost) {
    return messages.length > 0 ? ['a message of a request that sends nothing'] : [];
  }
  return takenFaults(event, statusCode, json, messages);
}

function takenFaults(
  event: HttpEvent,
  statusCode: number,
  json: Json | undefined,
  messages: readonly string[],
): readonly string[] {
  const lines = messages.flatMap((message) => {
    const read = readCollected(message);
    return read.isReadable ? read.request.items : ['unreadable'];
  });
  const faults = messages.flatMap(messageFaults);
  const counted = numbersOf(json);
  const expected = itemsOf(event);
  const taken = counted ? counted.accepted + counted.duplicate : lines.length;
  if (taken !== lines.length) {
    faults.push(`${taken} taken, ${lines.length} in the queue`);
  }
  const total = counted ? taken + counted.refused : lines.length;
  if (expected && statusCode !== 303 && expected.length !== total) {
    faults.push(`${expected.length} sent, ${total} accounted for`);
  }
  const items = json?.items;
  if (Array.isArray(items) && items.length !== total) {
    faults.push(`${items.length} answers for ${total} items`);
  }
  return expected ? [...faults, ...changedItems(expected, lines)] : faults;
}

function numbersOf(
  json: Json | undefined,
): { accepted: number; duplicate: number; refused: number } | undefined {
  return json && 'accepted' in json
    ? { accepted: Number(json.accepted), duplicate: Number(json.duplicate), refused: Number(json.refused) }
    : undefined;
}

function messageFaults(message: string): string[] {
  const read = readCollected(message);
  return [
    ...(read.isReadable ? [] : [`a message that cannot be read: ${read.reason}`]),
    ...(Buffer.byteLength(message) > 1024 * 1024 ? ['a message that SQS does not take'] : []),
    // what SQS takes, by its documentation
    ...(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(message)
      ? ['a character that SQS does not take']
      : []),
  ];
}

/** Each line is one of the items with members put in front, in their order. */
function changedItems(expected: readonly unknown[], lines: readonly string[]): readonly string[] {
  let next = 0;
  for (const line of lines) {
    const item = parsed(line);
    const found = expected.findIndex(
      (sent, index) => index >= next && item !== undefined && isWithin(sent, item),
    );
    if (found < 0) {
      return ['an item in the queue that nobody sent'];
    }
    next = found + 1;
  }
  return [];
}

function isWithin(sent: unknown, item: Json): boolean {
  return (
    typeof sent === 'object' &&
    sent !== null &&
    Object.entries(sent).every(
      ([name, value]) => name === 'writeKey' || isDeepStrictEqual(item[name], value),
    ) &&
    Object.keys(item).every(
      (name) =>
        Object.hasOwn(sent, name) ||
        ['type', 'timestamp', 'sentAt', 'context', 'integrations'].includes(name),
    )
  );
}

/** The items of a body that is JSON as a whole; undefined of any other, and of forms. */
function itemsOf(event: HttpEvent): readonly unknown[] | undefined {
  const text = plainBody(event);
  const value = text === undefined ? undefined : parsedAny(text);
  const path = event.rawPath.replace(/\/$/, '');
  if (value === undefined || path.startsWith('/v1/form')) {
    return undefined;
  }
  if (['/v1/batch', '/v1/import', '/v1/b'].includes(path)) {
    const batch = (value as Json | null)?.batch;
    return Array.isArray(batch) ? batch : undefined;
  }
  return path.startsWith('/v1/webhook') && Array.isArray(value) ? value : [value];
}

function plainBody({ body = '', isBase64Encoded, headers }: HttpEvent): string | undefined {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  try {
    // a gateway may have unzipped it, whatever the header says
    const isZipped = /gzip/.test(headers['content-encoding'] ?? '') && bytes[0] === 0x1f;
    return (isZipped ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '');
  } catch {
    return undefined;
  }
}

function parsedAny(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed(text: string): Json | undefined {
  const value = parsedAny(text);
  return typeof value === 'object' && value !== null ? (value as Json) : undefined;
}
