import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { errorCode, LakeError } from '../core/errors.ts';
import type { ObjectDigest, ObjectStore, TextVersion } from '../ports/object-store.ts';

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modified: Date;
}

/** Keys that one request may delete. */
const DELETED_AT_ONCE = 1000;

/** Tries of what the client does not send again by itself: a body that is a stream, and an answer that breaks off. */
const STREAM_TRIES = 5;
const FIRST_WAIT_MILLISECONDS = 100;

/** What a web server says of an object. */
export interface ObjectHeaders {
  readonly ContentType?: string;
  readonly CacheControl?: string;
}

/** Objects under `s3://bucket/prefix`. A put is atomic as S3 makes it; `ifAbsent` is a conditional write. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #headers: (key: string) => ObjectHeaders;

  /** `headers`: with which texts are put, for a store whose objects are served as they lie there. */
  constructor(client: S3Client, root: string, headers: (key: string) => ObjectHeaders = () => ({})) {
    const { bucket, prefix } = partsOf(root);
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#headers = headers;
  }

  address(key: string): string {
    return `s3://${this.#bucket}/${this.#prefix}${key}`;
  }

  /** The key of an address of this store. */
  keyOf(address: string): string {
    return address.slice(this.address('').length);
  }

  /** Bucket and whole key of an object, for requests that are not a store's. */
  placeOf(key: string): { readonly bucket: string; readonly key: string } {
    return { bucket: this.#bucket, key: this.#prefix + key };
  }

  /** The key in this store of an object of a bucket; undefined of one that lies elsewhere. */
  keyIn(bucket: string, key: string): string | undefined {
    return bucket === this.#bucket && key.startsWith(this.#prefix)
      ? key.slice(this.#prefix.length)
      : undefined;
  }

  localPath(key: string): string {
    throw new LakeError(
      `the object "${key}" lies in S3 and has no path on this machine`,
      'This is a fault of the program: please report it.',
    );
  }

  async putText(key: string, text: string, options: { readonly ifAbsent?: boolean } = {}): Promise<boolean> {
    if (options.ifAbsent) {
      return this.replaceText(key, text, undefined);
    }
    await this.#client.send(new PutObjectCommand({ ...this.#at(key), ...this.#headers(key), Body: text }));
    return true;
  }

  /** Writes the object if it is still of the version that was read, or still absent; answers whether it was. */
  async replaceText(key: string, text: string, etag: string | undefined): Promise<boolean> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
    for (let tries = 1; ; tries += 1) {
      try {
        const put = { ...this.#at(key), ...this.#headers(key), Body: text, ...condition };
        await this.#client.send(new PutObjectCommand(put));
        return true;
      } catch (error) {
        // 409: another write of the key is under way; 404: the object of that version is gone
        if (hasStatus(error, 412) || (etag !== undefined && hasStatus(error, 404))) {
          // the client sends again when an answer is lost, and then meets its own object
          return attemptsOf(error) > 1 && (await this.getText(key)) === text;
        }
        if (tries === STREAM_TRIES || !hasStatus(error, 409)) {
          throw error;
        }
        await sleep(FIRST_WAIT_MILLISECONDS * 2 ** tries);
      }
    }
  }

  async putFile(key: string, localPath: string): Promise<void> {
    await this.uploadFile(key, localPath);
    await rm(localPath, { force: true });
  }

  /** Copies a local file to the key; the file stays. */
  async uploadFile(key: string, localPath: string): Promise<void> {
    const { size: ContentLength } = await stat(localPath);
    // known before the body is sent: the store refuses whatever arrives as something else
    const ChecksumSHA256 = await sha256Of(localPath);
    await retried(() =>
      this.#client.send(
        new PutObjectCommand({
          ...this.#at(key),
          Body: createReadStream(localPath),
          ContentLength,
          ChecksumSHA256,
        }),
      ),
    );
  }

  /** Copies an object to a local file, which holds half of it where this fails. False where there is no object. */
  downloadFile(key: string, localPath: string): Promise<boolean> {
    return retried(async () => {
      const object = await this.#read(key);
      if (object) {
        await pipeline(object.body, createWriteStream(localPath));
      }
      return object !== undefined;
    });
  }

  async getText(key: string): Promise<string | undefined> {
    return (await this.getVersion(key)).text;
  }

  getVersion(key: string): Promise<TextVersion> {
    return retried(async () => {
      const object = await this.#read(key);
      const chunks: Buffer[] = [];
      for await (const chunk of object?.body ?? []) {
        chunks.push(chunk as Buffer);
      }
      return { text: object && Buffer.concat(chunks).toString('utf8'), etag: object?.etag };
    });
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
      for (const { Key = '', Size = 0, ETag = '', LastModified = new Date(0) } of page.Contents ?? []) {
        objects.push({
          key: Key.slice(this.#prefix.length),
          bytes: Size,
          etag: ETag.replaceAll('"', ''),
          modified: LastModified,
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

  digest(key: string): Promise<ObjectDigest | undefined> {
    return retried(async () => {
      const object = await this.#read(key);
      if (object === undefined) {
        return undefined;
      }
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of object.body) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
      return { sha256: hash.digest('hex'), bytes };
    });
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

  async #read(
    key: string,
  ): Promise<{ readonly body: Readable; readonly etag: string | undefined } | undefined> {
    try {
      const { Body, ETag } = await this.#client.send(new GetObjectCommand(this.#at(key)));
      return { body: Body as Readable, etag: ETag };
    } catch (error) {
      // a bucket that is not there must not pass for an empty one
      if (hasStatus(error, 404) && !(error instanceof NoSuchBucket)) {
        return undefined;
      }
      throw error;
    }
  }
}

/** In base64, as S3 wants it. */
async function sha256Of(localPath: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(localPath), hash);
  return hash.digest('base64');
}

function partsOf(root: string): { readonly bucket: string; readonly prefix: string } {
  const { bucket = '', path = '' } = /^s3:\/\/(?<bucket>[^/]+)\/?(?<path>.*)$/.exec(root)?.groups ?? {};
  const prefix = path.replace(/\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

interface AnswerMetadata {
  readonly httpStatusCode?: number;
  readonly attempts?: number;
}

function metadataOf(error: unknown): AnswerMetadata {
  return error instanceof Error && '$metadata' in error ? (error.$metadata as AnswerMetadata) : {};
}

const hasStatus = (error: unknown, status: number): boolean => metadataOf(error).httpStatusCode === status;

const attemptsOf = (error: unknown): number => metadataOf(error).attempts ?? 1;

/** The store's own fault, or the network's, which the client has not tried again by itself. */
function isPassing(error: unknown): boolean {
  const { httpStatusCode } = metadataOf(error);
  if (attemptsOf(error) > 1) {
    return false;
  }
  if (httpStatusCode !== undefined && httpStatusCode >= 300) {
    return httpStatusCode >= 500 || httpStatusCode === 429;
  }
  const code = errorCode(error) ?? (error instanceof Error ? error.name : '');
  return ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'TimeoutError'].includes(code);
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === STREAM_TRIES || !isPassing(error)) {
        throw error;
      }
      await sleep(FIRST_WAIT_MILLISECONDS * 2 ** tries);
    }
  }
}
