// What an installation promises of its data, judged on the templates: each answers what breaks it.
import type { Resolved, Resource } from './resolved.ts';

interface PolicyJson {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Principal: unknown;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }[];
}

interface BucketJson {
  readonly PublicAccessBlockConfiguration?: Readonly<Record<string, boolean>>;
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration: readonly {
      readonly ServerSideEncryptionByDefault: {
        readonly SSEAlgorithm: string;
        readonly KMSMasterKeyID?: string;
      };
    }[];
  };
  readonly AccessControl?: string;
  readonly LifecycleConfiguration?: { readonly Rules: readonly Readonly<Record<string, unknown>>[] };
}

export type Judge = (resolved: Resolved) => readonly string[];

const bucketOf = ({ Properties }: Resource): BucketJson => Properties as BucketJson;

const buckets = (resolved: Resolved) => resolved.resources('AWS::S3::Bucket');

const policyOf = (resolved: Resolved, type: string, name: string): PolicyJson =>
  (resolved.resources(type).find((policy) => policy.name === `${name}Policy`)?.Properties.PolicyDocument ?? {
    Statement: [],
  }) as PolicyJson;

const policyTypes = [
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
  ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'],
] as const;

/** Buckets, queues and topics that something may reach without TLS. */
export const withoutTls: Judge = (resolved) =>
  policyTypes.flatMap(([type, policyType]) =>
    resolved
      .resources(type)
      .filter(
        ({ name }) =>
          !policyOf(resolved, policyType, name).Statement.some(
            ({ Effect, Condition }) =>
              Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
          ),
      )
      .map(({ name }) => name),
  );

/** Buckets that somebody could open to the public, and policies that allow everybody something. */
export const openToPublic: Judge = (resolved) => [
  ...buckets(resolved)
    .filter((bucket) => {
      const { PublicAccessBlockConfiguration: block = {}, AccessControl } = bucketOf(bucket);
      const isBlocked = Object.values(block).length === 4 && Object.values(block).every((is) => is);
      return !isBlocked || AccessControl !== undefined;
    })
    .map(({ name }) => name),
  ...policyTypes.flatMap(([, type]) =>
    resolved
      .resources(type)
      .filter(({ Properties }) =>
        (Properties.PolicyDocument as PolicyJson).Statement.some(
          ({ Effect, Principal, Condition }) =>
            Effect === 'Allow' && JSON.stringify(Principal).includes('"*"') && Condition === undefined,
        ),
      )
      .map(({ name }) => name),
  ),
];

/** What lies unencrypted, and identities under any key but their own. */
export const badlyEncrypted: Judge = (resolved) => [
  ...buckets(resolved)
    .filter((bucket) => {
      const [rule] = bucketOf(bucket).BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
      const { SSEAlgorithm, KMSMasterKeyID } = rule?.ServerSideEncryptionByDefault ?? {};
      return bucket.name === 'Identities'
        ? SSEAlgorithm !== 'aws:kms' || KMSMasterKeyID !== keyArn('IdentitiesKey')
        : SSEAlgorithm === undefined || KMSMasterKeyID === keyArn('IdentitiesKey');
    })
    .map(({ name }) => name),
  ...resolved
    .resources('AWS::SQS::Queue')
    .filter(({ Properties }) => Properties.SqsManagedSseEnabled !== true && !Properties.KmsMasterKeyId)
    .map(({ name }) => name),
  ...resolved
    .resources('AWS::SecretsManager::Secret')
    .filter(({ Properties }) => Properties.KmsKeyId !== keyArn('IdentitiesKey'))
    .map(({ name }) => name),
  ...resolved
    .resources('AWS::KMS::Key')
    .filter(({ Properties }) => Properties.EnableKeyRotation !== true)
    .map(({ name }) => name),
];

const keyArn = (name: string): string => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;

const dataTypes = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];

/** Data that would go with its stack. */
export const wouldBeLost: Judge = (resolved) =>
  resolved
    .resources()
    .filter(({ Type }) => dataTypes.includes(Type))
    .filter(({ DeletionPolicy, UpdateReplacePolicy }) =>
      [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy !== 'Retain'),
    )
    .map(({ name }) => name);

/** Buckets that keep broken uploads, and logs that never end. */
export const neverTidied: Judge = (resolved) => [
  ...buckets(resolved)
    .filter(
      (bucket) =>
        !(bucketOf(bucket).LifecycleConfiguration?.Rules ?? []).some(
          ({ AbortIncompleteMultipartUpload, Status }) =>
            AbortIncompleteMultipartUpload !== undefined && Status === 'Enabled',
        ),
    )
    .map(({ name }) => name),
  ...resolved
    .resources('AWS::Logs::LogGroup')
    .filter(({ Properties }) => typeof Properties.RetentionInDays !== 'number')
    .map(({ name }) => name),
];

/** Functions that could take the whole account's concurrency, or run on another machine or Node than they are made for. */
export const unbounded: Judge = (resolved) =>
  resolved
    .resources('AWS::Lambda::Function')
    .filter(
      ({ Properties }) =>
        typeof Properties.ReservedConcurrentExecutions !== 'number' ||
        Properties.Runtime !== 'nodejs24.x' ||
        JSON.stringify(Properties.Architectures) !== '["arm64"]',
    )
    .map(({ name }) => name);

export const judges = {
  withoutTls,
  openToPublic,
  badlyEncrypted,
  wouldBeLost,
  neverTidied,
  unbounded,
} as const;
