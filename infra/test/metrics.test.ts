import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunFigures } from '../../functions/core/run-figures.ts';
import { metricsNamespace } from '../../functions/handlers/middleware.ts';
import { runHandler } from '../../functions/handlers/run.ts';
import { captureOutput } from '../../test/support/captured-output.ts';
import { lambdaContext } from '../../test/support/collector.ts';
import { Resolved } from './support/resolved.ts';
import { synthesised } from './support/synthesised.ts';

/** A metric as CloudWatch knows it: its namespace, its name, and what it is of. */
type MetricName = string;

const metricName = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
): MetricName => [namespace, name, ...Object.entries(dimensions).map((pair) => pair.join('='))].join(' ');

/** A figure of each kind: what a run may tell. */
const figures: Required<RunFigures> = {
  isSucceeded: true,
  auditsFailed: 0,
  rowsIn: 1,
  rowsBuilt: 2,
  quarantineRate: 0.01,
  bytesScanned: 3,
  dollars: 4,
  dataAgeSeconds: 5,
  pageAgeSeconds: 6,
};

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [dimension: string]: unknown;
}

/** What the handler of runs writes to its log, and CloudWatch reads as metrics. */
async function toldByRuns(): Promise<readonly MetricName[]> {
  const written = captureOutput();
  // the function's own, as entries/run.ts has it
  const watching = {
    logger: new Logger({ serviceName: 'run', logLevel: 'SILENT' }),
    metrics: new Metrics({ namespace: metricsNamespace, serviceName: 'run' }),
  };
  const handler = runHandler(async (_, { measure }) => {
    measure(figures);
    return { state: 'published' };
  }, watching);
  await handler({}, lambdaContext);
  vi.restoreAllMocks();
  const lines = written.filter((line) => line.includes('CloudWatchMetrics'));
  return lines.flatMap((line) => {
    const told = JSON.parse(line) as EmbeddedMetrics;
    return told._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics: named }) =>
      named.flatMap(({ Name }) =>
        Dimensions.map((names) =>
          metricName(Namespace, Name, Object.fromEntries(names.map((name) => [name, String(told[name])]))),
        ),
      ),
    );
  });
}

interface AlarmedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

const resolved = new Resolved(synthesised().templates);

/** Every metric of an alarm, whether it stands in it alone or in an expression. */
const alarmed: readonly AlarmedMetric[] = resolved
  .resources('AWS::CloudWatch::Alarm')
  .flatMap(({ Properties }) => [
    ...(Properties.MetricName === undefined ? [] : [Properties as unknown as AlarmedMetric]),
    ...((Properties.Metrics ?? []) as readonly { MetricStat?: { Metric: AlarmedMetric } }[]).flatMap(
      ({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []),
    ),
  ]);

/** The project's own metrics on the dashboard: each is a list of namespace, name, and what it is of by pairs. */
function shown(): readonly MetricName[] {
  const [dashboard] = resolved.resources('AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(String(dashboard?.Properties.DashboardBody)) as {
    widgets: readonly { properties: { metrics?: readonly (readonly unknown[])[] } }[];
  };
  return widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => namespace === metricsNamespace)
    .map((metric) => {
      const [namespace, name, ...rest] = metric.filter((part) => typeof part === 'string');
      const pairs = rest.flatMap((part, at) => (at % 2 === 0 ? [[part, rest[at + 1]]] : []));
      return metricName(String(namespace), String(name), Object.fromEntries(pairs));
    });
}

/** Of AWS, as its services' documentation names them. */
const ofServices: Readonly<Record<string, readonly string[]>> = {
  'AWS/SQS': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
  'AWS/Lambda': ['Errors'],
  'AWS/States': ['ExecutionsFailed', 'ExecutionsTimedOut'],
  'AWS/ApiGateway': ['5xx'],
};

describe('metrics', () => {
  let told: ReadonlySet<MetricName>;

  beforeAll(async () => {
    told = new Set(await toldByRuns());
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('of alarms are those that functions write, of the same namespace, name and service', () => {
    const own = alarmed
      .filter(({ Namespace }) => Namespace === metricsNamespace)
      .map(({ Namespace, MetricName: name, Dimensions = [] }) =>
        metricName(Namespace, name, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]))),
      );

    expect(own.length).toBeGreaterThanOrEqual(6);
    expect(own.filter((name) => !told.has(name))).toEqual([]);
  });

  it('on the dashboard are so too', () => {
    expect(shown().length).toBeGreaterThanOrEqual(8);
    expect(shown().filter((name) => !told.has(name))).toEqual([]);
  });

  it('of all other alarms are those of a service', () => {
    const others = alarmed.filter(({ Namespace }) => Namespace !== metricsNamespace);

    expect(others.length).toBeGreaterThanOrEqual(6);
    for (const { Namespace, MetricName: name, Dimensions = [] } of others) {
      expect(ofServices[Namespace], Namespace).toContain(name);
      expect(Dimensions.length, name).toBeGreaterThan(0);
    }
  });
});
