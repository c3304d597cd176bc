import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { errorText, InputFileError } from '../core/errors.ts';
import { splitCsvLine } from '../core/split-csv-line.ts';
import type { InputFiles, InspectedFile, InspectionRequest, LineShift } from '../ports/input-files.ts';
import { countParquetRows } from './duckdb-parquet.ts';
import { RecordScanner } from './record-scanner.ts';

const KILOBYTE = 1024;

/** Files on this machine's disk. */
export const localInputFiles: InputFiles = {
  async inspect(request) {
    const name = basename(request.path);
    const bytes = await sizeOf(request.path, name);
    const start = await readStart(request.path);
    refuseForeignFormats(request, name, start);
    return request.format === 'parquet'
      ? inspectParquet(request, name, bytes)
      : inspectText(request, name, bytes, isGzip(start));
  },
};

async function sizeOf(path: string, name: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw new InputFileError(
      `${name}: cannot be read (${errorText(error)})`,
      'Check the path and its permissions.',
      {
        cause: error,
      },
    );
  });
  if (found.isDirectory()) {
    throw new InputFileError(
      `${name}: is a directory, not a file`,
      'Name its files, for example `folder/*.csv`.',
    );
  }
  if (found.size === 0) {
    throw new InputFileError(
      `${name}: is empty (0 bytes)`,
      'Export the file again; a file without rows still has its header.',
    );
  }
  return found.size;
}

async function readStart(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4 * KILOBYTE), 0, 4 * KILOBYTE, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

function refuseForeignFormats(request: InspectionRequest, name: string, start: Buffer): void {
  const isParquet = start.subarray(0, 4).toString('latin1') === 'PAR1';
  if (isParquet !== (request.format === 'parquet')) {
    throw new InputFileError(
      `${name}: is ${isParquet ? 'a Parquet file' : 'no Parquet file'}, but its source reads ${request.format}`,
      'Give the file to the source that reads its format.',
    );
  }
  if (start.subarray(0, 2).toString('latin1') === 'PK') {
    throw new InputFileError(
      `${name}: is a zip archive or an Excel workbook`,
      'Unpack it, or save the sheet as CSV (UTF-8).',
    );
  }
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    throw new InputFileError(`${name}: is UTF-16`, 'Save it as UTF-8.');
  }
  if (request.format !== 'parquet' && !isGzip(start) && start.includes(0)) {
    throw new InputFileError(
      `${name}: holds NUL bytes, so it is no text`,
      'Check that this is the right file.',
    );
  }
}

async function inspectParquet(
  request: InspectionRequest,
  name: string,
  bytes: number,
): Promise<InspectedFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(request.path), hash);
  const { rows, columns } = await countParquetRows(request.path, name);
  return {
    path: request.path,
    name,
    sha256: hash.digest('hex'),
    bytes,
    isGzip: false,
    textBytes: 0,
    isIrregular: false,
    records: rows,
    header: columns,
    lineShifts: [],
  };
}

async function inspectText(
  request: InspectionRequest,
  name: string,
  bytes: number,
  isCompressed: boolean,
): Promise<InspectedFile> {
  const hash = createHash('sha256');
  const scanner = new RecordScanner({ delimiter: quotedDelimiter(request) });
  const check = new EncodingCheck(name, request.encoding);
  await scanText(request.path, name, isCompressed, {
    raw: (chunk) => hash.update(chunk),
    text: (chunk) => {
      check.push(chunk);
      scanner.push(chunk);
    },
  });
  check.end();
  if (scanner.openQuoteLine > 0) {
    throw new InputFileError(
      `${name}: line ${scanner.openQuoteLine} opens a quote that is never closed, so its rows cannot be told apart`,
      'Mend the quote, or double it inside a quoted field.',
    );
  }
  const hasHeader = request.format === 'csv' && request.hasHeader && request.delimiter !== 'whitespace';
  return {
    path: request.path,
    name,
    sha256: hash.digest('hex'),
    bytes,
    isGzip: isCompressed,
    textBytes: scanner.textBytes,
    isIrregular: scanner.isIrregular || check.hasByteOrderMark,
    records: Math.max(0, scanner.records - (hasHeader ? 1 : 0)),
    header: hasHeader ? splitHeader(scanner.firstRecord, request) : [],
    lineShifts: hasHeader ? afterHeader(scanner.lineShifts) : scanner.lineShifts,
  };
}

/** Of the records below the header: each stands a line later than its number says, and later still by the shifts. */
function afterHeader(shifts: readonly LineShift[]): readonly LineShift[] {
  const moved = shifts.map(({ record, shift }) => ({ record: record - 1, shift: shift + 1 }));
  const first = moved.findLast(({ record }) => record <= 1)?.shift ?? 1;
  return [{ record: 1, shift: first }, ...moved.filter(({ record }) => record > 1)];
}

export function quotedDelimiter(request: { format: string; delimiter: string }): number | undefined {
  return request.format === 'csv' && request.delimiter !== 'whitespace'
    ? request.delimiter.charCodeAt(0)
    : undefined;
}

interface TextSink {
  readonly raw: (chunk: Buffer) => void;
  readonly text: (chunk: Buffer) => void;
}

async function scanText(path: string, name: string, isCompressed: boolean, sink: TextSink): Promise<void> {
  const source = createReadStream(path, { highWaterMark: 1024 * KILOBYTE });
  source.on('data', (chunk) => sink.raw(chunk as Buffer));
  const consume = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      sink.text(chunk);
    }
  };
  try {
    await (isCompressed
      ? pipeline(source, createGunzip({ chunkSize: 1024 * KILOBYTE }), consume)
      : pipeline(source, consume));
  } catch (error) {
    if (error instanceof InputFileError) {
      throw error;
    }
    const hint = isCompressed
      ? 'The gzip file is cut off or damaged: copy it again.'
      : 'Check the disk and the file.';
    throw new InputFileError(`${name}: cannot be read to its end (${errorText(error)})`, hint, {
      cause: error,
    });
  }
}

/** Names of the header row; quotes as in RFC 4180. */
function splitHeader(record: Buffer, request: InspectionRequest): readonly string[] {
  const text = record.toString(request.encoding === 'latin-1' ? 'latin1' : 'utf8').replace(/^\ufeff/, '');
  return splitCsvLine(text, request.delimiter).map((field) => field.trim());
}

/** Says where a text stops being UTF-8, across chunk borders. */
class EncodingCheck {
  hasByteOrderMark = false;
  readonly #name: string;
  readonly #encoding: string;
  #tail: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(name: string, encoding: string) {
    this.#name = name;
    this.#encoding = encoding;
  }

  push(chunk: Buffer): void {
    if (this.#encoding !== 'utf-8') {
      return;
    }
    if (this.#offset === 0 && chunk.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) {
      this.hasByteOrderMark = true;
    }
    const bytes = this.#tail.length > 0 ? Buffer.concat([this.#tail, chunk]) : chunk;
    const complete = bytes.length - incompleteTail(bytes);
    if (!isUtf8(bytes.subarray(0, complete))) {
      this.#refuse();
    }
    this.#tail = Buffer.from(bytes.subarray(complete));
    this.#offset += complete;
  }

  end(): void {
    if (this.#tail.length > 0) {
      this.#refuse();
    }
  }

  #refuse(): never {
    throw new InputFileError(
      `${this.#name}: is not UTF-8 (near byte ${this.#offset})`,
      'Save it as UTF-8, or say `encoding: latin-1` in the source if that is what it is.',
    );
  }
}

/** How many bytes a UTF-8 character has by its first byte; 0 for a byte inside one. */
function characterLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc0) return 0;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Bytes at the end that begin a character which the next chunk completes. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const length = characterLength(bytes[bytes.length - back] ?? 0);
    if (length > 0) {
      return length > back ? back : 0;
    }
  }
  return 0;
}
