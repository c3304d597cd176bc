import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LandedBadFile, land, refuse, refusePath } from '../support/bad-file.ts';
import { withFolder } from '../support/engine.ts';

const HEADER = 'order_id,ordered_at,customer_id,amount,category';
const order = (number: number, rest = `2024-03-08T14:05:00Z,C-${number},10.00,Kitap`) =>
  `A-${number},${rest}`;
const orders = (...lines: readonly string[]) => `${[HEADER, ...lines].join('\n')}\n`;
const message = (number: number) =>
  `{"type":"track","messageId":"m${number}","event":"Product Viewed","userId":"C-${number}","timestamp":"2024-03-08T11:05:00Z"}`;

describe('rows that cannot be loaded wait in quarantine, with their reason and line', () => {
  it('a day that does not exist, a time that is none, a time that is missing', async () => {
    const { ledger, quarantined } = await land(
      'orders',
      orders(
        order(1),
        order(2, '2024-02-30,C-2,10.00,Kitap'),
        order(3, '2024-02-30T10:00:00Z,C-3,10.00,Kitap'),
        order(4, '08.03.2024,C-4,10.00,Kitap'),
        order(5, '2024-03-08T25:00:00,C-5,10.00,Kitap'),
        order(6, ',C-6,10.00,Kitap'),
      ),
    );

    expect(quarantined).toEqual([
      '3 invalid_time',
      '4 invalid_time',
      '5 invalid_time',
      '6 invalid_time',
      '7 missing_time',
    ]);
    expect(ledger).toMatchObject({ accepted: 6, loaded: 1, unaccounted: 0 });
  });

  it('a number in Turkish notation', async () => {
    const { ledger, quarantined } = await land(
      'orders',
      orders(
        order(1, '2024-03-08,C-1,"1.234,56",Kitap'),
        order(2, '2024-03-08,C-2,"12,50",Kitap'),
        order(3, '2024-03-08,C-3,₺12,Kitap'),
        order(4, '2024-03-08,C-4,1234.56,Kitap'),
      ),
    );

    expect(quarantined).toEqual(['2 invalid_amount', '3 invalid_amount', '4 invalid_amount']);
    expect(ledger).toMatchObject({ accepted: 4, loaded: 1, unaccounted: 0 });
  });
});

describe('the line of a quarantined row is its own in the file', () => {
  it('rows with too few or too many columns', async () => {
    const { ledger, quarantined } = await land(
      'orders',
      orders(order(1), 'A-2,2024-03-08', order(3), `${order(4)},more,and more`, order(5), 'A-6'),
    );

    expect(quarantined).toEqual(['3 malformed_row', '5 malformed_row', '7 malformed_row']);
    expect(ledger).toMatchObject({ accepted: 6, loaded: 3, unaccounted: 0 });
  });

  it('at their own line of the file, after blank lines, line breaks in quotes and malformed rows', async () => {
    const { ledger, quarantined } = await land(
      'orders',
      orders(
        '',
        order(1, '2024-03-08,C-1,10,"on two\nlines, and\n\nfour"'),
        '',
        '',
        order(2, 'yesterday,C-2,10,Kitap'),
        'A-3,2024-03-08',
        order(4, 'yesterday,C-4,10,"one\nmore"'),
        order(5),
        '',
        order(6, 'yesterday,C-6,10,Kitap'),
      ),
    );

    expect(quarantined).toEqual(['9 invalid_time', '10 malformed_row', '11 invalid_time', '15 invalid_time']);
    expect(ledger).toMatchObject({ accepted: 6, loaded: 2, unaccounted: 0 });
  });

  it('at their own line of NDJSON too', async () => {
    const { ledger, quarantined } = await land(
      'segment',
      ['', message(1), '', 'no json', '["a list"]', message(2), '', '{"type":', 'null', '"text"'].join('\n'),
    );

    expect(quarantined).toEqual([
      '4 invalid_json',
      '5 invalid_json',
      '8 invalid_json',
      '9 invalid_json',
      '10 invalid_json',
    ]);
    expect(ledger).toMatchObject({ accepted: 7, loaded: 2, unaccounted: 0 });
  });

  it('every line of a CSV file given to an NDJSON source', async () => {
    const { ledger, quarantined } = await land('segment', orders(order(1), order(2)));

    expect(quarantined).toEqual(['1 invalid_json', '2 invalid_json', '3 invalid_json']);
    expect(ledger).toMatchObject({ accepted: 3, loaded: 0, unaccounted: 0 });
  });

  it('a line of 20 MB, while the rows around it load', async () => {
    const long = 'x'.repeat(20 * 1024 * 1024);

    const csv = await land('orders', orders(order(1), order(2, `2024-03-08,C-2,10,${long}`), order(3)));
    expect(csv.quarantined).toEqual(['3 malformed_row']);
    expect(csv.ledger).toMatchObject({ accepted: 3, loaded: 2, unaccounted: 0 });
    const ndjson = await land('segment', `${message(1)}\n{"type":"track","x":"${long}"}\n${message(3)}\n`);
    expect(ndjson.quarantined).toEqual(['2 malformed_row']);
    expect(ndjson.ledger).toMatchObject({ accepted: 3, loaded: 2, unaccounted: 0 });
  });

  it('a NUL byte deep in the file', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => order(index));
    lines[200] = order(200, '2024-03-08,C-200,10,Ki\0tap');
    const { ledger } = await land('orders', orders(...lines));

    expect(ledger).toMatchObject({ accepted: 300, unaccounted: 0 });
  });
});

const plain = orders(order(1), order(2, '2024-03-08T14:05:00Z,C-2,10.00,"ev, ""bahçe"""'), order(3));
const variants: Readonly<Record<string, string | Buffer>> = {
  'with a byte-order mark': `\ufeff${plain}`,
  'with CRLF line ends': plain.replaceAll('\n', '\r\n'),
  'with CR line ends': plain.replaceAll('\n', '\r'),
  'with a byte-order mark and CRLF': `\ufeff${plain.replaceAll('\n', '\r\n')}`,
  'with blank lines': `\n\n${plain.replaceAll('\n', '\n\n')}`,
  'without a last line end': plain.trimEnd(),
  gzipped: gzipSync(plain),
  'gzipped, with a byte-order mark and CRLF': gzipSync(`\ufeff${plain.replaceAll('\n', '\r\n')}`),
  'in two gzip members': Buffer.concat([gzipSync(plain.slice(0, 60)), gzipSync(plain.slice(60))]),
  'with quoted names and other capitals': plain.replace(
    HEADER,
    '"ORDER_ID","Ordered_At",Customer_ID, amount ,category',
  ),
};
const strip = (rows: readonly object[]) =>
  rows.map((row) => {
    const { ingest_id: _, line_number: __, touchpoint_id: ___, ...rest } = row as Record<string, unknown>;
    return rest;
  });

describe('files that are merely unusual load whole', () => {
  let expected: LandedBadFile;
  beforeAll(async () => {
    expected = await land('orders', plain);
  });

  it.each(Object.keys(variants))('%s', async (name) => {
    const { ledger, touchpoints } = await land('orders', variants[name] ?? '');

    expect(ledger).toEqual(expected.ledger);
    expect(ledger).toMatchObject({ accepted: 3, loaded: 3, unaccounted: 0 });
    expect(strip(touchpoints)).toEqual(strip(expected.touchpoints));
    expect(touchpoints[1]?.category).toBe('ev, "bahçe"');
  });

  it('a header only', async () => {
    const { ledger } = await land('orders', `${HEADER}\n`);

    expect(ledger).toMatchObject({ accepted: 0, loaded: 0, quarantined: {}, unaccounted: 0 });
  });

  it('a field of 1 MB, and one with line breaks', async () => {
    const large = 'ğ'.repeat(512 * 1024);

    const { ledger, touchpoints } = await land(
      'orders',
      orders(order(1, `2024-03-08,C-1,10,${large}`), order(2, '2024-03-08,C-2,10,"on\r\ntwo lines"')),
    );

    expect(ledger).toMatchObject({ accepted: 2, loaded: 2, unaccounted: 0 });
    expect(touchpoints[0]?.category).toBe(large);
    expect(touchpoints[1]?.category).toBe('on\r\ntwo lines');
  });
});

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const cases: Readonly<Record<string, readonly [string, string | Buffer, RegExp, RegExp]>> = {
  'NDJSON for CSV': ['orders', `${message(1)}\n${message(2)}\n`, /JSON.*reads csv/, /source/],
  'Parquet for CSV': [
    'orders',
    Buffer.from('PAR1....PAR1'),
    /is a Parquet file, but its source reads csv/,
    /source that reads/,
  ],
  'a workbook': [
    'orders',
    Buffer.from('PK\u0003\u0004....'),
    /zip archive or an Excel workbook/,
    /save the sheet as CSV/,
  ],
  'a picture': ['orders', png, /NUL bytes/, /right file/],
  'a picture for NDJSON': ['segment', png, /NUL bytes/, /right file/],
  'a missing column': [
    'orders',
    'order_id,orderd_at\nA-1,2024-03-08\n',
    /ordered_at \(the file has orderd_at\) is missing for source orders/,
    /Rename the columns/,
  ],
  'another delimiter': [
    'orders',
    orders(order(1)).replaceAll(',', ';'),
    /order_id.* is missing for source orders/,
    /delimiter/,
  ],
  'latin-1': [
    'orders',
    Buffer.from(orders(order(1, '2024-03-08,C-1,10,Tişört çanta')), 'latin1'),
    /is not UTF-8 \(near byte \d+\)/,
    /encoding: latin-1/,
  ],
  'half a character at the end': [
    'orders',
    Buffer.concat([Buffer.from(orders(order(1))), Buffer.from([0xc3])]),
    /is not UTF-8/,
    /Save it as UTF-8/,
  ],
  'UTF-16': ['orders', Buffer.from(`\ufeff${orders(order(1))}`, 'utf16le'), /is UTF-16/, /Save it as UTF-8/],
  'UTF-16 without its mark': ['orders', Buffer.from(orders(order(1)), 'utf16le'), /NUL bytes/, /right file/],
  'a truncated gz': [
    'orders',
    gzipSync(orders(order(1), order(2))).subarray(0, -12),
    /cannot be read to its end/,
    /cut off or damaged/,
  ],
  'a damaged gz': [
    'orders',
    gzipSync(orders(order(1))).fill(7, 12, 20),
    /cannot be read to its end/,
    /cut off or damaged/,
  ],
  'an empty file': ['orders', '', /is empty/, /header/],
  'an empty file in gz': ['orders', gzipSync(''), /order_id/, /header/],
  'a quote that is never closed': [
    'orders',
    orders(order(1), order(2, '2024-03-08,C-2,10,"Kitap'), order(3)),
    /line 3 opens a quote that is never closed/,
    /Mend the quote/,
  ],
};

describe('a file that is not what its source says is refused with advice, and nothing of it is landed', () => {
  it.each(Object.keys(cases))('%s', async (name) => {
    const [source, content, text, hint] = cases[name] ?? ['', '', /^$/, /^$/];

    const refused = await refuse(source, content);

    expect(refused.message).toMatch(text);
    expect(refused.message).toContain('input.csv');
    expect(refused.hint).toMatch(hint);
    expect(refused.left).toEqual([]);
  });

  it('a directory, and a path that is not there', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'exports.csv'));

      const directory = await refusePath(folder, 'orders', join(folder, 'exports.csv'));
      const missing = await refusePath(folder, 'orders', join(folder, 'nowhere.csv'));

      expect(directory.message).toBe('exports.csv: is a directory, not a file');
      expect(directory.hint).toContain('folder/*.csv');
      expect(missing.message).toMatch(/^nowhere.csv: cannot be read \(ENOENT/);
      expect([...directory.left, ...missing.left]).toEqual([]);
    }));

  it('never repeats a row as if it were a header: it may be personal', async () => {
    const { message: text } = await refuse(
      'orders',
      'A-1,2024-03-08,ayse@ornek.example,0532 000 00 01,Ayşe\n',
    );

    expect(text).toMatch(/the first line does not look like a header$/);
  });

  it('CSV for a Parquet source, and a damaged Parquet file', () =>
    withFolder(async (folder) => {
      const yaml = `source: shop\nversion: 1\ndescription: d\nformat: parquet\nlawful_basis: contract\ncolumns: { id: {} }\nyields: [touchpoints]\n`;
      const files = { 'shop.yml': yaml, 'shop.sql': 'select ingest_id from source_rows' };
      await writeFile(join(folder, 'a.csv'), orders(order(1)));
      await writeFile(join(folder, 'b.parquet'), 'PAR1 nothing more PAR1');

      const csv = await refusePath(folder, 'shop', join(folder, 'a.csv'), files);
      const damaged = await refusePath(folder, 'shop', join(folder, 'b.parquet'), files);

      expect(csv.message).toBe('a.csv: is no Parquet file, but its source reads parquet');
      expect(damaged.message).toMatch(/^b.parquet: is no readable Parquet file/);
      expect([...csv.left, ...damaged.left]).toEqual([]);
    }));
});
