import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface DataBucketProps {
  /** Whether its objects outlive the installation. */
  readonly keepData: boolean;
  /**
   * Encrypts its objects.
   *
   * @default - S3's own keys, which cost nothing
   */
  readonly key?: IKey | undefined;
  /**
   * Where S3 writes down who asked for what.
   *
   * @default - nowhere: of the bucket that holds these logs
   */
  readonly accessLogs?: IBucket;
  /**
   * Days for which a replaced or deleted object can be had back.
   *
   * @default - none: the bucket has no versions
   */
  readonly versionsDays?: number;
  /**
   * Days after which objects under a prefix end; the empty prefix is the whole bucket.
   *
   * @default - objects stay
   */
  readonly expireDays?: Readonly<Record<string, number | undefined>>;
  /**
   * Whether EventBridge is told of its objects.
   *
   * @default false
   */
  readonly tellsEventBridge?: boolean;
}

/** A bucket as all of an installation are: closed to the public, TLS only, encrypted, without access lists, tidied of broken uploads. */
export class DataBucket extends Bucket {
  constructor(scope: Construct, id: string, props: DataBucketProps) {
    const { keepData, key, accessLogs, versionsDays } = props;
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(key && { encryptionKey: key, bucketKeyEnabled: true }),
      ...(accessLogs && {
        serverAccessLogsBucket: accessLogs,
        serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      }),
      versioned: versionsDays !== undefined,
      lifecycleRules: lifecycleRules(props),
      removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    if (props.tellsEventBridge) {
      // the prop of the same meaning brings a function with a role over all buckets, for a setting that CloudFormation has
      (this.node.defaultChild as CfnBucket).notificationConfiguration = {
        eventBridgeConfiguration: { eventBridgeEnabled: true },
      };
    }
  }
}

function lifecycleRules({ versionsDays, expireDays = {} }: DataBucketProps): LifecycleRule[] {
  const tidying: LifecycleRule = {
    id: 'tidy',
    abortIncompleteMultipartUploadAfter: Duration.days(1),
    ...(versionsDays !== undefined && {
      noncurrentVersionExpiration: Duration.days(versionsDays),
      expiredObjectDeleteMarker: true,
    }),
  };
  const ends = Object.entries(expireDays).flatMap(([prefix, days]): LifecycleRule[] =>
    days === undefined
      ? []
      : [
          {
            id: `end-${prefix.replaceAll('/', '-')}${days}-days`,
            ...(prefix !== '' && { prefix }),
            expiration: Duration.days(days),
          },
        ],
  );
  return [tidying, ...ends];
}
