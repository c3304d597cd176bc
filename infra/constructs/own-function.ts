import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Function as LambdaFunction,
  type LayerVersion,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Assets, type EntryName, lambdaArchitecture } from '../assets.ts';
import type { DeployConfiguration } from '../configuration.ts';

export interface OwnFunctionProps {
  readonly configuration: DeployConfiguration;
  readonly assets: Assets;
  readonly entry: EntryName;
  /** What its entry does, in a sentence. */
  readonly description: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /**
   * Megabytes of /tmp.
   *
   * @default 512
   */
  readonly storageMegabytes?: number;
  /** How many run at a time: no more, and so many in any case. */
  readonly concurrency: number;
  /** Variables of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * DuckDB, for a function that imports it.
   *
   * @default - none
   */
  readonly layer?: LayerVersion;
  /** All that its role may do beside writing its log. */
  readonly rights: readonly PolicyStatement[];
}

/** A function with a role and a log of its own. */
export class OwnFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: OwnFunctionProps) {
    super(scope, id);
    const { configuration, assets, entry, layer } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: configuration.retention.logs_days as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${id} of ${configuration.name}`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    for (const right of props.rights) {
      this.role.addToPolicy(right);
    }
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: lambdaArchitecture(configuration),
      ...assets.entry(entry),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(props.storageMegabytes ?? 512),
      environment: { TZ: 'UTC', ...props.environment },
      ...(layer && { layers: [layer] }),
      ...(configuration.reserve_concurrency && { reservedConcurrentExecutions: props.concurrency }),
    });
  }
}
