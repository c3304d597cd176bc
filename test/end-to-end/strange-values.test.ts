import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { personalKey } from '../../functions/adapters/duckdb-landing.ts';
import { type LandedBadFile, land, refuse } from '../support/bad-file.ts';
import { withFolder } from '../support/engine.ts';
import { TestLake } from '../support/test-lake.ts';
import { first, importedWith, stateOf } from '../support/till-source.ts';

const orders = (...rows: readonly string[]) =>
  `order_id,ordered_at,customer_id,amount,quantity\n${rows.map((row, index) => `A-${index + 1},${row}`).join('\n')}\n`;
const message = (number: number, rest: string) =>
  `{"type":"track","messageId":"m${number}","event":"Product Viewed","userId":"C-${number}","timestamp":"2024-03-08T11:05:00Z",${rest}}`;
const order = (number: number, rest: string) =>
  message(number, `"properties":{"order_id":"A-${number}",${rest}}`).replace(
    'Product Viewed',
    'Order Completed',
  );

describe('an amount or a quantity finer than it is kept', () => {
  it('waits in quarantine, because 1.234 may well be 1234 in Turkish notation', async () => {
    const amounts = [
      '1.234',
      '5.005',
      '-0.001',
      '10.00001',
      '19.990000000000002',
      '1.230',
      '2e1',
      '10.0000001',
    ];

    const { quarantined, touchpoints } = await land(
      'orders',
      orders(...amounts.map((amount) => `2024-03-08,C-1,${amount},`)),
    );

    expect(quarantined).toEqual([2, 3, 4, 5].map((line) => `${line} invalid_amount`));
    expect(touchpoints.map((row) => row.amount)).toEqual(['19.99', '1.23', '20.00', '10.00']);
  });

  it('holds for quantities at four decimals', async () => {
    const quantities = ['1.2345', '1.23456', '0.30000000000000004', '0.00005'];

    const { quarantined, touchpoints } = await land(
      'orders',
      orders(...quantities.map((quantity) => `2024-03-08,C-1,10,${quantity}`)),
    );

    expect(quarantined).toEqual(['3 invalid_quantity', '5 invalid_quantity']);
    expect(touchpoints.map((row) => row.quantity)).toEqual(['1.2345', '0.3000']);
  });

  it('holds for the amounts of a message, which are shared among its products', async () => {
    const products = '"products":[{"product_id":"P-1","price":"1.2345","quantity":2}]';

    const { quarantined, touchpoints } = await land(
      'segment',
      [
        order(1, `"revenue":1.234,${products}`),
        order(2, `"total":10.005,"shipping":1,${products}`),
        order(3, `"total":10.00004,"tax":0,${products}`),
        order(4, '"revenue":5.005'),
        order(5, `"revenue":19.990000000000002,${products}`),
        order(6, products),
      ].join('\n'),
    );

    expect(quarantined).toEqual([1, 2, 3, 4].map((line) => `${line} invalid_amount`));
    expect(touchpoints.map((row) => row.amount)).toEqual(['19.99', '2.47']);
  });

  it('holds for the money of a fact', async () => {
    const { quarantined, ledger } = await land(
      'ad-spend',
      'day,marketing_channel,amount,currency_code,cost_type\n2024-03-08,email,1.234,TRY,media\n2024-03-09,email,12.34,TRY,media\n2024-03-10,email,0.30000000000000004,TRY,media\n',
    );

    expect(quarantined).toEqual(['2 invalid_amount']);
    expect(ledger).toMatchObject({ accepted: 3, loaded: 2, unaccounted: 0 });
  });
});

describe('times', () => {
  const refused = [
    '2024-03-08T10:00:00+99:00',
    '2024-03-08T10:00:00+99',
    '2024-03-08T10:00:00+14:01',
    '2024-03-08T10:00:00-12:30',
    '2024-03-08T10:00:00+03:60',
    '2024-03-08T10:00:00+03:00:30',
    '2024-03-08T10:00:00+99:00Z',
    '2024-03-08T10:00:00 UTC',
    '2024-03-08T24:00:00',
    '2024-03-08T24:00:00Z',
    '2024-03-08T23:59:60Z',
    '2024-03-08T23:60:00Z',
    '2024-02-30T10:00:00Z',
    '10000-01-01T00:00:00Z',
  ];

  it.each(refused)('%s is none', async (time) => {
    const { quarantined } = await land('orders', orders(`${time},C-1,10,1`));

    expect(quarantined).toEqual(['2 invalid_time']);
  });

  it('of the year 0 are out of range', async () => {
    expect((await land('orders', orders('0000-01-01T00:00:00Z,C-1,10,1'))).quarantined).toEqual([
      '2 time_out_of_range',
    ]);
  });

  it('are read with every offset that a place on earth has', async () => {
    const times = [
      'T10:00:00+14:00',
      'T10:00:00-12:00',
      'T10:00:00+0545',
      'T10:00:00.5-03',
      ' 10:00',
      'T10:00:00.1234Z',
    ];

    const { quarantined, touchpoints } = await land(
      'orders',
      orders(...times.map((time) => `2024-03-08${time},C-1,10,1`)),
    );

    expect(quarantined).toEqual([]);
    expect(touchpoints.map((row) => row.occurred_at)).toEqual([
      '2024-03-07 20:00:00',
      '2024-03-08 22:00:00',
      '2024-03-08 04:15:00',
      '2024-03-08 13:00:00.5',
      '2024-03-08 07:00:00',
      '2024-03-08 10:00:00.123',
    ]);
  });
});

describe('what cannot be taken apart', () => {
  const identityKey = Buffer.alloc(32, 7);
  const withheld = (text: string) =>
    `withheld: ${text.length} characters, ${personalKey(identityKey, 'line', text)}`;

  it('is withheld where the source has personal fields: a name may stand anywhere in it', async () => {
    const row = 'A-1,2024-03-08,Ayşe,Yılmaz,ayse@ornek.example,0532 000 00 01,much,too,many,columns';
    const csv = await land('orders', `order_id,ordered_at,customer_id\n${row}\n`);
    const lines = ['{"traits":{"name":"Ayşe Yılmaz"', '["Ayşe Yılmaz"]', 'withheld: Ayşe'];
    const ndjson = await land('segment', lines.join('\n'));

    expect(csv.quarantined).toEqual(['2 malformed_row']);
    expect(csv.payloads).toEqual([
      [
        withheld(row),
        ...[
          personalKey(identityKey, 'email', 'ayse@ornek.example'),
          personalKey(identityKey, 'phone', '+905320000001'),
        ].sort(),
      ].join(', '),
    ]);
    expect(ndjson.quarantined).toEqual(['1 invalid_json', '2 invalid_json', '3 invalid_json']);
    expect(ndjson.payloads).toEqual(lines.map(withheld));
  });

  it('is kept as it is where the source has none', async () => {
    const { payloads } = await land('products', 'product_id,name\nP-1,Kitap,much,too much\n');

    expect(payloads).toEqual(['P-1,Kitap,much,too much']);
  });

  it('stays as it is when quarantine is landed again', () =>
    importedWith(first, async (lake) => {
      const payloads = () =>
        lake.rowsOf('quarantine', 'select line_number, payload, reason from zone order by 1');
      const before = await payloads();

      await lake.landAgain('replay', 'till');
      await lake.landAgain('remap', 'till');

      expect(before.at(-1)).toMatchObject({ payload: withheld('6,2024-03-13,C-6'), reason: 'malformed_row' });
      expect(await payloads()).toEqual(before);
      expect(await stateOf(lake)).toMatchObject({ ledger: { accepted: 6, unaccounted: 0 } });
    }));
});

describe('an error of a select', () => {
  const failing = (select: string) =>
    refuse('shop', 'mail,total\nayse@ornek.example,Ayşe Yılmaz\n', {
      'shop.yml':
        'source: shop\nversion: 1\ndescription: d\nformat: csv\nlawful_basis: contract\ncolumns: { mail: {}, total: {} }\nyields: [touchpoints]\n',
      'shop.sql': `select\n    ingest_id, 'order_completed' as event,\n    ${select}\nfrom source_rows`,
    });

  it('never quotes a value', async () => {
    const cast = await failing('cast(total as integer) as amount');
    const parsed = await failing("strptime(mail, '%Y') as occurred_at");
    const own = await failing('case when error(mail) is null then 1 end as amount');

    for (const { message: text, left } of [cast, parsed, own]) {
      expect(text).toMatch(/^source shop \(touchpoints\): its select failed/);
      expect(text).not.toMatch(/ornek|Ayşe/);
      expect(left).toEqual([]);
    }
    expect(cast.message).toMatch(/Conversion Error, column total$/);
    expect(cast.hint).toMatch(/try_cast/);
  });

  it('names what the select itself has wrong', async () => {
    expect((await failing('totl as amount')).message).toMatch(/"totl"/);
  });
});

describe('JSON that a naïve reader changes', () => {
  const strange = [
    message(1, '"properties":{"big":9007199254740993,"bigger":123456789012345678901234567890,"small":1e-9}'),
    message(2, '"properties":{"__proto__":{"x":1},"constructor":2}'),
    message(3, '"properties":{"a":1,"a":2}'),
    message(4, `"properties":{"long":"${'ğ'.repeat(512 * 1024)}"}`),
    message(5, `"deep":${'['.repeat(200_000)}${']'.repeat(200_000)}`),
    message(6, '"properties":{"zero":"\\u0000","emoji":"\\ud83d\\ude00"}'),
    message(7, '"properties":{"big":9007199254740993},"traits":{"name":"Ayşe","name":"Fatma"},"x":1,"x":2'),
    message(8, '"traits":{"name":"Ayşe"},"traits":{"name":"Fatma","email":"fatma@ornek.example"}'),
  ];

  it('comes through as it is', async () => {
    const { touchpoints, quarantined } = await land('segment', strange.join('\n'));

    expect(quarantined).toEqual([]);
    expect(touchpoints).toHaveLength(8);
    expect(touchpoints[0]?.properties).toBe(
      '{"big":9007199254740993,"bigger":123456789012345678901234567890,"small":1e-9}',
    );
    expect(touchpoints[1]?.properties).toBe('{"__proto__":{"x":1},"constructor":2}');
    expect(touchpoints[2]?.properties).toBe('{"a":1,"a":2}');
    expect(JSON.parse(String(touchpoints[5]?.properties))).toEqual({ zero: '\0', emoji: '😀' });
  });

  it('is kept as it came, less what is personal', async () => {
    const items = await importedItems(strange);

    expect(items.slice(0, 6)).toEqual(strange.slice(0, 6));
    expect(items[6]).toContain('"big":9007199254740993');
    expect(items.slice(6).join()).not.toMatch(/Ayşe|Fatma|fatma/);
  });

  it('lands alike when one line makes the file be read as text, and when it is gzipped', async () => {
    const values = ({ touchpoints }: LandedBadFile) =>
      touchpoints.map(({ ingest_id: _, ...row }) => JSON.stringify(row));
    const plain = await land('segment', `${strange.join('\n')}\n`);

    const withBadLine = await land('segment', [...strange, 'no json'].join('\n'));
    const gzipped = await land('segment', gzipSync(strange.join('\n')));

    expect(values(withBadLine)).toEqual(values(plain));
    expect(values(gzipped)).toEqual(values(plain));
    expect(withBadLine.quarantined).toEqual(['9 invalid_json']);
  });

  it('or waits in quarantine at its line, while its neighbours load', async () => {
    const { quarantined, ledger } = await land(
      'segment',
      [
        message(1, '"a":1'),
        message(2, '"properties":{"half":"\\ud800"}'),
        '['.repeat(400_000),
        message(4, '"a":1'),
        `  ${message(5, '"a":1')}\t`,
      ].join('\n'),
    );

    expect(quarantined).toEqual(['2 invalid_json', '3 invalid_json']);
    expect(ledger).toMatchObject({ accepted: 5, loaded: 3, unaccounted: 0 });
  });
});

async function importedItems(lines: readonly string[]): Promise<readonly string[]> {
  return withFolder(async (folder) => {
    const lake = await TestLake.open(folder);
    await writeFile(join(folder, 'input'), lines.join('\n'));
    await lake.import('segment', join(folder, 'input'));
    return (await lake.rowsOf('raw/items', 'select payload from zone order by line_number')).map((row) =>
      String(row.payload),
    );
  });
}
