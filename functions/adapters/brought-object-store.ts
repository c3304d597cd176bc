import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LakeError } from '../core/errors.ts';
import type { ObjectDigest, ObjectStore, TextVersion } from '../ports/object-store.ts';
import { FolderObjectStore } from './folder-object-store.ts';
import { exists } from './project-files.ts';
import { Semaphore } from './semaphore.ts';

/** Enough to fill a function's network, few enough for its memory: each is a stream of some hundred kilobytes. */
const DOWNLOADS_AT_ONCE = 8;

/** A store across a network, with which whole files are exchanged. */
export interface RemoteStore extends ObjectStore {
  uploadFile(key: string, localPath: string): Promise<void>;
  /** False where there is no object. */
  downloadFile(key: string, localPath: string): Promise<boolean>;
}

/**
 * A store in S3 of which the objects that an engine reads are brought into a folder of this machine. What is written is in S3
 * when the write ends; only what a build keeps for itself lies in the folder alone.
 */
export class BroughtObjectStore implements ObjectStore {
  readonly #remote: RemoteStore;
  readonly #local: FolderObjectStore;
  readonly #downloads = new Semaphore(DOWNLOADS_AT_ONCE);

  constructor(remote: RemoteStore, folder: string) {
    this.#remote = remote;
    this.#local = new FolderObjectStore(folder);
  }

  async bring(keys: readonly string[]): Promise<void> {
    // all end before a failure is told, so that nothing is written into a folder that is deleted
    const ends = await Promise.allSettled(
      keys.map((key) => this.#downloads.within(() => this.#bringOne(key))),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  }

  async #bringOne(key: string): Promise<void> {
    const path = this.#local.localPath(key);
    if (await exists(path)) {
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    const part = `${path}.part`;
    if (!(await this.#remote.downloadFile(key, part))) {
      throw new LakeError(
        `${key} was taken away while it was brought`,
        'Run again: compaction may have replaced it. If it stays so, dongu verify names what is missing.',
      );
    }
    await rename(part, path);
  }

  putText(key: string, text: string, options?: { readonly ifAbsent?: boolean }): Promise<boolean> {
    return this.#remote.putText(key, text, options);
  }

  replaceText(key: string, text: string, etag: string | undefined): Promise<boolean> {
    return this.#remote.replaceText(key, text, etag);
  }

  /** The file stays here under its key too: what was made here is read here. */
  async putFile(key: string, localPath: string): Promise<void> {
    await this.#remote.uploadFile(key, localPath);
    await this.#local.putFile(key, localPath);
  }

  getText(key: string): Promise<string | undefined> {
    return this.#remote.getText(key);
  }

  getVersion(key: string): Promise<TextVersion> {
    return this.#remote.getVersion(key);
  }

  list(prefix: string): Promise<readonly string[]> {
    return this.#remote.list(prefix);
  }

  digest(key: string): Promise<ObjectDigest | undefined> {
    return this.#remote.digest(key);
  }

  async delete(key: string): Promise<void> {
    await rm(this.#local.localPath(key), { force: true });
    await this.#remote.delete(key);
  }

  address(key: string): string {
    return this.#local.localPath(key);
  }

  localPath(key: string): string {
    return this.#local.localPath(key);
  }
}
