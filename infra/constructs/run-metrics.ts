import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** As functions/handlers/middleware.ts counts. */
export const METRICS = 'Dongu';

/** A figure that runs tell, once each. */
export const ofRuns = (metricName: string, statistic: 'Sum' | 'Maximum'): Metric =>
  new Metric({
    namespace: METRICS,
    metricName,
    dimensionsMap: { service: 'run' },
    statistic,
    period: Duration.hours(1),
    label: metricName,
  });
