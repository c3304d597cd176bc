// The only place that knows middy and Powertools.
import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { LambdaContext } from './http-event.ts';

/** Of all metrics that functions count; the service says which function. */
export const metricsNamespace = 'Dongu';

export interface Watching {
  readonly logger: Logger;
  /** Without it nothing is counted: outside the cloud nobody reads the counts. */
  readonly metrics?: Metrics | undefined;
}

export type Handler<Event, Answer> = (event: Event, context: LambdaContext) => Promise<Answer>;

/** Puts the one stack around a handler. Events are never logged: they hold personal data. */
export function lambda<Event, Answer>(
  work: (event: Event, context: LambdaContext) => Promise<Answer>,
  { logger, metrics }: Watching,
): Handler<Event, Answer> {
  // an answer before the work has ended would let it go on beside the next event: Lambda itself ends both together
  const stack = middy<Event, Answer>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .handler((event: Event, context: unknown) => work(event, context as LambdaContext));
  const watched = metrics ? stack.use(logMetrics(metrics)) : stack;
  return watched as unknown as Handler<Event, Answer>;
}

/** Opens what a handler needs at the first event of its container; one that could not be opened is tried again at the next. */
export function openedOnce<Event, Answer>(
  open: () => Handler<Event, Answer> | Promise<Handler<Event, Answer>>,
): Handler<Event, Answer> {
  let opened: Handler<Event, Answer> | undefined;
  return async (event, context) => {
    opened ??= await open();
    return opened(event, context);
  };
}
