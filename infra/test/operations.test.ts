import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { metricsNamespace } from '../../functions/handlers/middleware.ts';
import { FREE_METRICS } from '../constructs/operator-view.ts';
import { METRICS } from '../constructs/run-metrics.ts';
import { namedQueries } from '../named-queries.ts';
import { pagePolicy } from '../stacks/edge.ts';
import { Resolved } from './support/resolved.ts';
import { synthesised } from './support/synthesised.ts';

const { templates } = synthesised(
  'deploy: { alarms: { emails: [operator@example.com], month_dollars: 35 } }',
);
const resolved = new Resolved(templates);
const alarms = resolved.resources('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

/** The one alarm of a metric. */
function alarmOf(metric: string): Readonly<Record<string, unknown>> {
  const found = alarms.filter((alarm) => JSON.stringify(alarm).includes(`"${metric}"`));
  expect(found, metric).toHaveLength(1);
  return found[0] ?? {};
}

describe('alarms', () => {
  it('count what functions count', () => {
    expect(METRICS).toBe(metricsNamespace);
  });

  it('tell the topic when they begin and when they end', () => {
    expect(alarms).toHaveLength(14);
    for (const { AlarmActions, OKActions, AlarmName } of alarms) {
      expect(AlarmActions, String(AlarmName)).toEqual(['Alarms']);
      expect(OKActions, String(AlarmName)).toEqual(['Alarms']);
    }
  });

  it('may publish to their topic, whose policy takes the place of the usual one', () => {
    const [policy] = resolved.resources('AWS::SNS::TopicPolicy');
    expect(policy?.Properties).toMatchObject({
      PolicyDocument: {
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
          }),
        ]),
      },
    });
  });

  it('go on by what happens once: in one period', () => {
    const failed = ['Errors', 'ExecutionsFailed', 'ExecutionsTimedOut'].flatMap((metric) =>
      alarms.filter((alarm) => JSON.stringify(alarm).includes(`"${metric}"`)),
    );
    expect(failed).toHaveLength(3);
    for (const alarm of failed) {
      expect(alarm).toMatchObject({ EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    }
  });

  it('miss a run: no success in any of 26 hours, and silence is no success', () => {
    expect(alarmOf('RunsSucceeded')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 26,
      DatapointsToAlarm: 26,
      TreatMissingData: 'breaching',
    });
  });

  for (const [metric, threshold] of [
    ['AuditsFailed', 0],
    ['QuarantineRate', 1],
    ['DataAge', 48 * 3600],
    ['PageAge', 60 * 3600],
    ['Dollars', 1],
  ] as const) {
    it(`go on by ${metric} above ${threshold}, and stay until a run says better`, () => {
      expect(alarmOf(metric)).toMatchObject({
        Threshold: threshold,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      });
    });
  }

  it('go on by the first dead letter of every queue', () => {
    const ofQueues = alarms.filter((alarm) => JSON.stringify(alarm).includes('DeadLetters'));

    const queues = resolved.resources('AWS::SQS::Queue').filter(({ name }) => name.endsWith('DeadLetters'));
    expect(queues.length).toBeGreaterThanOrEqual(2);
    expect(ofQueues).toHaveLength(queues.length);
    for (const alarm of ofQueues) {
      expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
    }
  });

  it('go on when requests wait for an hour', () => {
    expect(
      alarms.filter((alarm) => JSON.stringify(alarm).includes('ApproximateAgeOfOldestMessage')),
    ).toMatchObject([{ Threshold: 3600 }]);
  });
});

describe('what an operator is told', () => {
  it('is the budget of the month, at 80 % and when more is forecast', () => {
    templates.operations.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 35, Unit: 'USD' }, TimeUnit: 'MONTHLY', BudgetType: 'COST' },
      NotificationsWithSubscribers: [
        { Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }) },
        { Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }) },
      ],
    });
  });

  it('comes by mail where addresses are given', () => {
    templates.operations.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operator@example.com',
    });
    synthesised().templates.operations.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('names a sign for all that can go wrong: each function has an alarm that its failure leads to', () => {
    // Run: the machine of runs; Compact: its own; the others by what they leave undone
    const signs = {
      Collect: '5xx',
      Land: 'ApproximateAgeOfOldestMessage',
      Import: 'ApproximateNumberOfMessagesVisible',
      Run: 'ExecutionsFailed',
      Compact: 'Errors',
    };
    const functions = resolved.resources('AWS::Lambda::Function').map(({ name }) => name);

    for (const [name, metric] of Object.entries(signs)) {
      expect(
        functions.some((one) => one.includes(name)),
        name,
      ).toBe(true);
      expect(
        alarms.some((alarm) => JSON.stringify(alarm).includes(`"${metric}"`)),
        metric,
      ).toBe(true);
    }
    expect(functions).toHaveLength(Object.keys(signs).length);
  });

  it('costs nothing where it is one of the first three dashboards, or is left out', () => {
    const [dashboard] = resolved.resources('AWS::CloudWatch::Dashboard');
    const { widgets } = JSON.parse(String(dashboard?.Properties.DashboardBody));
    const count = widgets.reduce(
      (sum: number, { properties }: { properties: { metrics?: unknown[]; alarms?: unknown[] } }) =>
        sum + (properties.metrics?.length ?? 0) + (properties.alarms?.length ?? 0),
      0,
    );

    expect(count).toBeGreaterThan(alarms.length);
    expect(count).toBeLessThanOrEqual(FREE_METRICS);
    const without = synthesised('deploy: { operator_view: false }').templates.operations;
    without.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    without.resourceCountIs('AWS::CloudWatch::Alarm', alarms.length);
  });

  it('stands on one dashboard, with every alarm on it', () => {
    templates.operations.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const [dashboard] = resolved.resources('AWS::CloudWatch::Dashboard');
    const body = JSON.parse(String(dashboard?.Properties.DashboardBody));
    const metrics = JSON.stringify(body);

    for (const metric of [
      'RunsSucceeded',
      'RowsIn',
      'DataAge',
      'ApproximateAgeOfOldestMessage',
      'Throttles',
    ]) {
      expect(metrics).toContain(metric);
    }
    const { properties } = body.widgets.find(({ type }: { type: string }) => type === 'alarm');
    expect(properties.alarms).toHaveLength(alarms.length);
  });
});

describe('named queries', () => {
  const models = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
  const published = new Set([...models.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name));

  it('are in the workgroup and database of the installation', () => {
    const queries = resolved.resources('AWS::Athena::NamedQuery');

    expect(queries).toHaveLength(namedQueries().length);
    for (const { Properties } of queries) {
      expect(Properties).toMatchObject({ Database: 'dongu', WorkGroup: 'dongu' });
    }
  });

  for (const { name, description, sql } of namedQueries()) {
    it(`"${name}" says what it answers, and reads published relations`, () => {
      const relations = [...sql.matchAll(/\bfrom ([a-z_]+)/g)].map(([, relation]) => relation);

      expect(description).toMatch(/^[A-Z].{20,}\.$/);
      expect(relations.length).toBeGreaterThan(0);
      for (const relation of relations) {
        expect(published, relation).toContain(relation);
      }
    });
  }
});

describe('pages at the edge', () => {
  it('come over HTTPS only, from a bucket that nobody else reads', () => {
    templates.edge.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({
        DefaultRootObject: 'index.html',
        DefaultCacheBehavior: Match.objectLike({
          ViewerProtocolPolicy: 'redirect-to-https',
          AllowedMethods: ['GET', 'HEAD'],
        }),
        Origins: [
          Match.objectLike({
            OriginPath: '/dashboards',
            OriginAccessControlId: Match.anyValue(),
            S3OriginConfig: { OriginAccessIdentity: '' },
          }),
        ],
      }),
    });
    templates.edge.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: Match.objectLike({ SigningBehavior: 'always', SigningProtocol: 'sigv4' }),
    });
  });

  it('have a policy that is no looser than what `dongu serve` says, and no tighter than what pages need', () => {
    const page = readFileSync(new URL('../../dashboards/page.ts', import.meta.url), 'utf8');
    const own = /"(default-src 'none'[^"]*)"/.exec(page)?.[1] ?? '';
    const needed = own.replace(' file:', '').split('; ');

    expect(needed.length).toBeGreaterThan(3);
    expect(pagePolicy.split('; ')).toEqual([...needed, "frame-ancestors 'none'"]);
    expect(pagePolicy).not.toMatch(/unsafe|\*/);
  });

  it('say the headers that keep them to themselves', () => {
    templates.edge.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: Match.objectLike({
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: pagePolicy, Override: true },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: 'DENY', Override: true },
          ReferrerPolicy: { ReferrerPolicy: 'same-origin', Override: true },
          StrictTransportSecurity: Match.objectLike({ AccessControlMaxAgeSec: 31_536_000 }),
        },
      }),
    });
  });

  it('keep the pointer fresh and what is named by its content for a year, as objects say', () => {
    templates.edge.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: Match.objectLike({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 31_536_000 }),
    });
  });
});
