import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

// A segment is a file of records, each `LENGTH CRC32 ID\n`, the body and a line end. Only the process that made it adds to
// it. What a crash cuts off is no record, because its length or checksum does not fit.

const HEADER = /^(\d{1,10}) ([0-9a-f]{1,8}) ([0-9a-f]{32})$/;
const MAX_HEADER_BYTES = 64;

export interface SegmentRecord {
  readonly id: string;
  /** Of the body in the file. */
  readonly offset: number;
  readonly length: number;
}

export function recordBytes(id: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  return Buffer.concat([
    Buffer.from(`${bytes.length} ${crc32(bytes).toString(16)} ${id}\n`, 'latin1'),
    bytes,
    Buffer.from('\n'),
  ]);
}

/** How much of a segment is in memory at a time; more where one record is longer. */
const BLOCK_BYTES = 1024 * 1024;

/** The records from `start` on that are whole, and where the next one will begin. */
export async function readRecords(
  path: string,
  start: number,
  blockBytes = BLOCK_BYTES,
): Promise<{ readonly records: readonly SegmentRecord[]; readonly end: number }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const records: SegmentRecord[] = [];
    let [end, block] = [start, Buffer.alloc(Math.min(blockBytes, Math.max(0, size - start)))];
    while (end < size) {
      const { bytesRead } = await handle.read(block, 0, block.length, end);
      const isLast = bytesRead === 0 || end + bytesRead >= size;
      const parsed = parseRecords(block.subarray(0, bytesRead), end);
      records.push(...parsed.records);
      end = parsed.end;
      if (isLast || (parsed.records.length === 0 && parsed.wanted <= bytesRead)) {
        break;
      }
      const wanted = Math.min(parsed.wanted, size - end);
      block = wanted > block.length ? Buffer.alloc(wanted) : block;
    }
    return { records, end };
  } finally {
    await handle.close();
  }
}

interface Parsed {
  readonly records: readonly SegmentRecord[];
  readonly end: number;
  /** Bytes from `end` on that are enough to tell whether a record is there. */
  readonly wanted: number;
}

function parseRecords(bytes: Buffer, start: number): Parsed {
  const records: SegmentRecord[] = [];
  let at = 0;
  while (at < bytes.length) {
    const lineEnd = bytes.subarray(at, at + MAX_HEADER_BYTES).indexOf(10);
    const header = HEADER.exec(bytes.toString('latin1', at, at + Math.max(0, lineEnd)));
    if (!header) {
      return { records, end: start + at, wanted: MAX_HEADER_BYTES };
    }
    const [, length = '', sum = '', id = ''] = header;
    const from = at + lineEnd + 1;
    const to = from + Number(length);
    if (bytes[to] !== 10 || crc32(bytes.subarray(from, to)) !== Number.parseInt(sum, 16)) {
      return { records, end: start + at, wanted: to + 1 - at };
    }
    records.push({ id, offset: start + from, length: Number(length) });
    at = to + 1;
  }
  return { records, end: start + at, wanted: 1 };
}

/** Bodies of records of one segment, in their order. */
export async function readBodies(
  path: string,
  records: readonly SegmentRecord[],
): Promise<readonly string[]> {
  const handle = await open(path, 'r');
  try {
    const bodies: string[] = [];
    // one for all: what lies outside the heap is collected late
    const bytes = Buffer.alloc(records.reduce((longest, { length }) => Math.max(longest, length), 0));
    for (const { offset, length } of records) {
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      bodies.push(bytes.toString('utf8', 0, bytesRead));
    }
    return bodies;
  } finally {
    await handle.close();
  }
}

/** A new name in a folder survives a loss of power only once the folder itself is written. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file whole and for good, or not at all. */
export async function writeDurably(path: string, bytes: Buffer | string): Promise<void> {
  const temporary = `${path}.writing`;
  const handle: FileHandle = await open(temporary, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
