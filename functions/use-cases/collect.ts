import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { basicUser, bodyEncoding, contentRefusal } from '../core/collect/content.ts';
import { type ItemOutcome, judgeItems } from '../core/collect/judge-items.ts';
import { readForm } from '../core/collect/read-form.ts';
import { type CutBody, cutBatch, cutMessage, cutWebhook } from '../core/collect/read-items.ts';
import type { ItemReason, RequestReason } from '../core/collect/reasons.ts';
import { type Route, routeOf } from '../core/collect/request-paths.ts';
import { isFresh, readSignature } from '../core/collect/signature.ts';
import {
  allowsOrigin,
  isKnownOrigin,
  isValidAt,
  type SendingKey,
  type WebhookKey,
  type WriteKey,
} from '../core/collect/write-keys.ts';
import { writeCollected } from '../core/collected-request.ts';
import { QueueError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type { WriteKeys } from '../ports/write-keys.ts';
import { bodyText } from './body-text.ts';
import type { QuotaMeter } from './quota-meter.ts';

export interface CollectPorts {
  readonly queue: Pick<Queue, 'send'>;
  readonly writeKeys: WriteKeys;
  readonly clock: Clock;
  readonly quota: QuotaMeter;
}

export interface CollectRequest {
  /** A ULID: what becomes of the request is found by it. */
  readonly id: string;
  readonly receivedAt: Date;
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As sent. */
  readonly body: Uint8Array;
}

export type CollectResult =
  | { readonly kind: 'health' }
  | { readonly kind: 'preflight'; readonly isAllowed: boolean }
  | { readonly kind: 'refused'; readonly reason: RequestReason; readonly retryAfterSeconds?: number }
  | {
      readonly kind: 'taken';
      readonly route: Exclude<Route, { kind: 'health' }>;
      readonly source: string;
      readonly keyId: string;
      readonly outcomes: readonly ItemOutcome[];
      /** Where a form leads to. */
      readonly redirect?: string | undefined;
    };

const refused = (reason: RequestReason): CollectResult => ({ kind: 'refused', reason });

/** Takes what a request brings. `taken` is said only after the queue has the accepted items for good. */
export async function collect(request: CollectRequest, ports: CollectPorts): Promise<CollectResult> {
  const route = routeOf(request.path);
  if (!route) {
    return refused('unknown_path');
  }
  // whether this works is to be known before there are keys, and while their store is away
  if (route.kind === 'health' && request.method !== 'OPTIONS') {
    return ['GET', 'HEAD'].includes(request.method) ? { kind: 'health' } : refused('method_not_allowed');
  }
  const keys = await ports.writeKeys.list();
  if (request.method === 'OPTIONS') {
    const origin = request.headers.origin;
    return {
      kind: 'preflight',
      isAllowed: origin !== undefined && isKnownOrigin(keys, origin, request.receivedAt),
    };
  }
  if (request.method !== 'POST' || route.kind === 'health') {
    return refused('method_not_allowed');
  }
  if (keys.length === 0) {
    return refused('no_write_keys');
  }
  const valid = keys.filter((key) => isValidAt(key, request.receivedAt));
  return route.kind === 'webhook'
    ? collectWebhook(request, route, valid, ports)
    : collectMessages(request, route, valid, ports);
}

/** Cheap questions first: who floods the collector is turned away before its body is unzipped. */
async function collectMessages(
  request: CollectRequest,
  route: Extract<Route, { kind: 'message' | 'batch' | 'form' }>,
  keys: readonly WriteKey[],
  ports: CollectPorts,
): Promise<CollectResult> {
  const said = basicUser(request.headers.authorization) ?? request.headers['x-write-key'];
  const early = said === undefined ? undefined : admit(said, request, keys, ports);
  if (early && !('key' in early)) {
    return early;
  }
  const text = contentRefusal(route, request.headers['content-type']) ?? readBody(request);
  if (typeof text === 'string') {
    return refused(text);
  }
  const form = route.kind === 'form' ? readForm(text.text, route.event) : undefined;
  if (typeof form === 'string') {
    return refused(form);
  }
  const cut = form ? formItem(form.json, form.writeKey) : cutText(route, text.text);
  if (typeof cut === 'string') {
    return refused(cut);
  }
  const admitted = early ?? admit(cut.writeKey, request, keys, ports);
  if (!('key' in admitted)) {
    return admitted;
  }
  const { key } = admitted;
  const redirect = form && redirectOf(key, form.redirect);
  if (redirect === false) {
    return refused('redirect_not_allowed');
  }
  const result = await take({ request, route, key, cut, ports });
  return result.kind === 'taken' ? { ...result, redirect } : result;
}

function cutText(
  route: Extract<Route, { kind: 'message' | 'batch' | 'form' }>,
  text: string,
): CutBody | RequestReason {
  return route.kind === 'message' ? cutMessage(text, route.type) : cutBatch(text);
}

const formItem = (json: string, writeKey: string | undefined): CutBody => ({
  items: [{ json, depth: 3 }],
  surroundings: { type: '"track"' },
  writeKey,
});

async function collectWebhook(
  request: CollectRequest,
  route: Extract<Route, { kind: 'webhook' }>,
  keys: readonly WriteKey[],
  ports: CollectPorts,
): Promise<CollectResult> {
  const key = keys.find((one): one is WebhookKey => one.kind === 'webhook' && one.id === route.keyId);
  if (!key) {
    return refused('unknown_key');
  }
  const unsigned = signatureRefusal(key, request);
  if (unsigned) {
    return refused(unsigned);
  }
  const over = overQuota(key, request, ports);
  if (over) {
    return over;
  }
  const text = contentRefusal(route, request.headers['content-type']) ?? readBody(request);
  if (typeof text === 'string') {
    return refused(text);
  }
  const cut = cutWebhook(text.text);
  return typeof cut === 'string' ? refused(cut) : take({ request, route, key, cut, ports });
}

/** The signature is over the body as sent, so that it is judged before anything is read from it. */
function signatureRefusal(key: WebhookKey, request: CollectRequest): RequestReason | undefined {
  const { headers, body, receivedAt } = request;
  const signature = readSignature(headers['x-dongu-timestamp'], headers['x-dongu-signature']);
  if (typeof signature === 'string') {
    return signature;
  }
  const expected = createHmac('sha256', key.secret).update(`${signature.timestamp}.`).update(body).digest();
  const isRight = signature.signatures.some((one) => timingSafeEqual(Buffer.from(one, 'hex'), expected));
  if (!isRight) {
    return 'invalid_signature';
  }
  return isFresh(signature.timestamp, receivedAt) ? undefined : 'stale_signature';
}

function readBody(request: CollectRequest): RequestReason | { readonly text: string } {
  const encoding = bodyEncoding(request.headers['content-encoding']);
  return encoding ? bodyText(request.body, encoding) : 'unsupported_content_encoding';
}

function admit(
  writeKey: string | undefined,
  request: CollectRequest,
  keys: readonly WriteKey[],
  ports: CollectPorts,
): CollectResult | { readonly key: SendingKey } {
  if (writeKey === undefined) {
    return refused('missing_key');
  }
  const hash = createHash('sha256').update(writeKey).digest('hex');
  const key = keys.find((one): one is SendingKey => one.kind !== 'webhook' && one.key_sha256 === hash);
  if (!key) {
    return refused('unknown_key');
  }
  if (!allowsOrigin(key, request.headers.origin)) {
    return refused('origin_not_allowed');
  }
  return overQuota(key, request, ports) ?? { key };
}

function overQuota(
  key: WriteKey,
  { receivedAt }: CollectRequest,
  { quota }: CollectPorts,
): CollectResult | undefined {
  const retryAfterSeconds = quota.secondsUntilFree(key.id, key.quota_per_minute, receivedAt);
  if (retryAfterSeconds !== undefined) {
    return { kind: 'refused', reason: 'over_quota', retryAfterSeconds };
  }
  // a request of which nothing can be read has cost something as well
  quota.count(key.id, 1, receivedAt);
  return undefined;
}

/** The address that a form leads to; undefined for none, false for one that its key does not have. */
function redirectOf(key: SendingKey, wanted: string | undefined): string | undefined | false {
  const known = key.kind === 'public' ? key.redirects : [];
  if (wanted === undefined) {
    return known[0];
  }
  return known.includes(wanted) && wanted;
}

interface Taking {
  readonly request: CollectRequest;
  readonly route: Exclude<Route, { kind: 'health' }>;
  readonly key: WriteKey;
  readonly cut: CutBody;
  readonly ports: CollectPorts;
}

async function take({ request, route, key, cut, ports }: Taking): Promise<CollectResult> {
  const isMessage = route.kind !== 'webhook';
  const { outcomes, lines } = judgeItems({
    items: cut.items,
    surroundings: isMessage
      ? { ...cut.surroundings, timestamp: JSON.stringify(request.receivedAt.toISOString()) }
      : cut.surroundings,
    key: key.kind === 'webhook' ? undefined : key,
  });
  // refused items count as well: they have cost as much; the first was counted with the request
  ports.quota.count(key.id, Math.max(0, outcomes.length - 1), request.receivedAt);
  if (lines.length > 0) {
    const { id: requestId, receivedAt } = request;
    await send(writeCollected({ requestId, source: key.source, receivedAt, items: lines }), ports);
  }
  return { kind: 'taken', route, source: key.source, keyId: key.id, outcomes };
}

async function send(body: string, { queue }: CollectPorts): Promise<void> {
  await queue.send(body).catch((cause: unknown) => {
    throw new QueueError('the queue did not take a message', 'The sender is told to send again.', { cause });
  });
}

export interface OutcomeCounts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly reasons: Readonly<Partial<Record<ItemReason, number>>>;
}

export function countOutcomes(outcomes: readonly ItemOutcome[]): OutcomeCounts {
  const reasons: Partial<Record<ItemReason, number>> = {};
  for (const outcome of outcomes) {
    if (outcome.status === 'refused') {
      reasons[outcome.reason] = (reasons[outcome.reason] ?? 0) + 1;
    }
  }
  const of = (status: ItemOutcome['status']): number =>
    outcomes.filter((one) => one.status === status).length;
  return { accepted: of('accepted'), duplicate: of('duplicate'), refused: of('refused'), reasons };
}
