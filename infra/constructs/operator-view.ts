import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Collector } from './collector.ts';
import type { Landing } from './landing.ts';
import type { OwnFunction } from './own-function.ts';
import { ofRuns } from './run-metrics.ts';
import type { Runs } from './runs.ts';

export interface OperatorViewProps {
  /** Begins the dashboard's name. */
  readonly name: string;
  readonly alarms: readonly IAlarm[];
  readonly landing: Landing;
  readonly collector: Collector;
  readonly runs: Runs;
}

/** A dashboard with no more metrics is free of charge as one of an account's first three; a test counts, alarms included. */
export const FREE_METRICS = 50;

const WHOLE = 24;
const HALF = 12;
const THIRD = 8;
const HIGH = 6;

/** One view of all that an operator asks first. */
export class OperatorView extends Construct {
  constructor(scope: Construct, id: string, { name, alarms, landing, collector, runs }: OperatorViewProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WHOLE, height: 4 })],
        [title('Runs, and what readers see')],
        [
          graph('runs', [ofRuns('RunsSucceeded', 'Sum'), ofRuns('RunsFailed', 'Sum')]),
          graph('age of data and page, in seconds', [
            ofRuns('DataAge', 'Maximum'),
            ofRuns('PageAge', 'Maximum'),
          ]),
        ],
        [
          graph('rows', [ofRuns('RowsIn', 'Maximum'), ofRuns('RowsBuilt', 'Maximum')]),
          graph(
            'quarantine in percent; audits failed; dollars scanned',
            ['QuarantineRate', 'AuditsFailed', 'Dollars'].map((metric) => ofRuns(metric, 'Maximum')),
          ),
        ],
        [title('What comes')],
        [
          graph('requests of the collector', [
            collector.api.metricCount({ label: 'all' }),
            collector.api.metricClientError({ label: 'refused' }),
            collector.api.metricServerError({ label: 'failed' }),
          ]),
          graph('milliseconds until the answer', [
            collector.api.metricLatency({ statistic: 'p50', label: 'half of them' }),
            collector.api.metricLatency({ statistic: 'p99', label: '99 of 100' }),
          ]),
        ],
        [
          graph('messages that wait, and dead letters', [
            waiting(landing.queue, 'wait for landing'),
            waiting(landing.deadLetters, 'dead letters of landing'),
            waiting(landing.importDeadLetters, 'dead letters of the inbox'),
            waiting(runs.deadLetters, 'orders not given'),
          ]),
          graph('age of the oldest that waits, in seconds', [
            landing.queue.metricApproximateAgeOfOldestMessage(),
          ]),
        ],
        [title('Functions')],
        ...functionRows({
          Collect: collector.collect,
          Land: landing.land,
          Import: landing.importing,
          Compact: runs.compact,
          Run: runs.run,
        }),
      ],
    });
  }
}

const title = (text: string): IWidget => new TextWidget({ markdown: `## ${text}`, width: WHOLE, height: 1 });

const graph = (text: string, left: readonly IMetric[], width = HALF): IWidget =>
  new GraphWidget({ title: text, left: [...left], width, height: HIGH });

const waiting = (queue: Queue, label: string): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ label, statistic: 'Maximum' });

/** What each has done, and for how long: a line of each function. */
function functionRows(functions: Readonly<Record<string, OwnFunction>>): IWidget[][] {
  const lines = Object.entries(functions);
  const period = Duration.minutes(15);
  const of = (metric: (one: OwnFunction['lambda'], label: string) => IMetric): IMetric[] =>
    lines.map(([label, { lambda }]) => metric(lambda, label));
  return [
    [
      graph(
        'errors',
        of((one, label) => one.metricErrors({ label, period })),
        THIRD,
      ),
      graph(
        'throttles',
        of((one, label) => one.metricThrottles({ label, period })),
        THIRD,
      ),
      graph(
        'longest, in milliseconds',
        of((one, label) => one.metricDuration({ label, period, statistic: 'Maximum' })),
        THIRD,
      ),
    ],
  ];
}
