import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { administrator, region } from './cdk-command.ts';

export interface DeployedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** How an execution of the state machine ended. */
export interface Ended {
  readonly status: string;
  /** Its output, or else its error and cause. */
  readonly told: string;
}

/** What was deployed, and how a person who has all rights looks into it. */
export class Installation {
  readonly resources: readonly DeployedResource[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: typeof administrator;
  };
  readonly #s3: S3Client;
  readonly #states: SFNClient;
  readonly #logs: CloudWatchLogsClient;
  readonly #sqs: SQSClient;

  private constructor(
    endpoint: string,
    resources: readonly DeployedResource[],
    outputs: ReadonlyMap<string, string>,
  ) {
    this.aws = { endpoint, region, credentials: administrator };
    this.resources = resources;
    this.outputs = outputs;
    this.#s3 = new S3Client({ ...this.aws, forcePathStyle: true });
    this.#states = new SFNClient(this.aws);
    this.#logs = new CloudWatchLogsClient(this.aws);
    this.#sqs = new SQSClient({ ...this.aws, useQueueUrlAsEndpoint: false });
  }

  static async read(endpoint: string, stacks: readonly string[]): Promise<Installation> {
    const cloudFormation = new CloudFormationClient({ endpoint, region, credentials: administrator });
    const resources: DeployedResource[] = [];
    const outputs = new Map<string, string>();
    for (const stack of stacks) {
      const given = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stack }));
      for (const { LogicalResourceId, PhysicalResourceId, ResourceType } of given.StackResources ?? []) {
        resources.push({
          stack,
          logicalId: LogicalResourceId ?? '',
          physicalId: PhysicalResourceId ?? '',
          type: ResourceType ?? '',
        });
      }
      const described = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
      for (const { OutputKey, OutputValue } of described.Stacks?.[0]?.Outputs ?? []) {
        outputs.set(OutputKey ?? '', OutputValue ?? '');
      }
    }
    return new Installation(endpoint, resources, outputs);
  }

  all(type: string): readonly DeployedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The physical name of the one whose logical name begins so. */
  one(type: string, beginning: string): string {
    const found = this.all(type).filter(({ logicalId }) => logicalId.startsWith(beginning));
    // a digest follows the name: of several that begin alike, the shortest is the one
    const [first] = found.sort((a, b) => a.logicalId.length - b.logicalId.length);
    if (first === undefined) throw new Error(`there is no ${type} ${beginning}…`);
    return first.physicalId;
  }

  function(beginning: string): string {
    return this.one('AWS::Lambda::Function', beginning);
  }

  async put(bucket: string, key: string, body: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async bytes(bucket: string, key: string): Promise<Uint8Array> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Body === undefined ? new Uint8Array() : await Body.transformToByteArray();
  }

  async text(bucket: string, key: string): Promise<string> {
    return Buffer.from(await this.bytes(bucket, key)).toString('utf8');
  }

  async keys(bucket: string, prefix = ''): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: bucket, Prefix: prefix },
    )) {
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    }
    return keys;
  }

  /** The target of a schedule and what it is given at an instant. */
  async scheduled(name: string, at: Date): Promise<{ readonly target: string; readonly input: string }> {
    const { Target } = await new SchedulerClient(this.aws).send(new GetScheduleCommand({ Name: name }));
    const input = (Target?.Input ?? '').replaceAll('<aws.scheduler.scheduled-time>', at.toISOString());
    return { target: Target?.Arn ?? '', input };
  }

  /** Executes a state machine to its end. */
  async execute(machine: string, input: string): Promise<Ended> {
    const { executionArn } = await this.#states.send(
      new StartExecutionCommand({ stateMachineArn: machine, input }),
    );
    for (;;) {
      const { status, output, error, cause } = await this.#states.send(
        new DescribeExecutionCommand({ executionArn }),
      );
      if (status !== undefined && status !== 'RUNNING') {
        return { status, told: output ?? `${error}: ${cause}` };
      }
      await sleep(500);
    }
  }

  async purge(queueUrl: string): Promise<void> {
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  }

  /** Those that wait and those that somebody works on. */
  async waitingMessages(queueUrl: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  /** The last lines that a function has written since an instant. */
  async log(name: string, since: Date): Promise<string> {
    const { LoggingConfig } = await new LambdaClient(this.aws).send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    const logGroupName = LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
    const { events = [] } = await this.#logs
      .send(new FilterLogEventsCommand({ logGroupName }))
      .catch(() => ({ events: [] }));
    return events
      .filter(({ timestamp = 0 }) => timestamp >= since.getTime())
      .map(({ message }) => message ?? '')
      .filter((message) => !/^(START|END|REPORT)/.test(message))
      .slice(-12)
      .join('\n');
  }
}
