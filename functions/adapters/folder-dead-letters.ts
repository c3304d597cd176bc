import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../core/errors.ts';
import type { DeadLetter, DeadLetters, QueueState } from '../ports/dead-letters.ts';
import { deadFolder, deadLetterEnding, deadLetterFiles, FolderQueue } from './folder-queue.ts';

/** The dead letters of a queue in a folder. Other processes may send, receive and bury meanwhile. */
export class FolderDeadLetters implements DeadLetters {
  readonly #folder: string;
  readonly #queue: FolderQueue;

  constructor(queueFolder: string) {
    this.#folder = deadFolder(queueFolder);
    this.#queue = new FolderQueue(queueFolder);
  }

  state(): Promise<QueueState> {
    return this.#queue.state();
  }

  async each(work: (letter: DeadLetter) => Promise<void>): Promise<void> {
    for (const name of await deadLetterFiles(this.#folder)) {
      const path = join(this.#folder, name);
      const body = await readFile(path, 'utf8').catch(ifGone);
      await (body === undefined ? undefined : work(this.#letter(path, body)));
    }
  }

  send(body: string): Promise<void> {
    return this.#queue.send(body);
  }

  /** Finishes what is being written. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  #letter(path: string, body: string): DeadLetter {
    const remove = (): Promise<void> => rm(path, { force: true });
    const sendAgain = async (): Promise<void> => {
      await this.#queue.send(body);
      await remove();
    };
    return { id: basename(path, deadLetterEnding), body, sendAgain, remove };
  }
}

/** Another command took it. */
function ifGone(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') {
    throw error;
  }
}
