import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { DeployConfiguration } from '../configuration.ts';
import { DataBucket, type DataBucketProps } from '../constructs/data-bucket.ts';
import type { Place } from '../constructs/rights.ts';

export interface StatefulStackProps extends StackProps {
  readonly configuration: DeployConfiguration;
}

const GIGABYTE = 1024 ** 3;

/** Printable letters that are no lower-case hexadecimal digits. */
const notHexadecimal = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .filter((letter) => !/[0-9a-f]/.test(letter))
  .join('');

/** What an installation knows. All of it but the catalogue outlives the stack, unless `keep_data` is false. */
export class StatefulStack extends Stack {
  readonly lake: Place;
  /** Personal values in the clear, and nothing else. */
  readonly identities: Required<Place>;
  readonly results: Place;
  readonly dashboards: Place;
  readonly exports: Place;
  readonly accessLogs: Bucket;
  /** Hashes identifiers. */
  readonly identityKey: Secret;
  /** Its ARN as an attribute of it: the emulator of the tests answers a reference with the name, which no policy matches. */
  readonly identityKeyArn: string;
  readonly databaseName: string;
  readonly database: CfnDatabase;
  readonly workgroupName: string;
  readonly workgroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, props: StatefulStackProps) {
    super(scope, id, props);
    const { configuration } = props;
    const { retention, keep_data: keepData, name } = configuration;
    this.accessLogs = new DataBucket(this, 'AccessLogs', {
      keepData,
      expireDays: { '': retention.access_logs_days },
    });
    const key = configuration.encryption === 'kms' ? this.#key('Key', 'data', configuration) : undefined;
    const place = (bucketId: string, more: Partial<DataBucketProps>): Place => {
      const props = { keepData, key, accessLogs: this.accessLogs, ...more };
      return { bucket: new DataBucket(this, bucketId, props), key: props.key };
    };

    this.lake = place('Lake', {
      versionsDays: retention.versions_days,
      expireDays: { 'lake/': retention.raw_days, 'imported/': retention.imported_days },
      tellsEventBridge: true,
    });
    const identitiesKey = this.#key('IdentitiesKey', 'identities', configuration);
    const { bucket: identities } = place('Identities', {
      key: identitiesKey,
      versionsDays: retention.versions_days,
      expireDays: { '': retention.identities_days },
    });
    this.identities = { bucket: identities, key: identitiesKey };
    this.results = place('Results', { expireDays: { '': retention.results_days } });
    this.dashboards = place('Dashboards', { key: undefined });
    this.exports = place('Exports', { expireDays: { '': retention.exports_days } });
    this.#letCloudFrontRead();
    new CfnOutput(this, 'LakeAddress', { value: this.lake.bucket.s3UrlForObject() });
    new CfnOutput(this, 'PagesAddress', { value: this.dashboards.bucket.s3UrlForObject() });

    this.identityKey = this.#identityKey(keepData);
    this.identityKeyArn = (this.identityKey.node.defaultChild as CfnSecret).attrId;
    new CfnOutput(this, 'IdentityKeyName', { value: this.identityKeyArn });
    this.databaseName = name.replaceAll('-', '_');
    this.database = this.#database();
    this.workgroupName = name;
    this.workgroup = this.#workgroup(configuration);
  }

  #key(id: string, of: string, { name, keep_data }: DeployConfiguration): Key {
    return new Key(this, id, {
      description: `${of} of ${name}`,
      enableKeyRotation: true,
      removalPolicy: keep_data ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /**
   * Said here, because the stack of the edge would have to name its distribution in this one, which it stands on. Pages are
   * encrypted by S3's keys in any case: CloudFront could not be allowed one distribution's use of a key without that circle.
   */
  #letCloudFrontRead(): void {
    const { bucket } = this.dashboards;
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DistributionsOfThisAccount',
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('dashboards/*')],
        conditions: {
          StringEquals: { 'AWS:SourceAccount': this.account },
          ArnLike: { 'AWS:SourceArn': `arn:${this.partition}:cloudfront::${this.account}:distribution/*` },
        },
      }),
    );
  }

  /** 256 bits as hexadecimal digits. Never replaced: with another key every customer would be a new one. */
  #identityKey(keepData: boolean): Secret {
    return new Secret(this, 'IdentityKey', {
      description: 'Hashes identifiers. Keep a copy in another place: without it the lake takes no new data.',
      encryptionKey: this.identities.key,
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        excludeUppercase: true,
        // all of them: the emulator that this is deployed to in a test obeys this list only
        excludeCharacters: notHexadecimal,
        requireEachIncludedType: false,
      },
      removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** The next run makes its views anew. */
  #database(): CfnDatabase {
    return new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: this.databaseName, description: 'Views of the last good run' },
    });
  }

  #workgroup({ scan_limit_gigabytes }: DeployConfiguration): CfnWorkGroup {
    const { bucket, key } = this.results;
    return new CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroupName,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scan_limit_gigabytes * GIGABYTE,
        requesterPaysEnabled: false,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: bucket.s3UrlForObject('athena/'),
          encryptionConfiguration: key
            ? { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn }
            : { encryptionOption: 'SSE_S3' },
        },
      },
    });
  }
}
