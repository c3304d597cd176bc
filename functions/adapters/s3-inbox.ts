import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  NoSuchKey,
  type S3Client,
} from '@aws-sdk/client-s3';
import { InputFileError } from '../core/errors.ts';
import type { Inbox, InboxFile } from '../ports/inbox.ts';
import { copyObject } from './s3-copy.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

/** An object of the inbox, `inbox/SOURCE/NAME`; of one that lies in no folder, the source is empty. */
export interface InboxObject {
  readonly source: string;
  readonly name: string;
}

export interface InboxPlace {
  readonly s3: S3Client;
  readonly store: S3ObjectStore;
  /** On this machine. */
  readonly folder: string;
  /** Bytes that one request copies; without it, as many as S3 does. */
  readonly mostAtOnce?: number;
}

/** Reads a key; undefined for one that is no file of the inbox, such as a folder's own, or begins with a dot. */
export function inboxObject(key: string): InboxObject | undefined {
  const { source = '', name } =
    /^inbox\/(?:(?<source>[^/]*)\/)?(?<name>(?:.*\/)?[^/.][^/]*)$/s.exec(key)?.groups ?? {};
  return name === undefined ? undefined : { source, name };
}

/**
 * Objects of `inbox/SOURCE/` in a store, brought to this machine one after the other. Landed ones go to `imported/SOURCE/`. Their
 * names may say who they are about: on this machine, in messages and in logs a file is called by the hash of its key.
 */
export class S3Inbox implements Inbox {
  readonly #place: InboxPlace;
  readonly #objects: readonly InboxObject[];

  constructor(place: InboxPlace, objects: readonly InboxObject[]) {
    this.#place = place;
    this.#objects = objects;
  }

  /** Those that are still there. */
  async list(): Promise<readonly InboxFile[]> {
    const files: InboxFile[] = [];
    for (const object of this.#objects) {
      files.push(...(await this.#bring(object)));
    }
    return files;
  }

  async takeAway({ source, name, path, version }: InboxFile, importId: string): Promise<void> {
    const from = this.#at(inboxKey({ source, name }));
    const to = this.#at(`imported/${source}/${importId}-${name}`);
    const { s3, mostAtOnce } = this.#place;
    try {
      const { size: bytes } = await stat(path);
      await copyObject(s3, { from, to, version, bytes }, mostAtOnce);
      await s3.send(new DeleteObjectCommand({ ...from, IfMatch: version }));
    } catch (error) {
      // changed or taken away meanwhile: what is there now is another file, of which there is another event
      if (!(error instanceof NoSuchKey) && !['PreconditionFailed', 'NotFound'].includes(nameOf(error))) {
        throw error;
      }
    }
    await rm(path, { force: true });
  }

  async #bring(object: InboxObject): Promise<readonly InboxFile[]> {
    const key = inboxKey(object);
    const found = await this.#get(key);
    if (!found) {
      return [];
    }
    const name = `object-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
    const body = found.Body as Readable;
    try {
      await this.#refuseTooLarge(name, found.ContentLength ?? 0);
    } catch (error) {
      body.destroy();
      throw error;
    }
    const path = join(await mkdtemp(join(this.#place.folder, 'inbox-')), name);
    await pipeline(body, createWriteStream(path, { mode: 0o600 }));
    return [{ ...object, path, version: found.ETag ?? '' }];
  }

  async #get(key: string): Promise<GetObjectCommandOutput | undefined> {
    try {
      return await this.#place.s3.send(new GetObjectCommand(this.#at(key)));
    } catch (error) {
      if (error instanceof NoSuchKey) {
        return undefined;
      }
      throw error;
    }
  }

  /** A full disk in the middle of a landing would say less. */
  async #refuseTooLarge(name: string, bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#place.folder);
    if (bytes > bavail * bsize) {
      throw new InputFileError(
        `${name}: its ${bytes} bytes are more than the ${bavail * bsize} that are free here`,
        'Give the function more ephemeral storage, or put the file there in parts.',
      );
    }
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    const { bucket, key: whole } = this.#place.store.placeOf(key);
    return { Bucket: bucket, Key: whole };
  }
}

const inboxKey = ({ source, name }: InboxObject): string =>
  source === '' ? `inbox/${name}` : `inbox/${source}/${name}`;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
