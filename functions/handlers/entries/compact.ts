import { Logger } from '@aws-lambda-powertools/logger';
import type { CompactOutcome } from '../../use-cases/compact-under-lease.ts';
import { compactHandler } from '../compact.ts';
import { readEnvironment } from '../environment.ts';
import { logTelemetry } from '../log-telemetry.ts';
import { type Handler, openedOnce } from '../middleware.ts';
import { compactWork } from '../run-installation.ts';

export const handler: Handler<unknown, CompactOutcome> = openedOnce(() => {
  const logger = new Logger({ serviceName: 'compact' });
  const environment = readEnvironment(['lake']);
  return compactHandler(compactWork({ environment, telemetry: logTelemetry(logger) }), { logger });
});
