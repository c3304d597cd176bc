import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { loggerTelemetry } from '../../adapters/logger-telemetry.ts';
import { runHandler } from '../run.ts';
import { readRunEnvironment } from '../run-environment.ts';
import { runWork } from '../run-installation.ts';

const logger = new Logger({ serviceName: 'run' });
const metrics = new Metrics({ namespace: 'dongu', serviceName: 'run' });

export const handler = runHandler(
  runWork({
    // biome-ignore lint/style/noProcessEnv: what Lambda loads is told its installation by its environment
    environment: readRunEnvironment(process.env),
    telemetry: loggerTelemetry(logger),
    projectFolder: join(process.cwd(), 'project'),
  }),
  { logger, metrics },
);
