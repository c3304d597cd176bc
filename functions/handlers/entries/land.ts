import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { landedPrefix } from '../../adapters/duckdb-landing.ts';
import { emptyFolder } from '../../adapters/temporary-folder.ts';
import { readEnvironment } from '../environment.ts';
import { landingQueue } from '../installation.ts';
import { landMessages, type PartialFailure, type QueueEvent } from '../land-messages.ts';
import { openLandings } from '../landing-installation.ts';
import { logTelemetry } from '../log-telemetry.ts';
import { type Handler, lambda, metricsNamespace, openedOnce } from '../middleware.ts';

/** Longer than the landing of a whole event, which may just have begun. */
const MARGIN_MILLISECONDS = 60_000;

export const handler: Handler<QueueEvent, PartialFailure> = openedOnce(async () => {
  const environment = readEnvironment(['lake', 'queueUrl', 'identityKey']);
  const logger = new Logger({ serviceName: 'land' });
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: 'land' });
  const { ports, loadSource, facts, folder } = await openLandings(environment, logTelemetry(logger));
  const queue = landingQueue(environment);
  return lambda(
    async (event: QueueEvent, context) => {
      const hasTime = () => context.getRemainingTimeInMillis() > MARGIN_MILLISECONDS;
      const answer = await landMessages(event, { ...ports, loadSource, facts, queue, hasTime });
      const failed = answer.batchItemFailures.length;
      // of a batch that could not be put
      await emptyFolder(folder, landedPrefix);
      metrics.addMetric('MessagesLanded', MetricUnit.Count, event.Records.length - failed);
      metrics.addMetric('MessagesFailed', MetricUnit.Count, failed);
      return answer;
    },
    { logger, metrics },
  );
});
