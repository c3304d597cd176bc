import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  type CustomMetricWithAlarm,
  DefaultDashboardFactory,
  MonitoringFacade,
  notifySns,
} from 'cdk-monitoring-constructs';
import { Construct } from 'constructs';
import type { DeployConfiguration } from '../configuration.ts';
import type { Collector } from './collector.ts';
import type { Landing } from './landing.ts';
import { OperatorView } from './operator-view.ts';
import { METRICS, ofRuns } from './run-metrics.ts';
import type { Runs } from './runs.ts';

export interface WatchProps {
  readonly configuration: DeployConfiguration;
  /** Told when an alarm begins and when it ends. */
  readonly topic: ITopic;
  readonly landing: Landing;
  readonly collector: Collector;
  readonly runs: Runs;
}

interface RunAlarm {
  /** Of the run's metrics. */
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly name: string;
  readonly says: string;
  readonly above?: number;
  readonly below?: number;
  /** In one of so many hours, or in all of them where nothing counts as bad. */
  readonly hours?: number;
}

/**
 * Alarms, and one view. An alarm costs ten cents a month, so nothing is told twice: what goes wrong in Collect, Land and Import is
 * seen by the API's answers, by what waits and by dead letters, and what goes wrong in a run by its machine.
 */
export class Watch extends Construct {
  readonly facade: MonitoringFacade;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { configuration, topic, landing, collector, runs } = props;
    this.facade = new MonitoringFacade(this, 'Monitoring', {
      alarmFactoryDefaults: {
        alarmNamePrefix: configuration.name,
        actionsEnabled: true,
        action: notifySns(topic, topic),
        // what happens once a day is in one period: three in a row, the facade's own rule, would never come
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
      },
      metricFactoryDefaults: { namespace: METRICS },
      // its own has three times the metrics that cost nothing
      dashboardFactory: new DefaultDashboardFactory(this, 'Dashboards', {
        dashboardNamePrefix: configuration.name,
        createDashboard: false,
        createSummaryDashboard: false,
        createAlarmDashboard: false,
      }),
    });
    this.#runs(configuration);
    this.#deadLetters('dead letters of landing', landing.deadLetters);
    this.#deadLetters('dead letters of the inbox', landing.importDeadLetters);
    this.facade.monitorSqsQueue({
      queue: landing.queue,
      humanReadableName: 'requests that wait for landing',
      alarmFriendlyName: 'waiting',
      // an hour in which nothing was landed
      addQueueMaxMessageAgeAlarm: { Warning: { maxAgeInSeconds: 3600 } },
    });
    // whose failure stops no run
    this.facade.monitorLambdaFunction({
      lambdaFunction: runs.compact.lambda,
      humanReadableName: 'Compact',
      alarmFriendlyName: 'Compact',
      addFaultCountAlarm: { Warning: { maxErrorCount: 0, period: Duration.minutes(15) } },
    });
    this.#deadLetters('orders of the schedule that were not given', runs.deadLetters);
    this.facade.monitorStepFunction({
      stateMachine: runs.machine,
      humanReadableName: 'runs, each as an execution',
      alarmFriendlyName: 'run-machine',
      addFailedExecutionCountAlarm: { Critical: { maxErrorCount: 0 } },
      addTimedOutExecutionCountAlarm: { Critical: { maxErrorCount: 0 } },
    });
    this.facade.monitorApiGatewayV2HttpApi({
      api: collector.api,
      humanReadableName: 'collector',
      alarmFriendlyName: 'collector',
      add5xxCountAlarm: { Warning: { maxErrorCount: 10, period: Duration.minutes(15) } },
    });
    if (configuration.operator_view) {
      const alarms = this.facade.createdAlarms().map(({ alarm }) => alarm);
      new OperatorView(this, 'View', { name: configuration.name, alarms, landing, collector, runs });
    }
  }

  #runs(configuration: DeployConfiguration): void {
    this.facade.monitorCustom({
      humanReadableName: 'runs and what readers see',
      alarmFriendlyName: 'runs',
      metricGroups: [{ title: 'runs', metrics: runAlarms(configuration).map(asMetric) }],
    });
  }

  #deadLetters(name: string, queue: Queue): void {
    this.facade.monitorSqsQueue({
      queue,
      humanReadableName: name,
      alarmFriendlyName: name.replaceAll(' ', '-'),
      addQueueMaxSizeAlarm: { Critical: { maxMessageCount: 0 } },
    });
  }
}

/** What the runs' own figures say: functions/handlers/run.ts counts them. */
export function runAlarms({ alarms }: DeployConfiguration): readonly RunAlarm[] {
  return [
    {
      metric: 'RunsSucceeded',
      statistic: 'Sum',
      name: 'run-missed',
      says: `No run has succeeded for ${alarms.hours_without_run} hours.`,
      below: 1,
      hours: alarms.hours_without_run,
    },
    {
      metric: 'AuditsFailed',
      statistic: 'Maximum',
      name: 'audit-failed',
      says: 'An audit has failed, so that nothing was published: the log of the run names it.',
      above: 0,
    },
    {
      metric: 'QuarantineRate',
      statistic: 'Maximum',
      name: 'quarantine-rate',
      says: `More than ${alarms.quarantine_percent} % of what came since yesterday lies in quarantine.`,
      above: alarms.quarantine_percent,
    },
    {
      metric: 'DataAge',
      statistic: 'Maximum',
      name: 'data-age',
      says: `Nothing has been received for ${alarms.data_age_hours} hours.`,
      above: alarms.data_age_hours * 3600,
    },
    {
      metric: 'PageAge',
      statistic: 'Maximum',
      name: 'page-age',
      says: `Readers see what was so more than ${alarms.page_age_hours} hours ago.`,
      above: alarms.page_age_hours * 3600,
    },
    {
      metric: 'Dollars',
      statistic: 'Maximum',
      name: 'run-cost',
      says: `A run has scanned for more than ${alarms.run_dollars} dollars.`,
      above: alarms.run_dollars,
    },
  ];
}

function asMetric({
  metric,
  statistic,
  name,
  says,
  above,
  below,
  hours = 1,
}: RunAlarm): CustomMetricWithAlarm {
  return {
    metric: ofRuns(metric, statistic),
    alarmFriendlyName: name,
    addAlarm: {
      Critical: {
        additionalDescription: says,
        threshold: above ?? below ?? 0,
        comparisonOperator:
          below === undefined
            ? ComparisonOperator.GREATER_THAN_THRESHOLD
            : ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: hours,
        datapointsToAlarm: hours,
        // an hour without a run says nothing of the last one, unless it is the runs that are missed
        treatMissingDataOverride: below === undefined ? TreatMissingData.IGNORE : TreatMissingData.BREACHING,
      },
    },
  };
}
