import type { Logger } from '@aws-lambda-powertools/logger';
import type { Telemetry } from '../ports/telemetry.ts';

/** What a use case tells, as lines of a function's log. */
export function loggerTelemetry(logger: Pick<Logger, 'debug' | 'info' | 'warn'>): Telemetry {
  return {
    step: (text) => logger.debug(text),
    done: (text) => logger.info(text),
    warn: (text) => logger.warn(text),
  };
}
