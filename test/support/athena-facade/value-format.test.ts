import { describe, expect, it } from 'vitest';
import { columnInfo } from './column-info.ts';
import type { TrinoTypeSignature } from './trino-client.ts';
import { csvLine, formatValue } from './value-format.ts';

function simple(rawType: string): TrinoTypeSignature {
  return { rawType, arguments: [] };
}

const pair: TrinoTypeSignature = {
  rawType: 'row',
  arguments: [
    { kind: 'NAMED_TYPE', value: { fieldName: { name: 'a' }, typeSignature: simple('integer') } },
    { kind: 'NAMED_TYPE', value: { fieldName: { name: 'b' }, typeSignature: simple('varchar') } },
  ],
};

function arrayOf(value: TrinoTypeSignature): TrinoTypeSignature {
  return { rawType: 'array', arguments: [{ kind: 'TYPE', value }] };
}

describe('values as Athena writes them', () => {
  it('names the fields of a row, which the JSON of Trino does not', () => {
    expect(formatValue([1, 'x'], pair)).toBe('{a=1, b=x}');
  });

  it('writes arrays, and rows and nulls in them', () => {
    expect(formatValue(['p', 'q'], arrayOf(simple('varchar')))).toBe('[p, q]');
    expect(formatValue([[1, null], null], arrayOf(pair))).toBe('[{a=1, b=null}, null]');
  });

  it('writes maps', () => {
    const map = {
      rawType: 'map',
      arguments: [
        { kind: 'TYPE', value: simple('varchar') },
        { kind: 'TYPE', value: pair },
      ],
    } as const;
    expect(formatValue({ k: [1, 'x'] }, map)).toBe('{k={a=1, b=x}}');
  });

  it('writes bytes in hexadecimal', () => {
    expect(formatValue(Buffer.from('ab').toString('base64'), simple('varbinary'))).toBe('61 62');
  });

  it('keeps null apart from text', () => {
    expect(formatValue(null, simple('varchar'))).toBeNull();
    expect(formatValue('', simple('varchar'))).toBe('');
    expect(csvLine([null, '', 'say "x"', '1'])).toBe(',"","say ""x""","1"\n');
  });
});

describe('columns as Athena describes them', () => {
  it('gives a decimal its precision and scale', () => {
    const typeSignature: TrinoTypeSignature = {
      rawType: 'decimal',
      arguments: [
        { kind: 'LONG', value: 18 },
        { kind: 'LONG', value: 2 },
      ],
    };
    expect(columnInfo({ name: 'd', type: 'decimal(18,2)', typeSignature })).toMatchObject({
      Name: 'd',
      Type: 'decimal',
      Precision: 18,
      Scale: 2,
    });
  });

  it('strips the length of a text and the precision of a time from the name', () => {
    const text = { rawType: 'varchar', arguments: [{ kind: 'LONG', value: 1 }] } as const;
    expect(columnInfo({ name: 't', type: 'varchar(1)', typeSignature: text })).toMatchObject({
      Type: 'varchar',
      Precision: 1,
      CaseSensitive: true,
    });
    const time = { rawType: 'timestamp', arguments: [{ kind: 'LONG', value: 6 }] } as const;
    expect(columnInfo({ name: 't', type: 'timestamp(6)', typeSignature: time }).Type).toBe('timestamp');
  });

  it('calls a real a float', () => {
    expect(columnInfo({ name: 'r', type: 'real', typeSignature: simple('real') }).Type).toBe('float');
  });
});
