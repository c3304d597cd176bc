import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LakeError } from '../core/errors.ts';
import { recordBytes, syncFolder } from './queue-segment.ts';

const SEGMENT_BYTES = 8 * 1024 * 1024;
/** What waits for the disk at most; beyond it a sender is told to come later. */
const PENDING_BYTES = 64 * 1024 * 1024;
const IDLE_MILLISECONDS = 1000;

interface Pending {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The names of open and of finished segments. The process that writes an open one is in its name. */
export const openSegment = /^(\d+)-[0-9a-f]{16}-\d+\.open$/;
export const isSegment = (name: string): boolean => /\.(open|log)$/.test(name);

/** Adds messages to segments of its own, one write and one flush for all that wait. */
export class SegmentWriter {
  readonly #folder: string;
  readonly #name = `${process.pid}-${randomBytes(8).toString('hex')}`;
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #segment: { readonly handle: FileHandle; readonly path: string; bytes: number } | undefined;
  #segments = 0;
  #working: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(body: string): Promise<void> {
    const bytes = recordBytes(randomBytes(16).toString('hex'), body);
    if (this.#pendingBytes + bytes.length > PENDING_BYTES) {
      return Promise.reject(
        new LakeError('the queue takes no more: its disk is too slow', 'Send it again in a moment.'),
      );
    }
    this.#pendingBytes += bytes.length;
    return new Promise((resolve, reject) => {
      this.#pending.push({ bytes, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Finishes the open segment. */
  async close(): Promise<void> {
    await this.#working;
    await this.#finish();
  }

  async #work(): Promise<void> {
    clearTimeout(this.#idle);
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      await this.#writeAll(batch);
    }
    this.#working = undefined;
    this.#idle = setTimeout(() => {
      this.#working ??= this.#finish().finally(() => {
        this.#working = this.#pending.length > 0 ? this.#work() : undefined;
      });
    }, IDLE_MILLISECONDS).unref();
  }

  async #writeAll(batch: readonly Pending[]): Promise<void> {
    try {
      const segment = await this.#openSegment();
      const bytes = Buffer.concat(batch.map((pending) => pending.bytes));
      await segment.handle.appendFile(bytes);
      await segment.handle.datasync();
      segment.bytes += bytes.length;
      for (const { resolve } of batch) {
        resolve();
      }
    } catch (error) {
      // half a record may stand at its end: nothing can follow it there
      await this.#finish();
      for (const { reject } of batch) {
        reject(error);
      }
    } finally {
      this.#pendingBytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
    }
    if ((this.#segment?.bytes ?? 0) >= SEGMENT_BYTES) {
      await this.#finish();
    }
  }

  async #openSegment(): Promise<{ readonly handle: FileHandle; bytes: number }> {
    if (!this.#segment) {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      this.#segments += 1;
      const path = join(this.#folder, `${this.#name}-${this.#segments}.open`);
      this.#segment = { handle: await open(path, 'a'), path, bytes: 0 };
      await syncFolder(this.#folder);
    }
    return this.#segment;
  }

  async #finish(): Promise<void> {
    clearTimeout(this.#idle);
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment) {
      // one that keeps its name counts as finished when this process ends
      await segment.handle.close().catch(() => undefined);
      await rename(segment.path, segment.path.replace(/\.open$/, '.log')).catch(() => undefined);
    }
  }
}
