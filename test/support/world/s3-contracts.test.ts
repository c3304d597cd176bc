import { describe, expect, it } from 'vitest';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import { describeObjectStore } from '../contracts/object-store-contract.ts';
import { withFolder } from '../engine.ts';
import { WorldBucket } from './world-bucket.ts';
import { type PutFault, WorldS3Client } from './world-s3-client.ts';

async function withStore(work: (store: S3ObjectStore, faults: PutFault[]) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const client = new WorldS3Client(new WorldBucket(folder));
    await work(new S3ObjectStore(client.asClient(), 's3://lake/of/tests'), client.faults);
  });
}

describe('the store in S3, over the double', () => {
  describeObjectStore((work) =>
    withStore((store) => withFolder((folder) => work({ store, again: store, folder }))),
  );

  it('knows its own object when the answer to a conditional put was lost', () =>
    withStore(async (store, faults) => {
      faults.push('lost-answer');
      expect(await store.putText('it', 'mine', { ifAbsent: true })).toBe(true);
      const { etag } = await store.getVersion('it');
      faults.push('lost-answer');
      expect(await store.replaceText('it', 'mine again', etag)).toBe(true);
      expect(await store.getText('it')).toBe('mine again');
    }));

  it("does not take another one's object for its own, lost answer or not", () =>
    withStore(async (store, faults) => {
      await store.putText('it', 'theirs');
      expect(await store.putText('it', 'mine', { ifAbsent: true })).toBe(false);
      expect(await store.replaceText('it', 'mine', '"of another version"')).toBe(false);
      expect(await store.getText('it')).toBe('theirs');
      expect(faults).toEqual([]);
    }));

  it('tries again while another write of the key is under way', () =>
    withStore(async (store, faults) => {
      faults.push('conflict', 'conflict');
      expect(await store.putText('it', 'mine', { ifAbsent: true })).toBe(true);
      expect(faults).toEqual([]);
    }));

  it('takes a fault of the service for no answer', () =>
    withStore(async (store, faults) => {
      faults.push('unavailable');
      await expect(store.putText('it', 'mine', { ifAbsent: true })).rejects.toThrow('503');
      expect(await store.getText('it')).toBeUndefined();
    }));
});
