import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';

const storeAt = (root: string) => new S3ObjectStore(new S3Client({ region: 'eu-central-1' }), root);

describe('addresses of objects in S3', () => {
  it.each([
    ['s3://bucket', 's3://bucket/lake/a.parquet'],
    ['s3://bucket/', 's3://bucket/lake/a.parquet'],
    ['s3://my.bucket-1/one/two', 's3://my.bucket-1/one/two/lake/a.parquet'],
    ['s3://bucket/one//', 's3://bucket/one/lake/a.parquet'],
  ])('lie under the root %s', (root, address) => {
    const store = storeAt(root);

    expect(store.address('lake/a.parquet')).toBe(address);
    expect(store.keyOf(address)).toBe('lake/a.parquet');
  });

  it('are no paths of this machine', () => {
    expect(() => storeAt('s3://bucket').localPath('lake/a')).toThrow('has no path on this machine');
  });
});
