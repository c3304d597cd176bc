import type { LineShift } from '../ports/input-files.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;

export interface ScannerOptions {
  /** The delimiter's byte where quotes may hide line breaks (CSV); undefined for formats of plain lines. */
  readonly delimiter: number | undefined;
}

/**
 * Counts the records of a text file as it streams by, and can write it out again with LF line ends and
 * without blank lines, so that an engine sees one record a line except where quotes hold a line break.
 */
export class RecordScanner {
  readonly lineShifts: LineShift[] = [];
  /** True once a CR or a blank line was seen: such a file is read through a regular copy. */
  isIrregular = false;
  /** The first record's bytes, for the header (at most 64 kB are kept). */
  readonly #firstRecord: number[] = [];
  readonly #delimiter: number | undefined;
  #records = 0;
  #bytes = 0;
  #line = 1;
  #isRecordStart = true;
  #isFieldStart = true;
  #isInQuotes = false;
  #isAfterQuote = false;
  #isAfterCr = false;
  #quoteLine = 0;

  constructor(options: ScannerOptions) {
    this.#delimiter = options.delimiter;
  }

  get records(): number {
    return this.#records;
  }

  /** Bytes so far without the line feeds. */
  get textBytes(): number {
    return this.#bytes - (this.#line - 1);
  }

  get firstRecord(): Buffer {
    return Buffer.from(this.#firstRecord);
  }

  /** The line where a quote was opened that is still open, or 0. */
  get openQuoteLine(): number {
    return this.#isInQuotes && !this.#isAfterQuote ? this.#quoteLine : 0;
  }

  /** Takes the next bytes. With `isCopying`, returns them with line ends made regular. */
  push(chunk: Buffer, isCopying = false): Buffer {
    this.#bytes += chunk.length;
    const isPlain = chunk.indexOf(CR) < 0 && !this.#isAfterCr && !this.#hasQuotes(chunk);
    const isBelowFirst = this.#records > 1 || (this.#records === 1 && this.#isRecordStart);
    if (isPlain && !isCopying && isBelowFirst && chunk.length > 0) {
      this.#pushPlain(chunk);
      return chunk;
    }
    const out = isCopying ? Buffer.allocUnsafe(chunk.length) : undefined;
    let length = 0;
    for (const byte of chunk) {
      const emitted = this.#pushByte(byte);
      if (out && emitted >= 0) {
        out[length] = emitted;
        length += 1;
      }
    }
    return out ? out.subarray(0, length) : chunk;
  }

  #hasQuotes(chunk: Buffer): boolean {
    return this.#delimiter !== undefined && (this.#isInQuotes || chunk.indexOf(QUOTE) >= 0);
  }

  #pushPlain(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      if (at > from && this.#isRecordStart) {
        this.#beginRecord();
      }
      this.#endLine();
      from = at + 1;
    }
    if (from < chunk.length && this.#isRecordStart) {
      this.#beginRecord();
    }
    this.#isFieldStart = from === chunk.length || chunk[chunk.length - 1] === this.#delimiter;
  }

  #beginRecord(): void {
    this.#isRecordStart = false;
    this.#records += 1;
    const shift = this.#line - this.#records;
    if (shift !== (this.lineShifts.at(-1)?.shift ?? 0)) {
      this.lineShifts.push({ record: this.#records, shift });
    }
  }

  #endLine(): void {
    if (this.#isRecordStart) {
      this.isIrregular = true;
    }
    this.#isRecordStart = true;
    this.#isFieldStart = true;
    this.#line += 1;
  }

  /** The byte to copy, or -1 for none. */
  #pushByte(byte: number): number {
    if (this.#isAfterQuote && byte !== QUOTE) {
      this.#isInQuotes = false;
      this.#isAfterQuote = false;
    }
    if (this.#isInQuotes) {
      return this.#pushQuoted(byte);
    }
    if (byte === CR || byte === LF) {
      return this.#pushLineEnd(byte);
    }
    this.#isAfterCr = false;
    if (this.#isRecordStart) {
      this.#beginRecord();
    }
    if (this.#records === 1 && this.#firstRecord.length < 65536) {
      this.#firstRecord.push(byte);
    }
    if (byte === QUOTE && this.#isFieldStart && this.#delimiter !== undefined) {
      this.#isInQuotes = true;
      this.#quoteLine = this.#line;
    }
    this.#isFieldStart = byte === this.#delimiter;
    return byte;
  }

  #pushQuoted(byte: number): number {
    if (this.#records === 1 && this.#firstRecord.length < 65536) {
      this.#firstRecord.push(byte);
    }
    if (byte === QUOTE) {
      this.#isAfterQuote = !this.#isAfterQuote;
    } else if (byte === LF) {
      this.#line += 1;
    }
    return byte;
  }

  #pushLineEnd(byte: number): number {
    if (byte === LF && this.#isAfterCr) {
      this.#isAfterCr = false;
      return -1;
    }
    this.#isAfterCr = byte === CR;
    this.isIrregular ||= byte === CR;
    const isBlank = this.#isRecordStart;
    this.#endLine();
    return isBlank ? -1 : LF;
  }
}
