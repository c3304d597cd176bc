import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { DonguError, errorText } from '../core/errors.ts';
import type { FileSink } from '../ports/file-sink.ts';

/** The files could not be written. */
export class FolderWriteError extends DonguError {}

/** Writes files into one folder as streams; a slow disk holds the writer back instead of filling memory. */
export class FolderFileSink implements FileSink {
  readonly #folder: string;
  readonly #streams = new Map<string, WriteStream>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(file: string, text: string): Promise<void> {
    const stream = this.#streams.get(file) ?? (await this.#open(file));
    try {
      if (stream.errored) throw stream.errored;
      if (!stream.write(text)) await once(stream, 'drain');
    } catch (error) {
      throw this.#failure(file, error);
    }
  }

  async close(): Promise<void> {
    for (const [file, stream] of this.#streams) {
      try {
        stream.end();
        await finished(stream);
      } catch (error) {
        throw this.#failure(file, error);
      }
    }
    this.#streams.clear();
  }

  async #open(file: string): Promise<WriteStream> {
    try {
      await mkdir(this.#folder, { recursive: true });
    } catch (error) {
      throw this.#failure(file, error);
    }
    const stream = createWriteStream(join(this.#folder, file), { highWaterMark: 1024 * 1024 });
    // the next write or close reports it; without a listener the process would end here
    stream.on('error', () => undefined);
    this.#streams.set(file, stream);
    return stream;
  }

  #failure(file: string, cause: unknown): FolderWriteError {
    return new FolderWriteError(
      `${file} could not be written to ${this.#folder}: ${errorText(cause)}`,
      'Choose a folder that can be written and has room.',
      { cause },
    );
  }
}
