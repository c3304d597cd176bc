import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { link, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** What S3 answers instead of doing what it was asked for, in the shape that its client throws. */
export class BucketFault extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };

  constructor(status: number, name: string, attempts = 1) {
    super(`${name} (${status})`);
    this.name = name;
    this.$metadata = { httpStatusCode: status, attempts };
  }
}

/** Text lies in memory; what engines read lies in a file of the bucket's folder. */
type StoredObject =
  | { readonly kind: 'bytes'; readonly etag: string; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly etag: string };

export interface PutCondition {
  /** If-None-Match: * */
  readonly isAbsent?: boolean;
  /** If-Match */
  readonly etag?: string;
}

const md5 = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function moveSync(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    copyFileSync(from, to);
    rmSync(from, { force: true });
  }
}

/**
 * Objects with the rules of S3: whole objects only; `If-None-Match: *` on what is there is 412; `If-Match` is 412 where the version
 * is another one and 404 where there is none; a conditional write while another one of the key is under way is 409; deleting
 * what is not there is no fault.
 */
export class WorldBucket {
  readonly folder: string;
  readonly #objects: Map<string, StoredObject>;
  readonly #underWay = new Set<string>();

  constructor(folder: string, objects: ReadonlyMap<string, StoredObject> = new Map()) {
    this.folder = folder;
    this.#objects = new Map(objects);
  }

  /** The same objects in a folder of their own. */
  async copyTo(folder: string): Promise<WorldBucket> {
    for (const [key, object] of this.#objects) {
      if (object.kind === 'file') {
        await mkdir(dirname(join(folder, key)), { recursive: true });
        await link(this.path(key), join(folder, key));
      }
    }
    return new WorldBucket(folder, this.#objects);
  }

  path(key: string): string {
    return join(this.folder, key);
  }

  async put(key: string, bytes: Buffer, condition: PutCondition = {}): Promise<string> {
    const object = { kind: 'bytes', bytes, etag: md5(bytes) } as const;
    if (condition.isAbsent !== true && condition.etag === undefined) {
      this.#objects.set(key, object);
      return object.etag;
    }
    if (this.#underWay.has(key)) {
      throw new BucketFault(409, 'ConditionalRequestConflict');
    }
    this.#underWay.add(key);
    try {
      // others get their turn between the beginning of a write and its effect
      await Promise.resolve();
      this.#judge(key, condition);
      this.#objects.set(key, object);
      return object.etag;
    } finally {
      this.#underWay.delete(key);
    }
  }

  #judge(key: string, { isAbsent, etag }: PutCondition): void {
    const there = this.#objects.get(key);
    if (isAbsent && there) {
      throw new BucketFault(412, 'PreconditionFailed');
    }
    if (etag !== undefined && !there) {
      throw new BucketFault(404, 'NoSuchKey');
    }
    if (etag !== undefined && there?.etag !== etag) {
      throw new BucketFault(412, 'PreconditionFailed');
    }
  }

  /** Takes a finished file as the object. File and entry change in one turn, as an object of S3 does: others see both or neither. */
  async putFile(key: string, localPath: string): Promise<void> {
    const path = this.path(key);
    await mkdir(dirname(path), { recursive: true });
    const etag = md5(await readFile(localPath));
    moveSync(localPath, path);
    this.#objects.set(key, { kind: 'file', etag });
  }

  async get(key: string): Promise<{ readonly bytes: Buffer; readonly etag: string } | undefined> {
    const object = this.#objects.get(key);
    if (!object) {
      return undefined;
    }
    const bytes = object.kind === 'bytes' ? object.bytes : readFileSync(this.path(key));
    return { bytes, etag: object.etag };
  }

  /** Keys that begin so, in byte order; files that an engine is writing under this folder are seen as on any disk. */
  keys(beginning: string): readonly string[] {
    const keys = [...this.#objects.keys(), ...this.#filesBeingWritten()];
    return [...new Set(keys)].filter((key) => key.startsWith(beginning)).sort((a, b) => (a < b ? -1 : 1));
  }

  #filesBeingWritten(): readonly string[] {
    const folder = join(this.folder, 'runs');
    return existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(this.folder, join(folder, entry.name)))
      : [];
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(key);
    rmSync(this.path(key), { force: true });
  }
}
