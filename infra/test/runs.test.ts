import { describe, expect, it } from 'vitest';
import { Resolved } from './support/resolved.ts';
import { synthesised } from './support/synthesised.ts';

const of = (yaml = '') => new Resolved(synthesised(yaml).templates);

function only(type: string, resolved = of()): Readonly<Record<string, unknown>> {
  const [resource, ...more] = resolved.resources(type);
  expect(more).toEqual([]);
  return resource?.Properties ?? {};
}

interface Machine {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const machineOf = (resolved = of()): Machine =>
  JSON.parse(String(only('AWS::StepFunctions::StateMachine', resolved).DefinitionString));

describe('the schedule of runs', () => {
  it("orders a run as of its instant, at four in the morning of the project's zone", () => {
    const schedule = only('AWS::Scheduler::Schedule');

    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(0 4 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Istanbul',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        DeadLetterConfig: {},
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 },
      },
    });
    const { Input } = schedule.Target as { readonly Input: string };
    expect(JSON.parse(Input)).toEqual({ scheduledAt: '<aws.scheduler.scheduled-time>', engine: 'auto' });
  });

  it('is what dongu.yaml says', () => {
    const yaml =
      'reporting: { time_zone: Europe/London }\ndeploy: { runs: { schedule: rate(6 hours), engine: athena } }';
    const schedule = only('AWS::Scheduler::Schedule', of(yaml));

    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(6 hours)',
      ScheduleExpressionTimezone: 'Europe/London',
    });
    expect(JSON.parse((schedule.Target as { Input: string }).Input)).toMatchObject({ engine: 'athena' });
  });
});

describe('the machine of runs', () => {
  it('names states that are there, and ends', () => {
    const { StartAt, States, TimeoutSeconds } = machineOf();
    const named = Object.values(States).flatMap(({ Next, Default, Choices = [], Catch = [] }) =>
      [
        Next,
        Default,
        ...[...(Choices as { Next: string }[]), ...(Catch as { Next: string }[])].map((one) => one.Next),
      ].filter((name) => name !== undefined),
    );

    expect([...new Set([StartAt, ...named])].toSorted()).toEqual(Object.keys(States).toSorted());
    expect(TimeoutSeconds).toBe(43_200);
  });

  it('goes on with a run as long as it is unfinished, under one execution', () => {
    const { States } = machineOf();

    expect(States.IsFinished).toMatchObject({
      Choices: [{ Variable: '$.result.outcome.state', StringEquals: 'unfinished', Next: 'GoOn' }],
      Default: 'Done',
    });
    expect(States.GoOn).toMatchObject({
      Parameters: { own: { 'execution.$': '$.own.execution', 'runId.$': '$.result.outcome.runId' } },
      Next: 'Run',
    });
  });

  it('waits for another run longer than a lease lasts, and never repeats a failed audit', () => {
    const retries = machineOf().States.Run?.Retry as {
      readonly ErrorEquals: readonly string[];
      readonly IntervalSeconds: number;
      readonly MaxAttempts: number;
    }[];
    const busy = retries.find(({ ErrorEquals }) => ErrorEquals.includes('BusyError'));

    expect((busy?.IntervalSeconds ?? 0) * (busy?.MaxAttempts ?? 0)).toBeGreaterThan(10 * 60);
    const repeated = retries.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(repeated.filter((error) => /^States\.(ALL|TaskFailed)$|AuditError/.test(error))).toEqual([]);
  });

  it('lets its function live for a quarter of an hour with room for a lake', () => {
    const run = of()
      .resources('AWS::Lambda::Function')
      .find(({ name }) => name.startsWith('RunsRun'));

    expect(run?.Properties).toMatchObject({
      Timeout: 900,
      MemorySize: 3008,
      EphemeralStorage: { Size: 10_240 },
      Runtime: 'nodejs24.x',
      Handler: 'functions/entries/run.handler',
      Environment: { Variables: { DONGU_LAKE: 's3://Lake', DONGU_DASHBOARDS: 's3://Dashboards' } },
    });
  });
});
