import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { LakeError } from '../core/errors.ts';
import type { ObjectDigest, ObjectStore } from '../ports/object-store.ts';

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
}

/** Keys that one request may delete. */
const DELETED_AT_ONCE = 1000;

/** Objects under `s3://bucket/prefix`. A put is atomic as S3 makes it; `ifAbsent` is a conditional write. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(client: S3Client, root: string) {
    const { bucket, prefix } = partsOf(root);
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  address(key: string): string {
    return `s3://${this.#bucket}/${this.#prefix}${key}`;
  }

  /** The key of an address of this store. */
  keyOf(address: string): string {
    return address.slice(this.address('').length);
  }

  localPath(key: string): string {
    throw new LakeError(
      `the object "${key}" lies in S3 and has no path on this machine`,
      'This is a fault of the program: please report it.',
    );
  }

  async putText(key: string, text: string, options: { readonly ifAbsent?: boolean } = {}): Promise<boolean> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          ...this.#at(key),
          Body: text,
          ...(options.ifAbsent && { IfNoneMatch: '*' }),
        }),
      );
      return true;
    } catch (error) {
      if (options.ifAbsent && hasStatus(error, 412)) {
        return false;
      }
      throw error;
    }
  }

  async putFile(key: string, localPath: string): Promise<void> {
    await this.uploadFile(key, localPath);
    await rm(localPath, { force: true });
  }

  /** Copies a local file to the key; the file stays. */
  async uploadFile(key: string, localPath: string): Promise<void> {
    const { size } = await stat(localPath);
    await this.#client.send(
      new PutObjectCommand({ ...this.#at(key), Body: createReadStream(localPath), ContentLength: size }),
    );
  }

  async getText(key: string): Promise<string | undefined> {
    const body = await this.#read(key);
    if (body === undefined) {
      return undefined;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  async list(prefix: string): Promise<readonly string[]> {
    return (await this.listObjects(`${prefix}/`)).map(({ key }) => key).sort((a, b) => (a < b ? -1 : 1));
  }

  /** The objects whose key begins so, with size and ETag. */
  async listObjects(beginning: string): Promise<readonly ListedObject[]> {
    const objects: ListedObject[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: this.#prefix + beginning,
          ContinuationToken: token,
        }),
      );
      for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
        objects.push({
          key: Key.slice(this.#prefix.length),
          bytes: Size,
          etag: ETag.replaceAll('"', ''),
        });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return objects;
  }

  /** Names of the folders right under a prefix that ends with a slash. */
  async folders(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: this.#prefix + prefix,
          Delimiter: '/',
          ContinuationToken: token,
        }),
      );
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) {
        names.push(Prefix.slice(this.#prefix.length + prefix.length, -1));
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return names;
  }

  async digest(key: string): Promise<ObjectDigest | undefined> {
    const body = await this.#read(key);
    if (body === undefined) {
      return undefined;
    }
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of body) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    return { sha256: hash.digest('hex'), bytes };
  }

  async delete(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(key)));
  }

  /** Deletes every object whose key begins so; answers how many. */
  async deleteAll(beginning: string): Promise<number> {
    const keys = (await this.listObjects(beginning)).map(({ key }) => key);
    for (let from = 0; from < keys.length; from += DELETED_AT_ONCE) {
      const Objects = keys.slice(from, from + DELETED_AT_ONCE).map((key) => ({ Key: this.#prefix + key }));
      const { Errors } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
      );
      if (Errors && Errors.length > 0) {
        throw new LakeError(
          `${Errors.length} objects under ${this.address(beginning)} could not be deleted: ${Errors[0]?.Message ?? ''}`,
          'Check that the role may delete there.',
        );
      }
    }
    return keys.length;
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async #read(key: string): Promise<Readable | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#at(key)));
      return Body as Readable;
    } catch (error) {
      if (hasStatus(error, 404)) {
        return undefined;
      }
      throw error;
    }
  }
}

function partsOf(root: string): { readonly bucket: string; readonly prefix: string } {
  const { bucket = '', path = '' } = /^s3:\/\/(?<bucket>[^/]+)\/?(?<path>.*)$/.exec(root)?.groups ?? {};
  const prefix = path.replace(/\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

function hasStatus(error: unknown, status: number): boolean {
  const metadata =
    error instanceof Error && '$metadata' in error
      ? (error.$metadata as { readonly httpStatusCode?: number })
      : undefined;
  return metadata?.httpStatusCode === status;
}
