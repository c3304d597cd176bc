import { randomInt } from 'node:crypto';
import { AthenaClient, type GetQueryExecutionCommandOutput } from '@aws-sdk/client-athena';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { athenaClients, openAthenaBuild } from '../../functions/adapters/athena-build.ts';
import { AthenaTimeout } from '../../functions/adapters/athena-faults.ts';
import { runDatabase } from '../../functions/adapters/athena-settings.ts';
import { AthenaStatements } from '../../functions/adapters/athena-statements.ts';
import type { AthenaWarehouse } from '../../functions/adapters/athena-warehouse.ts';
import { GlueTables } from '../../functions/adapters/glue-tables.ts';
import { ModelError } from '../../functions/core/errors.ts';
import { ulid } from '../../functions/core/identifiers.ts';
import { located } from '../../functions/core/statement-error.ts';
import type { Build } from '../../functions/ports/build.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';
import { loseAnswers } from '../support/athena/aws-faults.ts';
import { type Facade, startFacade } from '../support/athena-facade/facade.ts';
import { trinoRows } from '../support/bed/trino-client.ts';

const bed = inject('bed');

let lake: AthenaLake;
/** One of this file's own, so that its faults meet nobody else. */
let facade: Facade;
let build: Build & { readonly warehouse: AthenaWarehouse };
let statements: AthenaStatements;

/** Waits before further tries: as many as there are in earnest. */
const soon = { retryMilliseconds: [20, 50, 100] };

const columns = { id: 'bigint', text: 'varchar' } as const;
const numbers = (count: number): string =>
  `select cast(n as bigint) as id, cast(n as varchar) as text from unnest(sequence(1, ${count})) as t (n)`;

const athena = () => new AthenaClient({ endpoint: facade.endpoint, maxAttempts: 8 });

const countOf = async (name: string): Promise<unknown> =>
  (await build.warehouse.rows(`select count(*) as n, count(distinct id) as ids from "${name}"`))[0];

beforeAll(async () => {
  lake = await openAthenaLake(bed, 'kills-faults');
  facade = await startFacade({ trinoUrl: bed.trinoUrl, awsEndpoint: bed.awsEndpoint, port: 0 });
  const runId = ulid(new Date(), () => randomInt(32));
  build = await openAthenaBuild(lake.settings, { ...lake.clients, athena: athena() }, runId, soon);
  statements = new AthenaStatements(athena(), lake.settings, lake.settings.database, soon);
});

afterEach(() => facade.faults.clear());

afterAll(async () => {
  await build.discard();
  await facade.close();
  await lake.remove();
});

describe('answers', () => {
  it('of many pages are read to the end, in order and once each', async () => {
    const rows = await statements.rows(`${numbers(2501)} order by 1`);

    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 2501 }, (_, index) => String(index + 1)));
  });

  it.each([1000, 999, 1001])('of %i rows are whole', async (count) => {
    expect(await statements.rows(numbers(count))).toHaveLength(count);
  });

  it('of no rows are none', async () => {
    expect(await statements.rows(`${numbers(3)} where n > 3`)).toEqual([]);
  });

  it('tell a null from an empty text', async () => {
    const [row] = await statements.rows(
      "select '' as empty, cast(null as varchar) as nothing, 'null' as word",
    );

    expect(row).toEqual({ empty: '', nothing: null, word: 'null' });
  });
});

describe('a service that turns requests away', () => {
  it.each(['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults'])(
    'is asked again: %s',
    async (operation) => {
      facade.faults.plan({ throttle: { calls: 3, operation, exception: 'TooManyRequestsException' } });

      expect(await statements.rows('select 1 as one')).toEqual([{ one: 1 }]);
      expect(facade.faults.state().throttle).toBeUndefined();
    },
  );

  it('for good ends in an error that says so', async () => {
    const client = new AthenaClient({ endpoint: facade.endpoint, maxAttempts: 1 });
    const once = new AthenaStatements(client, lake.settings, lake.settings.database, soon);
    facade.faults.plan({ throttle: { calls: 50, operation: 'StartQueryExecution' } });

    await expect(once.rows('select 1')).rejects.toMatchObject({
      isPassing: true,
      hint: expect.stringContaining('run again later'),
    });
  });

  it('loses an answer: the statement is still one', async () => {
    const client = athena();
    const lost = loseAnswers(client, 'StartQueryExecution', { times: 2 });
    const own = await openAthenaBuild(
      lake.settings,
      { ...lake.clients, athena: client },
      ulid(new Date(), () => randomInt(32)),
    );
    try {
      await own.warehouse.replaceTable('once', numbers(5), true, { columns });

      expect(await own.warehouse.rows('select count(*) as n from once')).toEqual([{ n: '5' }]);
      const tokens = lost.sent
        .slice(0, 3)
        .map(({ body }) => JSON.parse(Buffer.from(body as Uint8Array).toString()).ClientRequestToken);
      expect(new Set(tokens).size).toBe(1);
      expect(String(tokens[0])).toMatch(/^[0-9a-f-]{36}$/);
    } finally {
      await own.discard();
    }
  });
});

describe('a statement that fails', () => {
  it.each(['before', 'after'] as const)(
    'by the fault of the service, %s it has written: its rows come once',
    async (when) => {
      const name = `retried_${when}`;
      facade.faults.plan({ failStatement: { matching: `insert into "${name}"`, when, retryable: true } });

      const built = await build.warehouse.replaceTable(name, numbers(40), true, { columns });

      expect(facade.faults.state().failStatement).toBeUndefined();
      expect(built.rows).toBe(40);
      expect(await countOf(name)).toEqual({ n: '40', ids: '40' });
    },
  );

  it('so in a part of a relation leaves the other parts alone', async () => {
    await build.warehouse.createEmpty('results', columns);
    await build.warehouse.insertInto('results', 'first', numbers(3));
    facade.faults.plan({ failStatement: { matching: "'second' as part", when: 'after', retryable: true } });

    await build.warehouse.insertInto('results', 'second', `select id + 10 as id, text from (${numbers(4)})`);

    expect(await countOf('results')).toEqual({ n: '7', ids: '7' });
  });
});

describe('a statement that fails for good', () => {
  it('by its own fault is not tried again, and names file and line', async () => {
    const before = build.warehouse.spent()?.dollars;
    const wrong = located('sql/marts/wrong.sql', () =>
      build.warehouse.replaceTable(
        'wrong',
        'select\n    id,\n    txt as text\nfrom (values (1)) as t (id)',
        true,
        { columns },
      ),
    );

    const error = await wrong.catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^sql\/marts\/wrong\.sql: line 3: .*txt/),
      hint: expect.stringContaining('Mend the model'),
    });
    expect(build.warehouse.spent()?.dollars).toBe(before);
  });

  it('when it has run is told with its id in the history', async () => {
    facade.faults.plan({ failStatement: { matching: 'select 77', retryable: false } });

    await expect(statements.rows('select 77')).rejects.toMatchObject({
      isPassing: false,
      hint: expect.stringMatching(/history has the statement as [0-9a-f-]{36}/),
    });
  });

  it('four times by the fault of the service ends the run', async () => {
    const client = new AthenaClient({ endpoint: facade.endpoint });
    const short = new AthenaStatements(client, lake.settings, lake.settings.database, soon);
    let failed = 0;
    const again = short.withRetries(
      async () => {
        facade.faults.plan({ failStatement: { matching: 'select 78', retryable: true } });
        failed += 1;
        return short.runOnce('select 78');
      },
      async () => {},
    );

    await expect(again).rejects.toMatchObject({
      isPassing: true,
      hint: expect.stringContaining('run again later'),
    });
    expect(failed).toBe(4);
  });

  it('to end in its time is cancelled, in Trino too', async () => {
    const settings = { ...lake.settings, statement_minutes: 0.01 };
    const impatient = new AthenaStatements(athena(), settings, settings.database);
    const marker = ulid(new Date(), () => randomInt(32));
    const endless = `select count(*) as "${marker}" from unnest(sequence(1, 9999)) as a (n)
      cross join unnest(sequence(1, 9999)) as b (n) cross join unnest(sequence(1, 9999)) as c (n)`;

    const error = await located('sql/marts/endless.sql', () => impatient.rows(endless)).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^sql\/marts\/endless\.sql: a statement ran longer than 0\.01 minutes and was cancelled/,
      ),
      hint: expect.stringContaining('engine.athena.statement_minutes'),
      cause: expect.any(AthenaTimeout),
    });
    const stateOf = () =>
      trinoRows(
        { url: bed.trinoUrl },
        `select state from system.runtime.queries where query like '%${marker}%' and query not like '%system.runtime%' and query not like 'explain%' and query not like 'EXPLAIN%'`,
      );
    await expect.poll(stateOf, { timeout: 10_000 }).toEqual([['FAILED']]);
  });
});

/** Commands of one kind as the client sends them; `answer` may change what the service says. */
function watched(client: AthenaClient, command: string, answer: (output: object) => void = () => {}) {
  const sent: object[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== command) {
          return next(args);
        }
        sent.push(args.input);
        const answered = await next(args);
        answer(answered.output as object);
        return answered;
      },
    { step: 'initialize' },
  );
  return sent;
}

const ENDLESS = `select count(*) as n from unnest(sequence(1, 9999)) as a (n)
  cross join unnest(sequence(1, 9999)) as b (n) cross join unnest(sequence(1, 9999)) as c (n)`;

/** Ids of endless statements with this mark that Trino has at work. */
const atWork = async (mark: string): Promise<number> =>
  (
    await trinoRows(
      { url: bed.trinoUrl },
      `select 1 from system.runtime.queries where state not in ('FAILED', 'FINISHED') and query like '%${mark}%'
        and query not like '%system.runtime%'`,
    )
  ).length;

describe('statements at a time', () => {
  it('are never more than side_by_side, however checks nest', async () => {
    const client = athena();
    let [open, most] = [0, 0];
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'StartQueryExecutionCommand') {
            open += 1;
            most = Math.max(most, open);
          }
          const answer = await next(args);
          const { QueryExecution } = answer.output as GetQueryExecutionCommandOutput;
          if (/SUCCEEDED|FAILED/.test(QueryExecution?.Status?.State ?? '')) {
            open -= 1;
          }
          return answer;
        },
      { step: 'initialize' },
    );
    const settings = { ...lake.settings, side_by_side: 2 };
    const clients = { ...lake.clients, athena: client };
    const own = await openAthenaBuild(
      settings,
      clients,
      ulid(new Date(), () => randomInt(32)),
    );
    try {
      const selects = Array.from({ length: 16 }, (_, n) => ({
        select: `select ${n} as n`,
        limit: 1,
        place: 'x',
      }));
      expect(await own.warehouse.firstRows(selects)).toHaveLength(16);
      expect(most).toBe(2);
    } finally {
      await own.discard();
    }
  });
});

describe('a build that is broken off', () => {
  it('stops what runs, lets nothing more begin, and leaves nothing', async () => {
    const runId = ulid(new Date(), () => randomInt(32));
    const clients = { ...lake.clients, athena: athena() };
    const own = await openAthenaBuild({ ...lake.settings, side_by_side: 1 }, clients, runId);
    const mark = `mark_${runId.toLowerCase()}`;
    const [running, waiting] = [1, 2].map((n) =>
      own.warehouse.replaceTable(`t${n}`, `${ENDLESS} where ${n} = ${n} and '${mark}' <> ''`, true, {
        columns: { n: 'bigint' },
      }),
    );
    const ends = Promise.allSettled([running, waiting]);
    await expect.poll(() => atWork(mark), { timeout: 20_000 }).toBeGreaterThan(0);

    await Promise.all([own.discard(), own.discard()]);

    const started = performance.now();
    expect(await ends).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(performance.now() - started).toBeLessThan(1000);
    await expect(own.warehouse.rows('select 1')).rejects.toThrow('the run is broken off');
    await expect.poll(() => atWork(mark), { timeout: 10_000 }).toBe(0);
    expect(await lake.store.listObjects(`runs/${runId}/`)).toEqual([]);
  });

  it('or of whose statement nothing can be heard stops it', async () => {
    const client = new AthenaClient({ endpoint: facade.endpoint, maxAttempts: 1 });
    const deaf = new AthenaStatements(client, lake.settings, lake.settings.database, soon);
    const stopped = watched(client, 'StopQueryExecutionCommand');
    facade.faults.plan({ throttle: { calls: 1, operation: 'GetQueryExecution' } });

    const error = await located('sql/marts/x.sql', () => deaf.rows(ENDLESS)).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toMatchObject({
      hint: expect.stringMatching(/run again later.*history has the statement/),
    });
    expect(stopped).toEqual([{ QueryExecutionId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  });
});

it('an insert of which Athena does not say how many rows it wrote is no insert of none', async () => {
  const client = athena();
  watched(client, 'GetQueryResultsCommand', (output) => Object.assign(output, { UpdateCount: undefined }));
  const own = await openAthenaBuild(
    lake.settings,
    { ...lake.clients, athena: client },
    ulid(new Date(), () => randomInt(32)),
  );
  try {
    const filled = own.warehouse.replaceTable('uncounted', numbers(3), true, { columns });
    await expect(filled).rejects.toThrow('does not say how many rows');
  } finally {
    await own.discard();
  }
});

describe('what a run stands on that is gone', () => {
  const wrongHint = async (work: () => Promise<unknown>): Promise<void> => {
    const error = await located('sql/marts/x.sql', work).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      hint: expect.stringContaining('A Glue database or a bucket is not there'),
    });
  };

  it('is no fault of the model: a database', async () => {
    const runId = ulid(new Date(), () => randomInt(32));
    const own = await openAthenaBuild(lake.settings, lake.clients, runId, soon);
    await new GlueTables(lake.clients.glue, runDatabase(lake.settings.database, runId)).close();

    await wrongHint(() => own.warehouse.createView('seen', 'select 1 as n'));
    await wrongHint(() =>
      own.warehouse.replaceTable('t', 'select 1 as n', true, { columns: { n: 'integer' } }),
    );
    await own.discard();
  });

  it('is no fault of the model: a bucket', async () => {
    const settings = { ...lake.settings, root: `${lake.settings.root.replace('kills', 'gone')}/x` };
    const runId = ulid(new Date(), () => randomInt(32));
    const own = await openAthenaBuild(settings, lake.clients, runId, soon);

    await wrongHint(() =>
      own.warehouse.replaceTable('t', 'select 1 as n', true, { columns: { n: 'integer' } }),
    );
    await new GlueTables(lake.clients.glue, runDatabase(settings.database, runId)).close();
  });
});

describe('S3 that is busy', () => {
  it.each(['busy', 'connection'] as const)('gets an upload again, from its beginning: %s', async (loss) => {
    const clients = { ...lake.clients, s3: athenaClients(lake.settings).s3, athena: athena() };
    const lost = loseAnswers(clients.s3, 'PutObject', { times: 2, loss });
    const own = await openAthenaBuild(
      lake.settings,
      clients,
      ulid(new Date(), () => randomInt(32)),
    );
    try {
      await own.warehouse.createFromRows('given', columns, [
        { id: 1n, text: 'İ' },
        { id: 2n, text: '' },
      ]);

      expect(lost.sent).toHaveLength(3);
      expect(await own.warehouse.rows('select * from given order by id')).toEqual([
        { id: '1', text: 'İ' },
        { id: '2', text: '' },
      ]);
    } finally {
      await own.discard();
    }
  });
});

describe('a table parted by month', () => {
  const shape = {
    columns: { id: 'bigint', at: 'timestamp' },
    partition: { by: 'month', of: 'at' },
  } as const;
  const history = (months: number): string =>
    `select cast(n as bigint) as id, if(n = 1, null, date_add('month', n, timestamp '2010-01-15 10:00:00')) as at
      from unnest(sequence(1, ${months})) as t (n)`;
  const months = async (name: string): Promise<unknown> =>
    (
      await build.warehouse.rows(
        `select count(*) as n, count(distinct id) as ids, count(distinct at_month) as months,
           count_if(at_month is null) as without, count_if(at_month <> date_format(at, '%Y-%m')) as wrong,
           max(if(id = 3, at_month)) as third from "${name}"`,
      )
    )[0];

  it('keeps rows without a time', async () => {
    await build.warehouse.replaceTable('short_history', history(5), true, shape);

    expect(await months('short_history')).toEqual({
      n: '5',
      ids: '5',
      months: '4',
      without: '1',
      wrong: '0',
      third: '2010-04',
    });
  });

  it('has more months than one statement may write: refused, and then written in turns', async () => {
    facade.faults.plan({
      failStatement: { matching: 'from "long_history__staged" where', when: 'after', retryable: true },
    });

    const built = await build.warehouse.replaceTable('long_history', history(131), true, shape);

    expect(facade.faults.state().failStatement).toBeUndefined();
    expect(built.rows).toBe(131);
    expect(await months('long_history')).toEqual({
      n: '131',
      ids: '131',
      months: '130',
      without: '1',
      wrong: '0',
      third: '2010-04',
    });
    await expect(build.warehouse.rows('select * from "long_history__staged"')).rejects.toThrow(
      'long_history__staged',
    );
  });

  it('is refused in one statement by the service', async () => {
    await build.warehouse.replaceTable('full', history(2), true, shape);
    const insert = build.warehouse.rows(
      `insert into "full" select rows.*, 'r' as run_id, date_format(at, '%Y-%m') as at_month from (${history(131)}) as rows`,
    );

    await expect(insert).rejects.toThrow('HIVE_TOO_MANY_OPEN_PARTITIONS');
  });
});
