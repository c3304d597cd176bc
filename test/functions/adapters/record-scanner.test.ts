import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordScanner } from '../../../functions/adapters/record-scanner.ts';

interface Scanned {
  readonly records: number;
  readonly lineShifts: readonly unknown[];
  readonly isIrregular: boolean;
  readonly openQuoteLine: number;
  readonly firstRecord: string;
  readonly copy: string;
}

const COMMA = ','.charCodeAt(0);

/** Scans a text that arrives in pieces cut at the given places; without copying, the text counts as its own copy. */
function scan(
  text: string,
  cuts: readonly number[],
  delimiter: number | undefined,
  isCopying: boolean,
): Scanned {
  const bytes = Buffer.from(text);
  const scanner = new RecordScanner({ delimiter });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const copies = places
    .slice(1)
    .map((end, index) => Buffer.from(scanner.push(bytes.subarray(places[index] ?? 0, end), isCopying)));
  return {
    records: scanner.records,
    lineShifts: scanner.lineShifts,
    isIrregular: scanner.isIrregular,
    openQuoteLine: scanner.openQuoteLine,
    firstRecord: scanner.firstRecord.toString(),
    copy: Buffer.concat(copies).toString(),
  };
}

interface Line {
  /** 1-based line of the text where the record begins. */
  readonly line: number;
  readonly content: string;
}

/** A slow second opinion: splits into records, letter by letter with regular expressions. */
function recordsOf(text: string, delimiter: number | undefined): readonly Line[] {
  const field = delimiter === undefined ? '[^\\r\\n]*' : '(?:"(?:[^"]|"")*(?:"|$)[^,\\r\\n]*|[^,\\r\\n]*)';
  const record = new RegExp(`${field}${delimiter === undefined ? '' : `(?:,${field})*`}`, 'y');
  const lines: Line[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    record.lastIndex = at;
    const content = record.exec(text)?.[0] ?? '';
    if (content !== '') {
      lines.push({ line, content });
    }
    line += content.split('\n').length - 1;
    at += content.length;
    const end = /\r\n|\r|\n/y;
    end.lastIndex = at;
    const found = end.exec(text)?.[0] ?? '';
    line += found === '' ? 0 : 1;
    at += found.length;
  }
  return lines;
}

/** The line that each record begins on, as the shifts say. */
function linesBy(scanned: Scanned): readonly number[] {
  const shifts = scanned.lineShifts as readonly { readonly record: number; readonly shift: number }[];
  return Array.from({ length: scanned.records }, (_, index) => {
    const record = index + 1;
    return record + (shifts.findLast((shift) => shift.record <= record)?.shift ?? 0);
  });
}

const pieces = fc.constantFrom(
  'a',
  'b,c',
  ',',
  '"',
  '""',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  'ş',
  '"x\ny"',
  ' ',
  '"a""b"',
);
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 12 });
const delimiters = fc.constantFrom(COMMA, undefined);

describe('a scanner of records', () => {
  it('sees the same however the bytes are cut', () => {
    fc.assert(
      fc.property(texts, cuts, delimiters, fc.boolean(), (text, places, delimiter, isCopying) => {
        expect(scan(text, places, delimiter, isCopying)).toEqual(scan(text, [], delimiter, isCopying));
      }),
      { numRuns: 2000 },
    );
  });

  it('sees the same whether it copies or not', () => {
    fc.assert(
      fc.property(texts, cuts, delimiters, (text, places, delimiter) => {
        const { copy: _one, ...reading } = scan(text, places, delimiter, false);
        const { copy: _other, ...copying } = scan(text, places, delimiter, true);

        expect(reading).toEqual(copying);
      }),
      { numRuns: 2000 },
    );
  });

  it('counts the records and knows the line of each', () => {
    fc.assert(
      fc.property(texts, cuts, delimiters, (text, places, delimiter) => {
        const expected = recordsOf(text, delimiter);

        const scanned = scan(text, places, delimiter, false);

        expect(scanned.records).toBe(expected.length);
        expect(linesBy(scanned)).toEqual(expected.map(({ line }) => line));
      }),
      { numRuns: 2000 },
    );
  });

  it('copies every record, one after another with LF between, and nothing else', () => {
    fc.assert(
      fc.property(texts, cuts, delimiters, (text, places, delimiter) => {
        const expected = recordsOf(text, delimiter).map(({ content }) => content);

        const { copy } = scan(text, places, delimiter, true);

        expect([expected.join('\n'), `${expected.join('\n')}\n`]).toContain(copy);
      }),
      { numRuns: 2000 },
    );
  });

  it('calls a text regular only when it is its own copy', () => {
    fc.assert(
      fc.property(texts, cuts, delimiters, (text, places, delimiter) => {
        const { copy, isIrregular } = scan(text, places, delimiter, true);

        if (!isIrregular) expect(copy).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a,b\n1,2\n', 0],
    ['a,b\n1,"2\n', 2],
    ['a,b\n\n\n"1\n2\n', 4],
    ['a,b\n1,"2"\n', 0],
    ['a,b\n1,"2"', 0],
    ['a,b\n1,2"\n', 0],
    ['a,b\n1,"2""', 2],
  ])('says of %j that line %i opens a quote that stays open', (text, line) => {
    expect(scan(text, [], COMMA, false).openQuoteLine).toBe(line);
  });

  it('keeps the first record for its header, at most 64 kB of it', () => {
    expect(scan('\n\n"a\nb",c\n1,2\n', [4], COMMA, false).firstRecord).toBe('"a\nb",c');
    expect(scan('x'.repeat(100_000), [], COMMA, false).firstRecord).toHaveLength(65_536);
  });
});
