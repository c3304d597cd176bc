import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AthenaCaller } from '../support/athena-caller.ts';
import { FacadeFixture } from '../support/facade-fixture.ts';

const { awsEndpoint, trinoUrl } = inject('bed');
const fixture = new FacadeFixture({ awsEndpoint, trinoUrl });
let athena: AthenaCaller;

beforeAll(async () => {
  await fixture.prepare();
  ({ athena } = await fixture.open());
});

afterAll(() => fixture.close());

describe('statements of Hive', () => {
  it('make an external table in Glue, with its partitions', async () => {
    await fixture.put('events/dt=2024-01-01/a.json', '{"Id": 1, "who": {"name": "Ay\\u015fe"}}\n');
    await fixture.put('late/b.json', '{"id": 2}\n');
    await athena.done(`
      CREATE EXTERNAL TABLE IF NOT EXISTS \`events\` (
        id int COMMENT 'number',
        who struct<name: string>
      )
      PARTITIONED BY (dt string)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
      WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true')
      LOCATION 's3://${fixture.bucket}/events/'
      TBLPROPERTIES ('projection.enabled' = 'false')`);
    expect(await fixture.glueTable('events')).toMatchObject({
      TableType: 'EXTERNAL_TABLE',
      Parameters: { 'projection.enabled': 'false' },
      PartitionKeys: [{ Name: 'dt', Type: 'string' }],
      StorageDescriptor: { SerdeInfo: { Parameters: { 'ignore.malformed.json': 'true' } } },
    });
    expect(await athena.value('select count(*) from events')).toBe('0');
    await athena.done('msck repair table events');
    expect(await athena.value('select who.name from events')).toBe('Ayşe');
    await athena.done(
      `alter table events add if not exists partition (dt = '2024-01-02') location 's3://${fixture.bucket}/late/'`,
    );
    expect(await athena.rows('show partitions events')).toEqual([['dt=2024-01-01'], ['dt=2024-01-02']]);
    expect(await athena.value('select sum(id) from events')).toBe('3');
    await athena.done("alter table events drop partition (dt = '2024-01-01')");
    expect(await athena.value('select sum(id) from events')).toBe('2');
    const described = await athena.rows('describe events');
    expect(described[0]?.[0]).toMatch(/^id\s+\tint\s+\tnumber/);
  });

  it('show tables, and drop one without its files', async () => {
    await fixture.put('plain/a.txt', '1\tx\n');
    await athena.done(
      `create external table plain (a int, b string) row format delimited fields terminated by '\\t' location 's3://${fixture.bucket}/plain/'`,
    );
    expect(await athena.rows('select * from plain')).toEqual([
      ['a', 'b'],
      ['1', 'x'],
    ]);
    expect(await athena.rows("show tables 'pl*n'")).toEqual([['plain']]);
    await athena.done('drop table plain');
    expect(await athena.rows("show tables 'pl*n'")).toEqual([]);
    expect(await fixture.keys('plain/')).toEqual(['plain/a.txt']);
    expect((await athena.run('drop table plain')).Status?.StateChangeReason).toMatch('Table not found plain');
    await athena.done('drop table if exists plain');
  });
});

describe('other statements of Hive', () => {
  it('change what Glue knows of a table', async () => {
    await athena.done(
      `create external table changed (a int) stored as parquet location '${fixture.location('changed')}'`,
    );
    await athena.done("alter table changed set tblproperties ('owner' = 'facade')");
    await athena.done('alter table changed add columns (b string)');
    expect(await athena.rows('show columns in changed')).toEqual([['a'.padEnd(20)], ['b'.padEnd(20)]]);
    expect(await athena.rows('show tblproperties changed')).toContainEqual(['owner\tfacade']);
    await athena.done("insert into changed values (1, 'x')");
    expect(await athena.rows('select * from changed')).toEqual([
      ['a', 'b'],
      ['1', 'x'],
    ]);
    await athena.done('create view over_changed as select b from changed');
    const [created] = await athena.rows('show create view over_changed');
    expect(created?.[0]).toMatch(/^CREATE VIEW/);
    expect(await athena.rows('show views')).toContainEqual(['over_changed']);
  });

  it('make and drop a database', async () => {
    const name = `${fixture.database}_second`;
    await athena.done(`create database ${name}`);
    expect(await athena.rows(`show databases like '${name}'`)).toEqual([[name]]);
    expect((await athena.run(`create schema ${name}`)).Status?.StateChangeReason).toMatch('already exists');
    await athena.done(`create schema if not exists ${name}`);
    await athena.done(`drop database ${name}`);
    expect(await athena.rows(`show databases like '${name}'`)).toEqual([]);
  });

  it('write a table by a select, in Parquet under the results of the work group', async () => {
    const { QueryExecutionId, ResultConfiguration } = await athena.done(
      "create table made with (write_compression = 'ZSTD', partitioned_by = array['k']) as select 1 as a, 'x' as k",
    );
    const place = `s3://${fixture.bucket}/results/tables/${QueryExecutionId}`;
    expect(ResultConfiguration?.OutputLocation).toBe(place);
    const table = await fixture.glueTable('made');
    expect(table).toMatchObject({ TableType: 'EXTERNAL_TABLE' });
    expect(table?.StorageDescriptor?.Location).toMatch(place);
    expect(table?.StorageDescriptor?.InputFormat).toMatch('parquet');
    expect(await athena.rows('select * from made')).toEqual([
      ['a', 'k'],
      ['1', 'x'],
    ]);
  });

  it('unload a select as files, and leave no table', async () => {
    const before = await athena.rows('show tables');
    await athena.done(
      `unload (select 1 as a) to 's3://${fixture.bucket}/unloaded/' with (format = 'parquet', compression = 'snappy')`,
    );
    expect((await fixture.keys('unloaded/')).length).toBeGreaterThan(0);
    expect(await athena.rows('show tables')).toEqual(before);
  });
});
