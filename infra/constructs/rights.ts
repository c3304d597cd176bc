// What roles may do, action by action: the library's own grants say s3:GetObject*, s3:List* and kms:ReEncrypt*.
import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** A bucket with the key of its objects, where that is not S3's own. */
export interface Place {
  readonly bucket: IBucket;
  readonly key?: IKey | undefined;
}

export interface ObjectRights {
  /** Prefixes, such as `lake/`, or whole keys. */
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Also of `write`: what is too large for one request is written in parts, and parts of what broke off are taken back. */
  readonly inParts?: readonly string[];
  readonly delete?: readonly string[];
  /**
   * Prefixes whose names may be listed; `everything` also lets S3 say that a key is absent, which without it answers 403. No
   * condition can stand there: a read of one object has no prefix.
   */
  readonly list?: readonly string[] | 'everything';
}

/** Statements for objects of one bucket, by verb and prefix. */
export function objectRights({ bucket, key }: Place, rights: ObjectRights): readonly PolicyStatement[] {
  const { read = [], write = [], inParts = [], delete: gone = [], list } = rights;
  return [
    ...onObjects(bucket, ['s3:GetObject'], read),
    ...onObjects(bucket, ['s3:PutObject'], write),
    ...onObjects(bucket, ['s3:AbortMultipartUpload'], inParts),
    ...onObjects(bucket, ['s3:DeleteObject'], gone),
    ...(list === undefined ? [] : [listing(bucket, list)]),
    ...(key ? keyRights(key, { read: read.length > 0, write: write.length > 0 }) : []),
  ];
}

function onObjects(
  bucket: IBucket,
  actions: readonly string[],
  places: readonly string[],
): readonly PolicyStatement[] {
  const resources = places.map((place) => bucket.arnForObjects(place.endsWith('/') ? `${place}*` : place));
  return resources.length === 0 ? [] : [new PolicyStatement({ actions: [...actions], resources })];
}

function listing(bucket: IBucket, list: readonly string[] | 'everything'): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    ...(list !== 'everything' && {
      conditions: { StringLike: { 's3:prefix': list.flatMap((prefix) => [prefix, `${prefix}*`]) } },
    }),
  });
}

export function keyRights(
  key: IKey,
  { read, write }: { readonly read: boolean; readonly write: boolean },
): readonly PolicyStatement[] {
  const actions = [
    // a write in parts reads its own
    ...(read || write ? ['kms:Decrypt'] : []),
    ...(write ? ['kms:GenerateDataKey'] : []),
  ];
  return actions.length === 0 ? [] : [new PolicyStatement({ actions, resources: [key.keyArn] })];
}

/** ARN of something in Glue of this account and region. */
export const glueArn = (stack: Stack, resource: string, resourceName?: string): string =>
  Arn.format(
    {
      service: 'glue',
      resource,
      ...(resourceName === undefined ? { arnFormat: ArnFormat.NO_RESOURCE_NAME } : { resourceName }),
    },
    stack,
  );
