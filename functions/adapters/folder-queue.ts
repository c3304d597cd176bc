import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../core/errors.ts';
import type { QueueState } from '../ports/dead-letters.ts';
import type { Queue, QueuedMessage } from '../ports/queue.ts';
import { isAlive } from './processes.ts';
import { readBodies, readRecords, type SegmentRecord, writeDurably } from './queue-segment.ts';
import { isSegment, openSegment, SegmentWriter } from './segment-writer.ts';

const MAX_RECEIVES = 5;
/** Messages known at a time: more wait in their files. */
const KNOWN_MESSAGES = 50_000;

/** Where a queue's dead letters lie, a file each. */
export const deadFolder = (queueFolder: string): string => join(queueFolder, 'dead');
export const deadLetterEnding = '.message';

interface Known {
  readonly record: SegmentRecord;
  readonly segment: Segment;
  receives: number;
  /** On the clock that never jumps. */
  visibleAt: number;
}

interface Segment {
  readonly name: string;
  /** Where the next record begins. */
  end: number;
  /** Read and not deleted. */
  readonly open: Set<string>;
  readonly seen: Journal;
}

/** What became of messages, a line each: `R ID UNTIL` each time that one was received, `D ID` when it is gone. */
interface Journal {
  readonly receives: Map<string, { count: number; until: number }>;
  readonly deleted: Set<string>;
}

/**
 * A queue in a folder of this machine. Any number of processes send; one at a time receives and deletes. A message is in a
 * segment, flushed to the disk, before `send` resolves; beside each segment a journal says what became of its messages.
 */
export class FolderQueue implements Queue {
  readonly #folder: string;
  readonly #deadFolder: string;
  readonly #writer: SegmentWriter;
  readonly #segments = new Map<string, Segment>();
  readonly #known = new Map<string, Known>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = join(folder, 'segments');
    this.#deadFolder = deadFolder(folder);
    this.#writer = new SegmentWriter(this.#folder);
  }

  send(body: string): Promise<void> {
    return this.#writer.write(body);
  }

  receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]> {
    return this.#inTurn(() => this.#receive(max, visibleAfterSeconds));
  }

  async delete(receipts: readonly string[]): Promise<void> {
    await this.#inTurn(() => this.#remove(receipts.flatMap((receipt) => this.#known.get(receipt) ?? [])));
  }

  /** One after the other: each reads and changes what is known of the messages. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]> {
    const now = performance.now();
    const isFree = ({ visibleAt }: Known) => visibleAt <= now;
    let free = [...this.#known.values()].filter(isFree);
    if (free.length < max) {
      await this.#readOn();
      free = [...this.#known.values()].filter(isFree);
    }
    const taken = free.slice(0, max);
    const spent = taken.filter(({ receives }) => receives >= MAX_RECEIVES);
    await this.#bury(spent);
    const given = taken.filter(({ receives }) => receives < MAX_RECEIVES);
    const until = Date.now() + visibleAfterSeconds * 1000;
    await this.#note(given, ({ record }) => `\nR ${record.id} ${until}`, false);
    for (const known of given) {
      known.receives += 1;
      known.visibleAt = now + visibleAfterSeconds * 1000;
    }
    return this.#messages(given);
  }

  /** As the files say it: another process may be receiving. */
  async state(): Promise<QueueState> {
    let [waiting, inFlight] = [0, 0];
    for (const name of await this.#segmentFiles()) {
      const { receives, deleted } = await readJournal(this.#journalPath(name));
      const { records } = await readRecords(join(this.#folder, name), 0).catch(ifGone);
      for (const { id } of records.filter((record) => !deleted.has(record.id))) {
        const isHidden = (receives.get(id)?.until ?? 0) > Date.now();
        waiting += isHidden ? 0 : 1;
        inFlight += isHidden ? 1 : 0;
      }
    }
    return { waiting, inFlight, dead: (await deadLetterFiles(this.#deadFolder)).length };
  }

  /** Finishes what is being written. */
  async close(): Promise<void> {
    await this.#writer.close();
  }

  async #segmentFiles(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(ifNoFolder);
    return names.filter(isSegment).sort();
  }

  #journalPath(segment: string): string {
    return join(this.#folder, `${stem(segment)}.seen`);
  }

  /** Takes up what has been sent since, and removes segments of which nothing is left. */
  async #readOn(): Promise<void> {
    const names = await this.#segmentFiles();
    await this.#removeLeftJournals(names);
    for (const name of names) {
      if (this.#known.size >= KNOWN_MESSAGES) {
        return;
      }
      const segment = await this.#segmentOf(name);
      const { records, end } = await readRecords(join(this.#folder, name), segment.end).catch(ifGone);
      for (const record of records.filter(({ id }) => !segment.seen.deleted.has(id))) {
        const receives = segment.seen.receives.get(record.id)?.count ?? 0;
        segment.open.add(record.id);
        this.#known.set(record.id, { record, segment, receives, visibleAt: 0 });
      }
      segment.end = Math.max(segment.end, end);
      if (segment.open.size === 0 && isFinished(name)) {
        await this.#removeSegment(name);
      }
    }
  }

  /** Of segments whose removal a crash cut short. */
  async #removeLeftJournals(segments: readonly string[]): Promise<void> {
    const stems = new Set(segments.map(stem));
    const files = await readdir(this.#folder).catch(ifNoFolder);
    for (const file of files.filter(
      (name) => name.endsWith('.seen') && !stems.has(basename(name, '.seen')),
    )) {
      await rm(join(this.#folder, file), { force: true });
    }
  }

  async #segmentOf(name: string): Promise<Segment> {
    const own = stem(name);
    const known = this.#segments.get(own);
    if (known) {
      return known;
    }
    const seen = await readJournal(this.#journalPath(name));
    const segment: Segment = { name: own, end: 0, open: new Set(), seen };
    this.#segments.set(own, segment);
    return segment;
  }

  /** The journal goes last: without it, what is left of the segment would be received again. */
  async #removeSegment(name: string): Promise<void> {
    // its writer may have finished it since
    await rm(join(this.#folder, `${stem(name)}.open`), { force: true });
    await rm(join(this.#folder, `${stem(name)}.log`), { force: true });
    await rm(this.#journalPath(name), { force: true });
    this.#segments.delete(stem(name));
  }

  async #bury(spent: readonly Known[]): Promise<void> {
    for (const message of await this.#messages(spent)) {
      await mkdir(this.#deadFolder, { recursive: true, mode: 0o700 });
      await writeDurably(join(this.#deadFolder, `${message.id}${deadLetterEnding}`), message.body);
    }
    await this.#remove(spent);
  }

  async #remove(gone: readonly Known[]): Promise<void> {
    await this.#note(gone, ({ record }) => `\nD ${record.id}`, true);
    for (const { record, segment } of gone) {
      this.#known.delete(record.id);
      segment.open.delete(record.id);
      segment.seen.deleted.add(record.id);
    }
    for (const { name } of new Set(gone.map(({ segment }) => segment))) {
      const isDone = this.#segments.get(name)?.open.size === 0;
      const file = isDone ? (await this.#segmentFiles()).find((each) => stem(each) === name) : undefined;
      const size = file ? await sizeOf(join(this.#folder, file)) : 0;
      if (file && isFinished(file) && size === this.#segments.get(name)?.end) {
        await this.#removeSegment(file);
      }
    }
  }

  async #note(messages: readonly Known[], line: (known: Known) => string, isForGood: boolean): Promise<void> {
    for (const [segment, own] of Map.groupBy(messages, (known) => known.segment)) {
      const journal = await open(this.#journalPath(segment.name), 'a');
      try {
        await journal.appendFile(own.map(line).join(''));
        await (isForGood ? journal.datasync() : undefined);
      } finally {
        await journal.close();
      }
    }
  }

  async #messages(taken: readonly Known[]): Promise<readonly QueuedMessage[]> {
    const messages: QueuedMessage[] = [];
    for (const [segment, own] of Map.groupBy(taken, (known) => known.segment)) {
      const bodies = await this.#bodies(
        segment,
        own.map(({ record }) => record),
      );
      for (const [index, { record, receives }] of own.entries()) {
        const { id } = record;
        messages.push({ id, body: bodies[index] ?? '', receipt: id, receiveCount: receives });
      }
    }
    return messages;
  }

  async #bodies({ name }: Segment, records: readonly SegmentRecord[]): Promise<readonly string[]> {
    try {
      return await readBodies(join(this.#folder, `${name}.open`), records);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
      return readBodies(join(this.#folder, `${name}.log`), records);
    }
  }
}

const stem = (name: string): string => basename(name).replace(/\.(open|log)$/, '');

/** Nobody adds to it any more. */
function isFinished(name: string): boolean {
  const pid = openSegment.exec(name)?.[1];
  return pid === undefined || !isAlive(Number(pid));
}

async function readJournal(path: string): Promise<Journal> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') {
      return '';
    }
    throw error;
  });
  const receives: Journal['receives'] = new Map();
  const deleted = new Set<string>();
  // a line that a crash cut off ends where the next begins, and names no message
  for (const line of text.split('\n')) {
    const [kind, id = '', until] = line.split(' ');
    if (kind === 'D') {
      deleted.add(id);
    } else if (kind === 'R') {
      receives.set(id, { count: (receives.get(id)?.count ?? 0) + 1, until: Number(until) });
    }
  }
  return { receives, deleted };
}

async function sizeOf(path: string): Promise<number> {
  const handle: FileHandle = await open(path, 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** Names of the dead letters in a folder; none where nothing has died yet. */
export async function deadLetterFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(ifNoFolder);
  return names.filter((name) => name.endsWith(deadLetterEnding)).sort();
}

function ifNoFolder(error: unknown): string[] {
  if (errorCode(error) === 'ENOENT') {
    return [];
  }
  throw error;
}

/** A segment that was renamed or removed since it was listed has its records later, or none. */
function ifGone(error: unknown): { readonly records: readonly SegmentRecord[]; readonly end: number } {
  if (errorCode(error) === 'ENOENT') {
    return { records: [], end: 0 };
  }
  throw error;
}
