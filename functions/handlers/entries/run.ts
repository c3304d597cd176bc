import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { RunOutcome } from '../../use-cases/ordered-run.ts';
import { readEnvironment } from '../environment.ts';
import { logTelemetry } from '../log-telemetry.ts';
import { type Handler, metricsNamespace, openedOnce } from '../middleware.ts';
import { runHandler } from '../run.ts';
import { runWork } from '../run-installation.ts';

export const handler: Handler<unknown, RunOutcome> = openedOnce(() => {
  const logger = new Logger({ serviceName: 'run' });
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: 'run' });
  const environment = readEnvironment(['lake', 'dashboards']);
  return runHandler(runWork({ environment, telemetry: logTelemetry(logger) }), { logger, metrics });
});
