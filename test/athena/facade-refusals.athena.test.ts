import { StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { AthenaCaller } from '../support/athena-caller.ts';
import { absentFunctions } from '../support/athena-facade/absent-functions.ts';
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

describe('what Athena refuses', () => {
  it('fails functions that it is not known to have, all of which the bed’s Trino has', async () => {
    const known = new Set((await trinoRows(trino, 'show functions')).map(([name]) => name));
    expect(absentFunctions.filter((name) => !known.has(name))).toEqual([]);
    const { Status } = await athena.run('select t_pdf(1, 2)');
    expect(Status?.StateChangeReason).toBe("FUNCTION_NOT_FOUND: line 1:8: Function 't_pdf' not registered");
  });

  it('changes no rows of a Hive table, though Trino would delete a partition', async () => {
    await fixture.table('kept', [{ Name: 'a', Type: 'int' }], [{ Name: 'k', Type: 'int' }]);
    await athena.done('insert into kept values (1, 1)');
    const { Status } = await athena.run('delete from kept where k = 1');
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { Retryable: false } });
    expect(await athena.value('select count(*) from kept')).toBe('1');
  });

  it('makes a hundred partitions and not one more; the files of the attempt stay', async () => {
    await fixture.table('parted', [{ Name: 'a', Type: 'int' }], [{ Name: 'k', Type: 'int' }]);
    const insert = (from: number, to: number): string =>
      `insert into parted select 1, k from unnest(sequence(${from}, ${to})) as t (k)`;
    const tooMany = await athena.run(insert(1, 101));
    expect(tooMany.Status?.StateChangeReason).toMatch(
      /^HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100/,
    );
    expect(await athena.rows('show partitions parted')).toEqual([]);
    expect(await athena.value('select count(*) from parted')).toBe('0');
    expect((await fixture.keys('data/parted/')).length).toBe(101);
  });

  it('counts the new partitions of each statement, up to the limit itself', async () => {
    const { athena: few } = await fixture.open({ mostNewPartitions: 3 });
    await fixture.table('grown', [{ Name: 'a', Type: 'int' }], [{ Name: 'k', Type: 'int' }]);
    const insert = (from: number, to: number): string =>
      `insert into grown select 1, k from unnest(sequence(${from}, ${to})) as t (k)`;
    await few.done(insert(1, 3));
    await few.done(insert(2, 6));
    expect((await few.run(insert(7, 10))).Status?.State).toBe('FAILED');
    expect(await few.value('select count(*) from grown')).toBe('8');
    const table = (to: number): string =>
      `create table crowd with (partitioned_by = array['k']) as select 1 as a, k from unnest(sequence(1, ${to})) as t (k)`;
    expect((await few.run(table(4))).Status?.StateChangeReason).toMatch(/^HIVE_TOO_MANY_OPEN_PARTITIONS/);
    expect(await few.rows("show tables 'crowd'")).toEqual([]);
    await few.done(table(3));
  });

  it('scans no more than the work group allows', async () => {
    const { athena: narrow } = await fixture.open({ bytesScannedCutoff: 100 });
    await fixture.table('scanned', [{ Name: 'a', Type: 'string' }]);
    await athena.done(
      `insert into scanned select cast(x as varchar) from unnest(sequence(1, 1000)) as t (x)`,
    );
    const { Status, Statistics } = await narrow.run('select count(distinct a) from scanned');
    expect(Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Bytes scanned limit was exceeded',
    });
    expect(Statistics?.DataScannedInBytes).toBeGreaterThan(100);
    expect((await narrow.run('select 1')).Status?.State).toBe('SUCCEEDED');
  });

  it('runs no more statements than the quota of the account', async () => {
    const { athena: busy } = await fixture.open({
      dmlQuota: 1,
      faults: { delay: { milliseconds: 600_000 } },
    });
    const first = await busy.start('select 1');
    await expect(busy.start('select 2')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await busy.client.send(new StopQueryExecutionCommand({ QueryExecutionId: first }));
    await busy.ended(first);
    await busy.done('select 2');
  });
});

describe('planned faults', () => {
  it('throttle, and the SDK comes again', async () => {
    const { facade, athena: patient } = await fixture.open({}, 4);
    facade.faults.plan({ throttle: { calls: 2, exception: 'TooManyRequestsException' } });
    await patient.done('select 1');
    expect(facade.faults.state()).toEqual({ throttle: undefined });
  });

  it('fail an insert after, or before, its rows are written', async () => {
    const { facade, athena: faulty } = await fixture.open();
    await fixture.table('struck', [{ Name: 'a', Type: 'int' }]);
    facade.faults.plan({ failStatement: { matching: 'into struck' } });
    const after = await faulty.run('insert into struck values (1)');
    expect(after.Status).toMatchObject({
      State: 'FAILED',
      AthenaError: { ErrorCategory: 1, Retryable: true },
    });
    expect(await faulty.value('select count(*) from struck')).toBe('1');
    facade.faults.plan({ failStatement: { matching: 'into struck', when: 'before', retryable: false } });
    const before = await faulty.run('insert into struck values (2)');
    expect(before.Status).toMatchObject({ State: 'FAILED', AthenaError: { Retryable: false } });
    expect(await faulty.value('select count(*) from struck')).toBe('1');
    await faulty.done('insert into struck values (3)');
  });

  it('are planned, seen and cleared over HTTP', async () => {
    const { facade, athena: slow } = await fixture.open();
    const door = `${facade.endpoint}/__faults`;
    const plan = { delay: { milliseconds: 60_000 } };
    await fetch(door, { method: 'POST', body: JSON.stringify(plan) });
    expect(await (await fetch(door)).json()).toEqual({ delay: { milliseconds: 60_000, statements: 1 } });
    const id = await slow.start('select 1');
    await expect.poll(async () => (await slow.look(id)).Status?.State).toBe('RUNNING');
    await slow.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect((await slow.ended(id)).Status?.State).toBe('CANCELLED');
    const wrong = await fetch(door, { method: 'POST', body: JSON.stringify({ dealy: 1 }) });
    expect(wrong.status).toBe(400);
    await fetch(door, { method: 'DELETE' });
    expect(await (await fetch(door)).json()).toEqual({});
  });
});
