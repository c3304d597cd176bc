import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { collectHandler } from '../collect.ts';
import { readEnvironment } from '../environment.ts';
import type { HttpAnswer, HttpEvent } from '../http-event.ts';
import { collectPorts } from '../installation.ts';
import { type Handler, metricsNamespace, openedOnce } from '../middleware.ts';

export const handler: Handler<HttpEvent, HttpAnswer> = openedOnce(() =>
  collectHandler(collectPorts(readEnvironment(['lake', 'queueUrl'])), {
    logger: new Logger({ serviceName: 'collect' }),
    metrics: new Metrics({ namespace: metricsNamespace, serviceName: 'collect' }),
  }),
);
