import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { loggerTelemetry } from '../../adapters/logger-telemetry.ts';
import { readEnvironment } from '../environment.ts';
import { runHandler } from '../run.ts';
import { runWork } from '../run-installation.ts';

const logger = new Logger({ serviceName: 'run' });
const metrics = new Metrics({ namespace: 'dongu', serviceName: 'run' });

export const handler = runHandler(
  runWork({
    environment: readEnvironment(['lake', 'dashboards']),
    telemetry: loggerTelemetry(logger),
    projectFolder: join(process.cwd(), 'project'),
  }),
  { logger, metrics },
);
