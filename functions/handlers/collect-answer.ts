import type { ItemOutcome } from '../core/collect/judge-items.ts';
import { itemRefusals, type RequestReason, requestRefusals } from '../core/collect/reasons.ts';
import { type CollectResult, countOutcomes } from '../use-cases/collect.ts';
import type { HttpAnswer } from './http-event.ts';

export interface AnswerContext {
  readonly requestId: string;
  readonly method: string;
  /** Whether the sender asked what became of each item. */
  readonly wantsItems: boolean;
  readonly allowedOrigin: string | undefined;
}

/** How long a browser need not ask again: what Chrome takes at most. */
const PREFLIGHT_SECONDS = 7200;

export function httpAnswer(result: CollectResult, context: AnswerContext): HttpAnswer {
  const headers = {
    'x-request-id': context.requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'Origin',
    ...(context.allowedOrigin === undefined
      ? {}
      : {
          'access-control-allow-origin': context.allowedOrigin,
          'access-control-expose-headers': 'Retry-After, X-Request-Id',
        }),
  };
  const plain = plainAnswer(result, context);
  const answer = { ...plain, headers: { ...headers, ...plain.headers } };
  return context.method === 'HEAD' ? { ...answer, body: '' } : answer;
}

function plainAnswer(result: CollectResult, context: AnswerContext): HttpAnswer {
  switch (result.kind) {
    case 'health':
      return json(200, { status: 'ok' });
    case 'preflight':
      return result.isAllowed ? preflight() : refusal('origin_not_allowed', context);
    case 'refused':
      return refusal(result.reason, context, result.retryAfterSeconds);
    case 'taken':
      return taken(result, context);
  }
}

const json = (
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

const preflight = (): HttpAnswer => ({
  statusCode: 204,
  headers: {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers':
      'Authorization, Content-Type, Content-Encoding, Prefer, X-Write-Key, X-Retry-Count, AnonymousId',
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  },
  body: '',
});

/** Seconds after which a sender that does not know better tries again. */
const waitingSeconds: Readonly<Partial<Record<RequestReason, number>>> = {
  queue_unavailable: 1,
  // a person has to act
  no_write_keys: 60,
};

function refusal(
  reason: RequestReason,
  { requestId }: AnswerContext,
  retryAfterSeconds?: number,
): HttpAnswer {
  const { status, text } = requestRefusals[reason];
  const wait = retryAfterSeconds ?? waitingSeconds[reason];
  return json(
    status,
    // Segment's SDK for Python reads `code`, and takes a refusal without one for a broken connection
    { success: false, reason, code: reason, message: text, request_id: requestId },
    {
      // an answer to HEAD has no body
      'x-dongu-reason': reason,
      ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
      ...(reason === 'method_not_allowed' ? { allow: 'POST, OPTIONS' } : {}),
    },
  );
}

/**
 * 200 on Segment's paths, for some of its SDKs take nothing else as success; 202 on our own. What was not simply
 * accepted is said without being asked.
 */
function taken(result: Extract<CollectResult, { kind: 'taken' }>, context: AnswerContext): HttpAnswer {
  const { outcomes, route, redirect } = result;
  const counts = countOutcomes(outcomes);
  const isNothingTaken = outcomes.length > 0 && counts.refused === outcomes.length;
  if (redirect !== undefined && !isNothingTaken) {
    return { statusCode: 303, headers: { location: redirect }, body: '' };
  }
  const isPlain = counts.accepted === outcomes.length && !context.wantsItems;
  const isSegment = route.kind === 'message' || route.kind === 'batch';
  return json(
    isNothingTaken ? 400 : isSegment ? 200 : 202,
    isPlain
      ? { success: true }
      : {
          success: !isNothingTaken,
          ...(isNothingTaken ? onlyReason(outcomes) : {}),
          ...counts,
          request_id: context.requestId,
          ...(context.wantsItems ? { items: outcomes.map(itemAnswer) } : {}),
        },
    context.wantsItems ? { 'preference-applied': 'return=representation' } : {},
  );
}

/** Of a request of which nothing was taken: the reason of its first item. */
function onlyReason([first]: readonly ItemOutcome[]): object {
  return first?.status === 'refused'
    ? { reason: first.reason, code: first.reason, message: itemRefusals[first.reason] }
    : {};
}

function itemAnswer(outcome: ItemOutcome, index: number): object {
  return { index, ...outcome };
}
