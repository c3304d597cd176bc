import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Column, CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { DuckdbConnection, literal } from '../../functions/adapters/duckdb-connection.ts';
import { credentials, region } from '../support/bed/ministack.ts';
import { trinoRows } from '../support/bed/trino-client.ts';
import { withFolder } from '../support/engine.ts';

const { awsEndpoint, trinoUrl } = inject('bed');
const s3 = new S3Client({ endpoint: awsEndpoint, region, credentials, forcePathStyle: true });
const glue = new GlueClient({ endpoint: awsEndpoint, region, credentials });

// of its own each time: the bed may be one that is kept running
const id = randomUUID().slice(0, 8);
const bucket = `bed-test-${id}`;
const database = `bed_test_${id}`;

const put = (Key: string, Body: string | Uint8Array): Promise<unknown> =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

const rows = (sql: string): Promise<readonly (readonly unknown[])[]> =>
  trinoRows({ url: trinoUrl, schema: database }, sql);

interface TableText {
  readonly columns: readonly Column[];
  readonly format: { readonly input: string; readonly output: string; readonly serde: string };
  readonly partitionKeys?: readonly Column[];
  readonly parameters?: Readonly<Record<string, string>>;
}

const parquet = {
  input: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  output: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
};

const json = {
  input: 'org.apache.hadoop.mapred.TextInputFormat',
  output: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: 'org.openx.data.jsonserde.JsonSerDe',
};

async function createTable(name: string, table: TableText): Promise<void> {
  const { columns, format, partitionKeys = [], parameters = {} } = table;
  await glue.send(
    new CreateTableCommand({
      DatabaseName: database,
      TableInput: {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: { EXTERNAL: 'TRUE', ...parameters },
        PartitionKeys: [...partitionKeys],
        StorageDescriptor: {
          Columns: [...columns],
          Location: `s3://${bucket}/${name}/`,
          InputFormat: format.input,
          OutputFormat: format.output,
          SerdeInfo: { SerializationLibrary: format.serde },
        },
      },
    }),
  );
}

beforeAll(async () => {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
});

afterAll(() => {
  s3.destroy();
  glue.destroy();
});

it('keeps an object of S3 byte for byte', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256);
  await put('a folder/bayt ğ.bin', bytes);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'a folder/bayt ğ.bin' }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
});

it('finds the partitions of a projected table, registered nowhere, and reads a missing day as empty', async () => {
  await createTable('visits', {
    columns: [{ Name: 'visitor', Type: 'string' }],
    format: json,
    partitionKeys: [{ Name: 'dt', Type: 'string' }],
    parameters: {
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2024-01-01,2024-01-04',
    },
  });
  await put('visits/dt=2024-01-01/a.json', '{"visitor": "Ayşe"}\n{"visitor": "Bora"}\n');
  await put('visits/dt=2024-01-03/a.json', '{"visitor": "Ceren"}\n');
  // outside the range, so no part of the table
  await put('visits/dt=2024-01-09/a.json', '{"visitor": "Deniz"}\n');
  expect(await rows('select dt, visitor from visits order by dt, visitor')).toEqual([
    ['2024-01-01', 'Ayşe'],
    ['2024-01-01', 'Bora'],
    ['2024-01-03', 'Ceren'],
  ]);
  expect(await rows("select count(*) from visits where dt = '2024-01-02'")).toEqual([[0]]);
});

/** Type for DuckDB, for Glue, how Trino is asked for it, and its values as both are to show them. */
const cells: Readonly<Record<string, readonly [string, string, string, readonly (string | null)[]]>> = {
  flag: ['boolean', 'boolean', 'cast(flag as varchar)', ['true', 'false', null]],
  whole: ['bigint', 'bigint', 'cast(whole as varchar)', ['9223372036854775807', '-1', null]],
  amount: [
    'decimal(18, 2)',
    'decimal(18,2)',
    'cast(amount as varchar)',
    ['1234567890123456.78', '-0.10', null],
  ],
  long_amount: [
    'decimal(38, 6)',
    'decimal(38,6)',
    'cast(long_amount as varchar)',
    ['12345678901234567890123456789012.345678', '0.000001', null],
  ],
  rate: ['double', 'double', 'json_format(cast(rate as json))', ['0.1', '-2.5', null]],
  name: ['varchar', 'string', 'name', ['Çağrı 🎈 "x"\n', '', null]],
  day: ['date', 'date', 'cast(day as varchar)', ['2024-02-29', '1969-12-31', null]],
  at: [
    'timestamp',
    'timestamp',
    'cast(at as varchar)',
    ['2024-02-29 23:59:59.999', '1969-12-31 00:00:00.001', null],
  ],
};

async function writeByDuckdb(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'cells.parquet');
  const connection = await DuckdbConnection.open(':memory:', {
    memoryLimit: '256MB',
    temporaryDirectory: folder,
  });
  try {
    const selects = [0, 1, 2].map((row) => {
      const columns = Object.entries(cells).map(([name, [type, , , values]]) => {
        const value = values[row] ?? null;
        return `cast(${value === null ? 'null' : literal(value)} as ${type}) as ${name}`;
      });
      return `select ${row} as row_number, ${columns.join(', ')}`;
    });
    await connection.run(`copy (${selects.join(' union all ')}) to ${literal(path)} (format parquet)`);
    return await readFile(path);
  } finally {
    connection.close();
  }
}

it('reads by Trino, cell for cell, the Parquet that DuckDB wrote', async () => {
  const columns = Object.entries(cells).map(([Name, [, Type]]) => ({ Name, Type }));
  await createTable('cells', { columns: [{ Name: 'row_number', Type: 'int' }, ...columns], format: parquet });
  await put('cells/cells.parquet', await withFolder(writeByDuckdb));
  const asked = Object.values(cells).map(([, , read]) => read);
  const expected = [0, 1, 2].map((row) => Object.values(cells).map(([, , , values]) => values[row]));
  expect(await rows(`select ${asked.join(', ')} from cells order by row_number`)).toEqual(expected);
});

it('reads a view that Trino keeps in Glue', async () => {
  await rows("create or replace view seen as select 'Ayşe' as name, date '2024-01-01' as day");
  await rows("create or replace view seen as select 'Bora' as name, date '2024-01-02' as day");
  expect(await rows('select name, cast(day as varchar) from seen')).toEqual([['Bora', '2024-01-02']]);
});

it('divides, adds and refuses as Trino does, not as DuckDB', async () => {
  expect(await rows('select 1 / 2')).toEqual([[0]]);
  await expect(rows('select 1 / 0')).rejects.toThrow('DIVISION_BY_ZERO');
  await expect(rows('select 1::double')).rejects.toThrow('SYNTAX_ERROR');
});
