import type { Logger } from '@aws-lambda-powertools/logger';
import type { Telemetry } from '../ports/telemetry.ts';

/** What use cases tell, in the log of a function. */
export const logTelemetry = (logger: Logger): Telemetry => ({
  step: (text) => logger.debug(text),
  done: (text) => logger.info(text),
  warn: (text) => logger.warn(text),
});
