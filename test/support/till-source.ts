import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolder } from './engine.ts';
import { TestLake } from './test-lake.ts';

// A source of a project's own, with mappings that read more or less of the same file.

export const DATA = [
  'number,day,person,mail,total',
  '1,2024-03-08,C-1,ayse@ornek.example,10.00',
  '2,09.03.2024,C-2,,20.00',
  '3,10.03.2024,C-3,MEHMET@ornek.example,30.00',
  '4,2024-02-30,C-4,,40.00',
  '5,2024-03-12,,,50.00',
  '6,2024-03-13,C-6',
  '',
].join('\n');

export interface Mapping {
  readonly version: number;
  readonly day: string;
  readonly reject?: string;
  readonly event?: string;
}

/** Only ISO days; days as Turks write them too; and one that no longer takes small orders. */
export const first: Mapping = { version: 1, day: 'day' };
export const fixed: Mapping = {
  version: 2,
  day: "coalesce(strftime(try_strptime(day, '%d.%m.%Y'), '%Y-%m-%d'), day)",
};
export const stricter: Mapping = {
  version: 3,
  day: 'day',
  reject: "case when try_cast(total as decimal(18, 2)) < 15 then 'too_small' end",
};

export async function writeSource(folder: string, mapping: Mapping): Promise<void> {
  await mkdir(join(folder, 'sources'), { recursive: true });
  const yaml = `source: till
version: ${mapping.version}
description: A source of the project's own.
format: csv
lawful_basis: contract
columns:
  number: { required: true }
  day: { required: true }
  person: {}
  mail: {}
  total: {}
personal: { mail: email }
yields: [touchpoints]
`;
  const sql = `select ingest_id, '${mapping.event ?? 'order_completed'}' as event, ${mapping.day} as occurred_at,
    person as user_id, mail as email, number as order_id, total as amount${mapping.reject ? `, ${mapping.reject} as reject_reason` : ''}
  from source_rows`;
  await writeFile(join(folder, 'sources', 'till.yml'), yaml);
  await writeFile(join(folder, 'sources', 'till.sql'), sql);
}

/** What the lake holds of the source, without what only says when or by which version. */
export async function stateOf(lake: TestLake) {
  const [ledger] = await lake.ledger();
  const raw = await lake.rowsOf(
    'raw/touchpoints',
    "select line_number, order_id, mapping_version, strftime(occurred_at, '%Y-%m-%d') as day from zone order by 1",
  );
  const items = await lake.rowsOf('raw/items', 'select line_number from zone order by 1');
  const quarantine = await lake.rowsOf('quarantine', 'select line_number, reason from zone order by 1');
  return {
    ledger: { ...ledger, source: undefined },
    raw: raw.map((row) => `${row.line_number} ${row.day} v${row.mapping_version}`),
    items: items.map((row) => Number(row.line_number)),
    quarantine: quarantine.map((row) => `${row.line_number} ${row.reason}`),
  };
}

export async function importedWith<T>(
  mapping: Mapping,
  work: (lake: TestLake, folder: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    await writeSource(folder, mapping);
    await writeFile(join(folder, 'till.csv'), DATA);
    const lake = await TestLake.open(folder);
    await lake.import('till', join(folder, 'till.csv'));
    return work(lake, folder);
  });
}
