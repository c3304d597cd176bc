import { randomBytes } from 'node:crypto';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type RequestReason, requestRefusals } from '../core/collect/reasons.ts';
import { isKnownOrigin } from '../core/collect/write-keys.ts';
import { QueueError } from '../core/errors.ts';
import { ulid } from '../core/identifiers.ts';
import {
  type CollectPorts,
  type CollectRequest,
  type CollectResult,
  collect,
  countOutcomes,
} from '../use-cases/collect.ts';
import { httpAnswer } from './collect-answer.ts';
import { faultFields } from './fault-fields.ts';
import type { HttpAnswer, HttpEvent } from './http-event.ts';
import { type Handler, lambda, type Watching } from './middleware.ts';

/** The collector as a handler of HTTP events, in Lambda and behind `dongu collect` alike. */
export function collectHandler(ports: CollectPorts, watching: Watching): Handler<HttpEvent, HttpAnswer> {
  const toldOnce = new Set<string>();
  return lambda(async (event: HttpEvent) => {
    const request = requestOf(event, ports.clock.now());
    const result = await collect(request, ports).catch((error: unknown) => faultOf(error, request, watching));
    tell(result, { request, toldOnce }, watching);
    return httpAnswer(result, {
      requestId: request.id,
      method: request.method,
      wantsItems: wantsItems(event),
      allowedOrigin: await allowedOrigin(request, ports),
    });
  }, watching);
}

function randomDigits(): () => number {
  const bytes = randomBytes(16);
  let at = 0;
  return () => bytes[at++ % 16] ?? 0;
}

function requestOf(event: HttpEvent, receivedAt: Date): CollectRequest {
  return {
    id: ulid(receivedAt, randomDigits()),
    receivedAt,
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath,
    headers: event.headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function wantsItems({ headers, rawQueryString }: HttpEvent): boolean {
  return (
    /(^|[,;\s])return=representation($|[,;\s])/.test(headers.prefer ?? '') ||
    /(^|&)answers=items($|&)/.test(rawQueryString)
  );
}

/** A fault of ours is answered as such; the log says which, and never what the request held. */
function faultOf(error: unknown, request: CollectRequest, { logger }: Watching): CollectResult {
  logger.error('nothing taken', { request_id: request.id, ...faultFields(error) });
  return { kind: 'refused', reason: error instanceof QueueError ? 'queue_unavailable' : 'internal_error' };
}

interface Telling {
  readonly request: CollectRequest;
  /** Reasons that are no sender's fault, and the same for every request. */
  readonly toldOnce: Set<string>;
}

function tellRefused(reason: RequestReason, { request, toldOnce }: Telling, { logger }: Watching): void {
  if (reason !== 'no_write_keys') {
    logger.info('request refused', { request_id: request.id, reason });
  } else if (!toldOnce.has(reason)) {
    toldOnce.add(reason);
    logger.error(`nothing is taken: ${requestRefusals[reason].text}`, { reason });
  }
}

function tell(result: CollectResult, telling: Telling, watching: Watching): void {
  const { logger, metrics } = watching;
  if (result.kind === 'refused') {
    tellRefused(result.reason, telling, watching);
    metrics?.addMetric('RequestsRefused', MetricUnit.Count, 1);
  }
  if (result.kind !== 'taken') {
    return;
  }
  const { source, keyId, outcomes } = result;
  const { accepted, duplicate, refused, reasons } = countOutcomes(outcomes);
  const told = {
    request_id: telling.request.id,
    source,
    key_id: keyId,
    accepted,
    duplicate,
    refused,
    reasons,
  };
  if (refused > 0) {
    logger.info('items refused', told);
  } else {
    logger.debug('items taken', told);
  }
  metrics?.addMetric('ItemsAccepted', MetricUnit.Count, accepted);
  metrics?.addMetric('ItemsDuplicate', MetricUnit.Count, duplicate);
  metrics?.addMetric('ItemsRefused', MetricUnit.Count, refused);
}

/** The origin whose pages may read the answer, as a browser asks. */
async function allowedOrigin(
  { headers, receivedAt }: CollectRequest,
  { writeKeys }: CollectPorts,
): Promise<string | undefined> {
  const { origin } = headers;
  const keys = origin === undefined ? [] : await writeKeys.list().catch(() => []);
  return origin !== undefined && isKnownOrigin(keys, origin, receivedAt) ? origin : undefined;
}
