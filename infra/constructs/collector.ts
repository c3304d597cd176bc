import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Assets } from '../assets.ts';
import type { DeployConfiguration } from '../configuration.ts';
import { OwnFunction } from './own-function.ts';
import { objectRights, type Place } from './rights.ts';

export interface CollectorProps {
  readonly configuration: DeployConfiguration;
  readonly assets: Assets;
  /** Has the write keys. */
  readonly lake: Place;
  /** Where requests wait for landing. */
  readonly queue: Queue;
}

/** What a line of the access log says: neither addresses nor browsers of persons. */
const accessLine = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.integrationLatency',
  error: '$context.error.message',
});

/** An HTTP API whose every path is the collector's. */
export class Collector extends Construct {
  readonly collect: OwnFunction;
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { configuration, assets, lake, queue }: CollectorProps) {
    super(scope, id);
    this.collect = new OwnFunction(this, 'Collect', {
      configuration,
      assets,
      entry: 'collect',
      description: 'Takes touchpoints over HTTP; answers when the queue has them',
      memoryMegabytes: 512,
      timeoutSeconds: 10,
      concurrency: configuration.collect.concurrency,
      environment: {
        DONGU_LAKE: lake.bucket.s3UrlForObject(),
        DONGU_QUEUE_URL: queue.queueUrl,
      },
      rights: [
        ...objectRights(lake, { read: ['keys/write-keys.yml'] }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
      ],
    });
    this.api = new HttpApi(this, 'Api', {
      apiName: configuration.name,
      description: `Collector of ${configuration.name}`,
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Integration', this.collect.lambda, {
        timeout: Duration.seconds(12),
      }),
    });
    const log = new LogGroup(this, 'AccessLog', {
      retention: configuration.retention.logs_days as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: {
        rateLimit: configuration.collect.requests_per_second,
        burstLimit: configuration.collect.burst,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(accessLine),
      },
    });
  }

  /** Where senders send to. */
  get address(): string {
    return `https://${this.api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  }
}
