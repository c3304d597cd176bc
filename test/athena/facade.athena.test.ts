import {
  BatchGetQueryExecutionCommand,
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListQueryExecutionsCommand,
  ListWorkGroupsCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AthenaCaller } from '../support/athena-caller.ts';
import { trinoRows } from '../support/athena-facade/trino-client.ts';
import { FacadeFixture } from '../support/facade-fixture.ts';

const { awsEndpoint, trinoUrl } = inject('bed');
const fixture = new FacadeFixture({ awsEndpoint, trinoUrl });
const trino = { url: trinoUrl, catalog: undefined, schema: undefined };
let athena: AthenaCaller;

beforeAll(async () => {
  await fixture.prepare();
  ({ athena } = await fixture.open());
});

afterAll(() => fixture.close());

const endless =
  'select count(*) from unnest(sequence(1, 10000)) as a (x), unnest(sequence(1, 10000)) as b (y), unnest(sequence(1, 10000)) as c (z)';

describe('results', () => {
  it('come with Athena’s names of types and forms of values', async () => {
    const id = (
      await athena.done(`
        select
            1 as whole,
            9007199254740993 as long,
            1e0 as one,
            1e10 as large,
            nan() as none,
            cast(1.5 as real) as short,
            decimal '1.20' as money,
            cast(row(1, 'x') as row(a integer, b varchar)) as pair,
            array['p', 'q'] as list,
            map(array['k'], array[1]) as map,
            cast(null as varchar) as missing,
            '' as empty,
            true as yes,
            date '2024-02-29' as day,
            timestamp '2024-02-29 12:00:00.123456' as moment,
            x'6162' as bytes`)
    ).QueryExecutionId;
    const { ResultSet } = await athena.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    const cells = (ResultSet?.Rows?.[1]?.Data ?? []).map(({ VarCharValue }) => VarCharValue ?? null);
    const columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    expect(columns.map(({ Name, Type }, index) => [Name, Type, cells[index]])).toEqual([
      ['whole', 'integer', '1'],
      ['long', 'bigint', '9007199254740993'],
      ['one', 'double', '1.0'],
      ['large', 'double', '1.0E10'],
      ['none', 'double', 'NaN'],
      ['short', 'float', '1.5'],
      ['money', 'decimal', '1.20'],
      ['pair', 'row', '{a=1, b=x}'],
      ['list', 'array', '[p, q]'],
      ['map', 'map', '{k=1}'],
      ['missing', 'varchar', null],
      ['empty', 'varchar', ''],
      ['yes', 'boolean', 'true'],
      ['day', 'date', '2024-02-29'],
      ['moment', 'timestamp', '2024-02-29 12:00:00.123456'],
      ['bytes', 'varbinary', '61 62'],
    ]);
    expect(columns[6]).toMatchObject({ Precision: 3, Scale: 2 });
  });

  it('come in pages of at most 1000, the header row among the first', async () => {
    const { QueryExecutionId } = await athena.done(
      'select x from unnest(sequence(1, 2500)) as t (x) order by x',
    );
    const values: string[] = [];
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await athena.client.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));
      const rows = page.ResultSet?.Rows ?? [];
      sizes.push(rows.length);
      values.push(...rows.map(({ Data }) => Data?.[0]?.VarCharValue ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([1000, 1000, 501]);
    expect(values).toEqual(['x', ...Array.from({ length: 2500 }, (_, index) => String(index + 1))]);
    const tooMany = athena.client.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 1001 }));
    await expect(tooMany).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  it('lie as CSV under the location that the work group enforces', async () => {
    const { ResultConfiguration, QueryExecutionId } = await athena.done(
      `select 'ş "x"' as a, cast(null as varchar) as b`,
      { ResultConfiguration: { OutputLocation: `s3://${fixture.bucket}/elsewhere/` } },
    );
    const address = `s3://${fixture.bucket}/results/${QueryExecutionId}.csv`;
    expect(ResultConfiguration?.OutputLocation).toBe(address);
    expect(await fixture.object(address)).toBe('"a","b"\n"ş ""x""",\n');
    expect(await fixture.keys('elsewhere/')).toEqual([]);
  });

  it('are refused before the statement has succeeded', async () => {
    const id = await athena.start(endless);
    const early = athena.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    await expect(early).rejects.toThrow(/has not yet finished. Current state: (QUEUED|RUNNING)/);
    await athena.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    await athena.ended(id);
    const late = athena.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    await expect(late).rejects.toThrow('Final query state: CANCELLED');
  });
});

describe('statements', () => {
  it('insert, count, are read, and seen through a view', async () => {
    await fixture.table('people', [
      { Name: 'id', Type: 'bigint' },
      { Name: 'name', Type: 'string' },
    ]);
    const insert = await athena.done(
      `insert into "people" select * from (values (bigint '1', 'İpek'), (2, null)) as t (id, name)`,
    );
    expect(insert).toMatchObject({ StatementType: 'DML', SubstatementType: 'INSERT' });
    const { UpdateCount, ResultSet } = await athena.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: insert.QueryExecutionId }),
    );
    expect([UpdateCount, ResultSet?.Rows]).toEqual([2, []]);
    await athena.done(
      `create or replace view "${fixture.database}"."seen" as select id, name from "${fixture.database}"."people"`,
    );
    const read = await athena.done('select * from seen order by id;');
    expect(read.Statistics?.DataScannedInBytes).toBeGreaterThan(0);
    expect(await athena.rows('select * from seen order by id')).toEqual([
      ['id', 'name'],
      ['1', 'İpek'],
      ['2', null],
    ]);
    await athena.done('drop view seen');
    expect((await athena.run('select * from seen')).Status?.StateChangeReason).toMatch(/^TABLE_NOT_FOUND: /);
  });

  it('that cannot be parsed are refused at once, with their place', async () => {
    await expect(athena.start('selec 1')).rejects.toThrow(/^line 1:1: mismatched input 'selec'/);
    const second = athena.start('select 1\nfrom where');
    await expect(second).rejects.toMatchObject({
      name: 'InvalidRequestException',
      AthenaErrorCode: 'MALFORMED_QUERY',
      message: expect.stringMatching(/^line 2:6: mismatched input 'where'/),
    });
  });

  it('that mean nothing fail later, as the user’s fault', async () => {
    const { Status } = await athena.run('select\n    nope\nfrom (select 1 as a) as t');
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason:
        "COLUMN_NOT_FOUND: line 2:5: Column 'nope' cannot be resolved or requester is not authorized to access requested resources",
      AthenaError: { ErrorCategory: 2, ErrorType: 1006, Retryable: false },
    });
    const division = await athena.run('select 1 / x from (values 0) as t (x)');
    expect(division.Status?.StateChangeReason).toMatch(/^DIVISION_BY_ZERO/);
  });

  it('are validated without being run', async () => {
    const { SubstatementType } = await athena.done('explain (type validate) select 1');
    expect(SubstatementType).toBe('EXPLAIN');
    expect((await athena.run('explain (type validate) select nope')).Status?.State).toBe('FAILED');
  });
});

describe('started statements', () => {
  it('take parameters', async () => {
    const { QueryExecutionId } = await athena.done("select '?' as mark, ? as a, ? + 1 as b", {
      ExecutionParameters: ["'x?'", '41'],
    });
    const { ResultSet } = await athena.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(ResultSet?.Rows?.[1]?.Data?.map(({ VarCharValue }) => VarCharValue)).toEqual(['?', 'x?', '42']);
    await expect(athena.start('select ?')).rejects.toThrow('expected 1 but found 0');
  });

  it('started twice by one token are one', async () => {
    const ClientRequestToken = 'f'.repeat(40);
    const start = (): Promise<string> => athena.start('select 1', { ClientRequestToken });
    const [first, atOnce] = await Promise.all([start(), start()]);
    expect([atOnce, await start()]).toEqual([first, first]);
    await expect(athena.start('select 2', { ClientRequestToken })).rejects.toThrow('Idempotent parameters');
  });

  it('that are stopped end in Trino too', async () => {
    const mark = `stopped ${fixture.database}`;
    const id = await athena.start(`${endless} -- ${mark}`);
    const states = (): Promise<readonly (readonly unknown[])[]> =>
      trinoRows(trino, `select state from system.runtime.queries where query like 'select count%${mark}'`);
    await expect.poll(states, { timeout: 30_000 }).toEqual([['RUNNING']]);
    await athena.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect((await athena.ended(id)).Status?.State).toBe('CANCELLED');
    await expect.poll(states, { timeout: 30_000 }).toEqual([['FAILED']]);
  });

  it('are found again, one by one and in a list', async () => {
    const ids = [await athena.start('select 1'), await athena.start('select 2')];
    const batch = await athena.client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [...ids, 'nobody'] }),
    );
    expect(batch.QueryExecutions?.map(({ Query }) => Query)).toEqual(['select 1', 'select 2']);
    expect(batch.UnprocessedQueryExecutionIds?.map(({ QueryExecutionId }) => QueryExecutionId)).toEqual([
      'nobody',
    ]);
    const list = await athena.client.send(
      new ListQueryExecutionsCommand({ WorkGroup: 'dongu', MaxResults: 2 }),
    );
    expect(list.QueryExecutionIds).toEqual(ids.toReversed());
    expect(list.NextToken).toBeDefined();
  });
});

describe('work groups', () => {
  it('are made, described, listed and deleted', async () => {
    const { client } = athena;
    const OutputLocation = `s3://${fixture.bucket}/free/`;
    await client.send(
      new CreateWorkGroupCommand({
        Name: 'free',
        Configuration: {
          EnforceWorkGroupConfiguration: false,
          ResultConfiguration: { OutputLocation },
          BytesScannedCutoffPerQuery: 10_000_000,
        },
      }),
    );
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: 'free' }));
    expect(WorkGroup?.Configuration).toMatchObject({
      EnforceWorkGroupConfiguration: false,
      BytesScannedCutoffPerQuery: 10_000_000,
    });
    const own = await athena.done('select 1', {
      WorkGroup: 'free',
      ResultConfiguration: { OutputLocation: `s3://${fixture.bucket}/own` },
    });
    expect(own.ResultConfiguration?.OutputLocation).toMatch(`s3://${fixture.bucket}/own/`);
    const { WorkGroups } = await client.send(new ListWorkGroupsCommand({}));
    expect(WorkGroups?.map(({ Name }) => Name)).toEqual(['dongu', 'free', 'primary']);
    await client.send(new DeleteWorkGroupCommand({ WorkGroup: 'free' }));
    await expect(athena.start('select 1', { WorkGroup: 'free' })).rejects.toThrow(
      'WorkGroup free is not found',
    );
  });

  it('without a location of results want one from the caller', async () => {
    await expect(athena.start('select 1', { WorkGroup: 'primary' })).rejects.toThrow(
      'No output location provided',
    );
  });
});
