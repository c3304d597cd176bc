import { Logger } from '@aws-lambda-powertools/logger';
import { athenaClients } from '../../adapters/athena-build.ts';
import { loggerTelemetry } from '../../adapters/logger-telemetry.ts';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { compactHandler } from '../compact.ts';
import { readEnvironment } from '../environment.ts';
import { compactWork } from '../run-installation.ts';

const logger = new Logger({ serviceName: 'compact' });
const environment = readEnvironment(['lake']);

export const handler = compactHandler(
  compactWork({
    environment,
    telemetry: loggerTelemetry(logger),
    store: new S3ObjectStore(athenaClients({}).s3, environment.lake),
  }),
  { logger },
);
