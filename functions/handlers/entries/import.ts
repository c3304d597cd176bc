import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { S3ObjectStore } from '../../adapters/s3-object-store.ts';
import { emptyFolder } from '../../adapters/temporary-folder.ts';
import { readEnvironment } from '../environment.ts';
import { type ImportAnswer, importObjects } from '../import-objects.ts';
import { openLandings } from '../landing-installation.ts';
import { logTelemetry } from '../log-telemetry.ts';
import { type Handler, lambda, metricsNamespace, openedOnce } from '../middleware.ts';

export const handler: Handler<unknown, ImportAnswer> = openedOnce(async () => {
  const environment = readEnvironment(['lake', 'identityKey']);
  const watching = {
    logger: new Logger({ serviceName: 'import' }),
    metrics: new Metrics({ namespace: metricsNamespace, serviceName: 'import' }),
  };
  const landings = await openLandings(environment, logTelemetry(watching.logger));
  const inboxStore = new S3ObjectStore(landings.s3, environment.lake);
  return lambda(async (event) => {
    try {
      return await importObjects(event, { ...landings, inboxStore }, watching);
    } finally {
      await emptyFolder(landings.folder);
    }
  }, watching);
});
