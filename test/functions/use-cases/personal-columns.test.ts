import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';

const yaml = `source: desk
version: 1
description: A source whose select passes personal columns on.
format: csv
lawful_basis: contract
columns: { who: { required: true }, at: { required: true }, note: {}, full_name: {}, secret: {} }
personal: { note: text, full_name: name, secret: removed }
yields: [touchpoints]
`;

const sql = `select ingest_id, 'ticket_created' as event, "at" as occurred_at, who as user_id, full_name as city,
  json_object('note', note, 'secret', secret) as properties from source_rows`;

it('a personal column is a key wherever a careless select puts it, and the same when landed again', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'sources'));
    await writeFile(join(folder, 'sources', 'desk.yml'), yaml);
    await writeFile(join(folder, 'sources', 'desk.sql'), sql);
    const csv = 'who,at,note,full_name,secret\nC-1,2024-03-08,Kartını kaybetti,Ayşe Yılmaz,1234\n';
    await writeFile(join(folder, 'desk.csv'), csv);
    const lake = await TestLake.open(folder);

    await lake.import('desk', join(folder, 'desk.csv'));
    const [landed] = await lake.rowsOf('raw/touchpoints');
    await lake.landAgain('remap', 'desk');
    const [again] = await lake.rowsOf('raw/touchpoints');

    expect(landed?.city).toMatch(/^pk_[0-9a-f]{32}$/);
    expect(String(landed?.properties)).toMatch(/^\{"note":"pk_[0-9a-f]{32}"(,"secret":null)?\}$/);
    expect([again?.city, again?.properties, again?.touchpoint_id]).toEqual([
      landed?.city,
      landed?.properties,
      landed?.touchpoint_id,
    ]);
  }));
