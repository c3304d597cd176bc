import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeMachineCsv, writeTurkishCsv } from '../../../../functions/core/format/csv.ts';
import type { Cell } from '../../../../functions/core/snapshot.ts';
import { kpiView } from '../../../support/kpi-fixture.ts';
import { column } from '../../../support/view-builder.ts';

/** Reads RFC 4180 text, so that the tests judge the file as a reader would. */
function readCsv(text: string, separator: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let field = '';
  let isQuoted = false;
  const endField = (): void => {
    rows.at(-1)?.push(field);
    field = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (isQuoted && character === '"' && text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) field += character;
    else if (character === separator) endField();
    else if (character === '\n') {
      endField();
      rows.push([]);
    } else if (character !== '\r') field += character;
  }
  return rows.slice(0, -1);
}

const columns = [
  column('day', 'date', '', 'Gün'),
  column('name', 'text', '', 'Ad; soyad'),
  column('amount', 'money', 'currency', 'Tutar'),
  column('rate', 'ratio', '0.0%', 'Oran'),
  column('score', 'number', '0.0', 'Puan'),
  column('is_complete', 'boolean', '', 'Tamam'),
];

function table(...rows: readonly (readonly Cell[])[]) {
  return { kind: 'rfm' as const, columns, rows };
}

describe('writeMachineCsv', () => {
  it('is locale-free: keys, commas, dots, ISO dates, money in major units', () => {
    const text = writeMachineCsv(
      table(['2026-10-01', 'İğdır Şükrü', 124_990, 0.78412345, 5.702702702702703, true]),
      'TRY',
    );

    expect(text).toBe(
      'day,name,amount,rate,score,is_complete\n2026-10-01,İğdır Şükrü,1249.90,0.78412345,5.702702703,true\n',
    );
  });

  it('leaves null empty and writes small and negative amounts exactly', () => {
    const text = writeMachineCsv(
      table([null, null, -5, null, 1e-7, null], [null, 'a', 0, 0, -0, false]),
      'TRY',
    );

    expect(text.split('\n').slice(1, 3)).toEqual([',,-0.05,,0.0000001,', ',a,0.00,0,0,false']);
  });

  it('gives every text back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const text = writeMachineCsv(table([null, name, null, null, null, null]), 'TRY');
        expect(readCsv(text, ',')[1]?.[1]).toBe(name);
      }),
    );
  });
});

describe('writeTurkishCsv', () => {
  it('opens in a Turkish Excel: BOM, semicolons, decimal commas, CRLF, no sep= line', () => {
    const text = writeTurkishCsv(
      table(['2026-10-31', 'İğdır Şükrü', 124_990, 0.78412345, 5.702702702702703, false]),
      'TRY',
    );

    expect(text).toBe(
      '\ufeffGün;"Ad; soyad";Tutar;Oran;Puan;Tamam\r\n31.10.2026;İğdır Şükrü;1249,90;0,784;5,7;hayır\r\n',
    );
  });

  it.each(['=1+1', '+90 532', '-5', '@SUM(A1)', '\tx', '\rx', '  =cmd', '＝1', '=HYPERLINK("http://x";"y")'])(
    'disarms %j with an apostrophe',
    (name) => {
      const field = readCsv(writeTurkishCsv(table([null, name, null, null, null, null]), 'TRY'), ';')[1]?.[1];

      expect(field?.startsWith("'")).toBe(true);
    },
  );

  it('leaves a negative number alone', () => {
    const text = writeTurkishCsv(table([null, 'a', -124_990, -0.1, -2.25, null]), 'TRY');

    expect(text.split('\r\n')[1]).toBe(';a;-1249,90;-0,1;-2,3;');
  });

  it('writes a KPI of money in lira and the others as they are', () => {
    const rows = readCsv(writeTurkishCsv(kpiView(), 'TRY').slice(1), ';');

    const revenue = rows.find((row) => row[0] === 'net_revenue');
    const retention = rows.find((row) => row[0] === 'customer_retention_rate');
    expect(revenue?.[9]).toBe('12000000,00');
    expect(retention?.[9]).toBe('0,34');
  });

  it('gives every text back as it was, but for the apostrophe', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('ğ', 'Ş', 'İ', 'ı', ';', '"', '\n', 'a', '=', ',', ' ') }),
        (name) => {
          const text = writeTurkishCsv(table([null, name, null, null, null, null]), 'TRY').slice(1);
          const field = readCsv(text, ';')[1]?.[1] ?? '';
          expect([name, `'${name}`]).toContain(field);
        },
      ),
    );
  });
});
