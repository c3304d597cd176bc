import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Assets } from '../assets.ts';
import type { DeployConfiguration } from '../configuration.ts';
import { MessageQueue } from './message-queue.ts';
import { OwnFunction } from './own-function.ts';
import { objectRights, type Place } from './rights.ts';

export interface LandingProps {
  readonly configuration: DeployConfiguration;
  readonly assets: Assets;
  readonly duckdbLayer: LayerVersion;
  readonly lake: Place;
  readonly identities: Place;
  /** Hashes identifiers; encrypted by the key of `identities`. */
  readonly identityKeyArn: string;
}

const LAND_SECONDS = 300;
const IMPORT_SECONDS = 900;
/** A file that is refused is a dead letter three quarters of an hour later. */
const IMPORT_RECEIVES = 3;

/** Messages of one batch: as many as SQS gives, and Lambda's six megabytes usually end it earlier. */
const MOST_MESSAGES = 10_000;

/** Folders of the lake that landing writes. All but identities, which have a bucket. */
const landed = ['lake/receipts/', 'lake/landed/', 'lake/raw/', 'lake/quarantine/', 'lake/identity-key-check'];

/** What comes into the lake: requests from the collector's queue, files from the inbox. */
export class Landing extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly land: OwnFunction;
  readonly inbox: Queue;
  readonly importDeadLetters: Queue;
  readonly importing: OwnFunction;

  constructor(scope: Construct, id: string, props: LandingProps) {
    super(scope, id);
    const days = props.configuration.retention.dead_letters_days;
    this.deadLetters = new MessageQueue(this, 'DeadLetters', { days });
    this.queue = new MessageQueue(this, 'Queue', {
      visibilitySeconds: 6 * LAND_SECONDS + props.configuration.land.gather_seconds,
      deadLetters: this.deadLetters,
    });
    this.importDeadLetters = new MessageQueue(this, 'ImportDeadLetters', { days });
    // of a first load, thousands of files wait their turn here: for fourteen days, where Lambda's own queue gives up after six hours
    this.inbox = new MessageQueue(this, 'Inbox', {
      visibilitySeconds: IMPORT_SECONDS + 60,
      deadLetters: this.importDeadLetters,
      receives: IMPORT_RECEIVES,
    });
    this.land = this.#land(props);
    this.importing = this.#import(props);
  }

  #land(props: LandingProps): OwnFunction {
    const { gather_seconds, concurrency } = props.configuration.land;
    const land = new OwnFunction(this, 'Land', {
      ...props,
      entry: 'land',
      description: 'Lands what the queue holds: raw, quarantine, identities',
      memoryMegabytes: 1024,
      timeoutSeconds: LAND_SECONDS,
      storageMegabytes: 2048,
      concurrency,
      environment: { ...landingEnvironment(props), DONGU_QUEUE_URL: this.queue.queueUrl },
      layer: props.duckdbLayer,
      rights: landingRights(props),
    });
    land.lambda.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: MOST_MESSAGES,
        maxBatchingWindow: Duration.seconds(gather_seconds),
        reportBatchItemFailures: true,
        maxConcurrency: concurrency,
      }),
    );
    return land;
  }

  #import(props: LandingProps): OwnFunction {
    const { bucket } = props.lake;
    const { concurrency } = props.configuration.import;
    const importing = new OwnFunction(this, 'Import', {
      ...props,
      entry: 'import',
      description: 'Imports a file that was put into the inbox',
      memoryMegabytes: 2048,
      timeoutSeconds: IMPORT_SECONDS,
      storageMegabytes: 10_240,
      concurrency,
      environment: landingEnvironment(props),
      layer: props.duckdbLayer,
      rights: [
        ...landingRights(props),
        ...objectRights(
          { bucket },
          // a refused file's receipt is taken back
          {
            read: ['inbox/'],
            write: ['imported/'],
            inParts: ['imported/'],
            delete: ['inbox/', 'lake/receipts/'],
          },
        ),
      ],
    });
    importing.lambda.addEventSource(
      // a file fails alone
      new SqsEventSource(this.inbox, { batchSize: 1, maxConcurrency: concurrency }),
    );
    new Rule(this, 'InboxRule', {
      description: 'Files put into the inbox',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: 'inbox/' }] } },
      },
      targets: [new SqsQueue(this.inbox, { deadLetterQueue: this.importDeadLetters })],
    });
    return importing;
  }
}

const landingEnvironment = ({ lake, identities, identityKeyArn }: LandingProps): Record<string, string> => ({
  DONGU_LAKE: lake.bucket.s3UrlForObject(),
  DONGU_IDENTITIES: identities.bucket.s3UrlForObject(),
  DONGU_IDENTITY_KEY: identityKeyArn,
});

/** Landed objects are never deleted, and those of runs, keys and pages are out of reach. */
function landingRights({ lake, identities, identityKeyArn }: LandingProps): readonly PolicyStatement[] {
  return [
    ...objectRights(lake, { read: landed, write: landed, list: 'everything' }),
    // read again to compare what is there with what is put
    ...objectRights(identities, {
      read: ['lake/identities/'],
      write: ['lake/identities/'],
      list: 'everything',
    }),
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [identityKeyArn],
    }),
  ];
}
