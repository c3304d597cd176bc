import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { MessageQueue } from './message-queue.ts';
import { OwnFunction } from './own-function.ts';
import { runMachine } from './run-machine.ts';
import { athenaRights, compactRights, runRights } from './run-rights.ts';
import type { RunsProps } from './runs-props.ts';

/** Megabytes: accounts whose quotas nobody has raised yet are refused more. */
const MOST_OF_A_NEW_ACCOUNT = 3008;

const RUN_SECONDS = 900;

/** Runs by a schedule or by hand: one at a time, in the project's time zone. */
export class Runs extends Construct {
  readonly run: OwnFunction;
  /** Merges the collector's batches: it reaches identities, which a run does not. */
  readonly compact: OwnFunction;
  readonly machine: StateMachine;
  readonly schedule: Schedule;
  /** Orders of the schedule that could not be given. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: RunsProps) {
    super(scope, id);
    this.run = this.#run(props);
    this.compact = this.#compact(props);
    this.machine = this.#machine(props);
    this.deadLetters = new MessageQueue(this, 'DeadLetters', {
      days: props.configuration.retention.dead_letters_days,
    });
    this.schedule = this.#schedule(props);
  }

  #run(props: RunsProps): OwnFunction {
    return new OwnFunction(this, 'Run', {
      ...props,
      entry: 'run',
      description: 'Builds, audits and publishes',
      memoryMegabytes: MOST_OF_A_NEW_ACCOUNT,
      timeoutSeconds: RUN_SECONDS,
      storageMegabytes: 10_240,
      // the lease lets in one; the other shall be told so, and not be turned away unheard
      concurrency: 2,
      environment: {
        DONGU_LAKE: props.lake.bucket.s3UrlForObject(),
        DONGU_DASHBOARDS: props.dashboards.bucket.s3UrlForObject(),
        DONGU_DATABASE: props.databaseName,
        DONGU_WORKGROUP: props.workgroupName,
      },
      layer: props.duckdbLayer,
      rights: [...runRights(props), ...athenaRights(Stack.of(this), props)],
    });
  }

  #compact(props: RunsProps): OwnFunction {
    return new OwnFunction(this, 'Compact', {
      ...props,
      entry: 'compact',
      description: "Merges the collector's batches before a run",
      memoryMegabytes: MOST_OF_A_NEW_ACCOUNT,
      timeoutSeconds: RUN_SECONDS,
      storageMegabytes: 4096,
      concurrency: 1,
      environment: {
        DONGU_LAKE: props.lake.bucket.s3UrlForObject(),
        DONGU_IDENTITIES: props.identities.bucket.s3UrlForObject(),
      },
      layer: props.duckdbLayer,
      rights: compactRights(props),
    });
  }

  #machine({ configuration }: RunsProps): StateMachine {
    const [run, compact] = [this.run.lambda.functionArn, this.compact.lambda.functionArn];
    const role = new Role(this, 'MachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `Runs of ${configuration.name}`,
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [run, compact] }));
    return new StateMachine(this, 'Machine', {
      comment: 'Runs: merge, build, audit, publish',
      definitionBody: DefinitionBody.fromString(JSON.stringify(runMachine({ run, compact }))),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'MachineLog', {
          retention: configuration.retention.logs_days as RetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
  }

  #schedule({ configuration }: RunsProps): Schedule {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `Schedule of ${configuration.name}`,
    });
    return new Schedule(this, 'Schedule', {
      description: "Orders a run as of its own instant, in the project's time zone",
      schedule: ScheduleExpression.expression(
        configuration.runs.schedule,
        TimeZone.of(configuration.timeZone),
      ),
      target: new StepFunctionsStartExecution(this.machine, {
        role,
        input: ScheduleTargetInput.fromObject({
          scheduledAt: ContextAttribute.scheduledTime,
          engine: configuration.runs.engine,
        }),
        deadLetterQueue: this.deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
      }),
    });
  }
}
