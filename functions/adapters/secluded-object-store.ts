import type { TextVersion } from '../ports/object-store.ts';
import { S3ObjectStore } from './s3-object-store.ts';

/**
 * Objects of a bucket that whoever reads them may not list: of one that is absent, S3 says to them that it is forbidden. It is
 * absent here too, for to say more they would have to be given the names of all.
 */
export class SecludedObjectStore extends S3ObjectStore {
  override async getVersion(key: string): Promise<TextVersion> {
    try {
      return await super.getVersion(key);
    } catch (error) {
      if (error instanceof Error && error.name === 'AccessDenied') {
        return { text: undefined, etag: undefined };
      }
      throw error;
    }
  }
}
