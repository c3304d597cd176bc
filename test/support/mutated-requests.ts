import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { HttpEvent } from '../../functions/handlers/http-event.ts';
import type { Chance } from './chance.ts';
import { asBasic, NOW, PUBLIC_KEY, SERVER_KEY, SHOP, WEBHOOK_SECRET } from './collector.ts';

/** A request before it becomes an event: easier to spoil. */
interface Draft {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
  isZipped: boolean;
  isSigned: boolean;
}

const seconds = String(Math.floor(NOW.getTime() / 1000));
const track = {
  type: 'track',
  messageId: 'm-1',
  userId: 'C-501',
  event: 'Order Completed',
  properties: { order_id: 'A-1', revenue: 99.9, products: [{ product_id: 'P-1', price: 10 }] },
  context: { traits: { email: 'a@example.com' }, page: { url: 'https://shop.example/?utm_source=x' } },
  originalTimestamp: '2026-07-01T11:59:00.000Z',
};
const page = { type: 'page', messageId: 'm-2', anonymousId: 'anon-1', name: 'Home', properties: {} };
const batch = (...items: readonly unknown[]): string =>
  JSON.stringify({ batch: items, writeKey: SERVER_KEY, sentAt: '2026-07-01T12:00:00.000Z' });

const bodies: readonly (readonly [path: string, body: string])[] = [
  ['/v1/track', JSON.stringify(track)],
  ['/v1/t', JSON.stringify({ ...track, writeKey: SERVER_KEY }, null, 2)],
  ['/v1/identify', JSON.stringify({ userId: 'C-1', traits: { email: 'a@example.com', name: 'Ayşe' } })],
  ['/v1/alias', JSON.stringify({ userId: 'C-1', previousId: 'anon-1' })],
  ['/v1/batch', batch(track, page, track)],
  ['/v1/import', batch(...Array.from({ length: 30 }, (_, n) => ({ ...track, messageId: `m-${n}` })))],
  ['/v1/b', batch(page)],
  ['/v1/batch', batch()],
  ['/v1/form/Lead%20Created', `writeKey=${PUBLIC_KEY}&email=a%40example.com&note=merhaba+d%C3%BCnya&a=1&a=2`],
  ['/v1/webhook/hook', JSON.stringify([{ row_id: 1, amount: '10.50' }, { row_id: 2 }])],
];

/** Tokens that have broken collectors before, put where they fit and where they do not. */
const tokens: readonly string[] = [
  '"__proto__":{"isAdmin":true},',
  '"constructor":{"prototype":{"isAdmin":true}},',
  '"messageId":"m-1",',
  '"batch":[],',
  '"writeKey":"x",',
  '9007199254740993',
  '1e999',
  '-0',
  '"\\ud800"',
  '"\\u0000"',
  '\u0000',
  '\ufeff',
  '\ufffe\uffff',
  '\u2028',
  '"2024-02-30T00:00:00Z"',
  '"../../etc/passwd"',
  '"_hidden"',
  "'; drop table touchpoints; --",
  '=cmd|calc!A1',
  'null',
  'tru',
  '{}',
  '[]',
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  '%zz',
  '&&=&',
  '😀',
  'İ',
];

const contentTypes: readonly (string | undefined)[] = [
  undefined,
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'text/html',
  ';;;=',
  'application/json; charset=',
];
const encodings: readonly (string | undefined)[] = [
  undefined,
  'gzip',
  'x-gzip',
  'br',
  'deflate',
  'gzip, gzip',
  'identity',
];
const keys: readonly (string | undefined)[] = [
  undefined,
  asBasic(SERVER_KEY),
  asBasic(PUBLIC_KEY),
  asBasic('x'),
  'Basic',
  'Basic ====',
  'Bearer x',
  `Basic ${'A'.repeat(5_000)}`,
];
const origins: readonly (string | undefined)[] = [
  undefined,
  SHOP,
  'https://evil.example',
  'null',
  '*',
  '\u0000',
];

function draftOf(chance: Chance): Draft {
  const [path, text] = chance.pick(bodies);
  const isForm = path.startsWith('/v1/form');
  const fromPage = { authorization: asBasic(PUBLIC_KEY), origin: SHOP };
  const fromServer = { authorization: asBasic(SERVER_KEY) };
  return {
    method: 'POST',
    path,
    query: chance.happens(0.4) ? 'answers=items' : '',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...(isForm ? { origin: SHOP } : chance.pick([fromPage, fromServer, fromServer, fromServer])),
    },
    body: Buffer.from(text),
    isZipped: chance.happens(0.15),
    isSigned: path.startsWith('/v1/webhook'),
  };
}

type Spoiling = (draft: Draft, chance: Chance) => void;

function spoiltText(draft: Draft, chance: Chance, change: (text: string, at: number) => string): void {
  const text = draft.body.toString('utf8');
  draft.body = Buffer.from(change(text, chance.whole(0, text.length)));
}

const cut = (buffer: Buffer, chance: Chance): Buffer => buffer.subarray(0, chance.whole(0, buffer.length));

const spoilings: readonly Spoiling[] = [
  (draft, chance) =>
    spoiltText(draft, chance, (text, at) => text.slice(0, at) + chance.pick(tokens) + text.slice(at)),
  // after a bracket or comma, where a member fits
  (draft, chance) => {
    const text = draft.body.toString('utf8');
    const places = [...text.matchAll(/[{[,]/g)].map(({ index }) => index + 1);
    const at = places.length > 0 ? chance.pick(places) : 0;
    draft.body = Buffer.from(text.slice(0, at) + chance.pick(tokens) + text.slice(at));
  },
  (draft, chance) =>
    spoiltText(draft, chance, (text, at) => text.slice(0, at) + text.slice(at + chance.whole(1, 9))),
  (draft, chance) =>
    spoiltText(
      draft,
      chance,
      (text, at) => text.slice(0, at) + text.slice(Math.max(0, at - chance.whole(1, 300))),
    ),
  (draft, chance) => {
    draft.body = Buffer.from(draft.body);
    draft.body[chance.whole(0, Math.max(0, draft.body.length - 1))] = chance.whole(0, 255);
  },
  (draft, chance) => {
    draft.body = cut(draft.body, chance);
  },
  (draft, chance) => {
    draft.body = Buffer.concat([draft.body, Buffer.from(chance.pick(bodies)[1])]);
  },
  (draft, chance) => {
    const values = ['"x"', '7', 'null', 'true', '[]', '{}', `"${'x'.repeat(chance.whole(32_000, 33_500))}"`];
    spoiltText(draft, chance, (text) => text.replace(/"[a-z0-9@.-]{2,30}"(?=[,}])/i, chance.pick(values)));
  },
  (draft, chance) => {
    const depth = chance.whole(60, 3_000);
    spoiltText(draft, chance, (text) =>
      text.replace(/:"[^"]*"/, `:${'['.repeat(depth)}${']'.repeat(depth)}`),
    );
  },
  (draft, chance) =>
    spoiltText(draft, chance, (text) =>
      text.replaceAll(/\s/g, '').replace(/,/g, chance.pick([',\n', ',\r\n', '\t,', ', '])),
    ),
  (draft, chance) => {
    draft.headers['content-type'] = chance.pick(contentTypes);
  },
  (draft, chance) => {
    draft.headers['content-encoding'] = chance.pick(encodings);
  },
  (draft, chance) => {
    draft.headers.authorization = chance.pick(keys);
  },
  (draft, chance) => {
    draft.headers.origin = chance.pick(origins);
  },
  (draft, chance) => {
    draft.method = chance.pick(['GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE', 'post', 'X']);
  },
  (draft, chance) => {
    draft.path = chance.pick([
      ...bodies.map(([path]) => path),
      '/',
      '',
      '/v1',
      '//v1/track',
      '/v1/form/%',
      '/health',
    ]);
  },
  (draft, chance) => {
    draft.headers.prefer = chance.pick(['return=representation', 'return=minimal', ',;=', 'x'.repeat(1_000)]);
  },
  (draft) => {
    draft.isSigned = !draft.isSigned;
  },
];

/** What a signature is over is what is sent. */
function signedHeaders({ isSigned }: Draft, body: Buffer): Record<string, string> {
  if (!isSigned) {
    return {};
  }
  const digest = createHmac('sha256', WEBHOOK_SECRET).update(`${seconds}.`).update(body).digest('hex');
  return { 'x-dongu-timestamp': seconds, 'x-dongu-signature': `v1=${digest}` };
}

/** A request as clients send it, spoilt in up to four ways; the same chance gives the same request. */
export function mutatedRequest(chance: Chance): HttpEvent {
  const draft = draftOf(chance);
  const times = chance.pick([0, 1, 1, 1, 2, 2, 3, 4]);
  for (let n = 0; n < times; n += 1) {
    chance.pick(spoilings)(draft, chance);
  }
  const zipped = draft.isZipped ? gzipSync(draft.body, { level: 1 }) : draft.body;
  const body = draft.isZipped && chance.happens(0.1) ? cut(zipped, chance) : zipped;
  const isBase64Encoded = draft.isZipped || chance.happens(0.8);
  return {
    version: '2.0',
    rawPath: draft.path,
    rawQueryString: draft.query,
    headers: {
      ...draft.headers,
      ...(draft.isZipped ? { 'content-encoding': 'gzip' } : {}),
      ...signedHeaders(draft, body),
    },
    requestContext: { http: { method: draft.method, path: draft.path } },
    body: chance.happens(0.01) ? undefined : body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}
