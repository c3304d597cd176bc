import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { publishedInS3 } from '../../functions/adapters/brought-warehouse.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { databasesNamed, GlueTables } from '../../functions/adapters/glue-tables.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import type { LambdaContext } from '../../functions/handlers/http-event.ts';
import { shapeOf } from '../../functions/use-cases/build-relations.ts';
import type { RunOutcome } from '../../functions/use-cases/ordered-run.ts';
import { type CloudLake, openCloudLake } from '../support/athena/cloud-lake.ts';
import { runProcess, scriptPath } from '../support/athena/run-process.ts';
import { compareRelation } from '../support/parity/relation-difference.ts';
import { pageDifferences, publishedPage } from '../support/published-page.ts';
import { compareWarehouses } from '../support/same-tables.ts';

const AS_OF = '2026-03-08T00:00:00.000Z';

const MINUTES = 15 * 60_000;
/** Beside the minute that a run keeps for its end. */
const SOME_SECONDS = 60_000 + 25_000;

let lake: CloudLake;
let handler: (event: unknown, context: LambdaContext) => Promise<RunOutcome>;
let compact: (event: unknown, context: LambdaContext) => Promise<unknown>;

let invocations = 0;

function context(remaining = 900_000): LambdaContext {
  invocations += 1;
  return {
    functionName: 'run',
    functionVersion: '1',
    memoryLimitInMB: '4096',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:run',
    awsRequestId: `request-${invocations}`,
    getRemainingTimeInMillis: () => remaining,
  };
}

const run = (event: object) => handler(event, context());

beforeAll(async () => {
  lake = await openCloudLake(inject('bed'), 'cloud-run');
  ({ handler } = await import('../../functions/handlers/entries/run.ts'));
  ({ handler: compact } = await import('../../functions/handlers/entries/compact.ts'));
  await lake.home.run({ asOf: new Date(AS_OF) });
}, MINUTES);

afterAll(() => lake.remove());

let downloads = 0;

/** The tables that the last run on DuckDB has published. */
async function publishedTables(): Promise<string> {
  const { run_id } = JSON.parse((await lake.store.getText(publishedInS3.manifest)) ?? '{}');
  downloads += 1;
  const path = join(lake.folder, `published-${downloads}.duckdb`);
  expect(await lake.store.downloadFile(publishedInS3.file(run_id), path)).toBe(true);
  return path;
}

const homeTables = () => join(lake.home.root, 'warehouse.duckdb');

/** Every mart of a run on Athena against the home's tables, and how many cells that were. */
async function compareAthena(
  runId: string,
): Promise<{ readonly cells: number; readonly differences: readonly string[] }> {
  const warehouse = await DuckdbWarehouse.openBeside(lake.home.settings, homeTables());
  try {
    let cells = 0;
    const differences: string[] = [];
    const { models } = await loadCatalogue(lake.home.configuration, lake.folder);
    for (const model of models.filter(({ layer }) => layer === 'marts')) {
      const name = model.name;
      const { columns } = shapeOf(model);
      await warehouse.createView(name, `select * exclude (run_id) from published."${name}"`);
      const objects = (await lake.store.listObjects(`runs/${runId}/marts/${name}/`)).filter(
        ({ bytes }) => bytes > 0,
      );
      const athena = objects.map((_, index) => join(lake.folder, `${runId}-${name}-${index}.parquet`));
      await Promise.all(objects.map(({ key }, index) => lake.store.downloadFile(key, athena[index] ?? '')));
      const compared = await compareRelation(warehouse, {
        name,
        columns,
        key: model.definition.grain,
        duckdb: name,
        athena,
      });
      cells += compared.cells;
      differences.push(...compared.differences);
    }
    return { cells, differences };
  } finally {
    warehouse.close();
  }
}

async function expectPageOfHome(): Promise<void> {
  const page = await publishedPage(lake.pages);
  expect(Object.keys(page).length).toBeGreaterThan(30);
  expect(pageDifferences(page, await publishedPage(lake.home.store))).toEqual([]);
}

describe('compaction in the cloud', () => {
  it('merges what the collector has landed, identities in their own bucket too', async () => {
    const before = (await lake.store.list('lake/landed')).length;

    const outcome = await compact({}, context());

    expect(outcome).toMatchObject({ state: 'compacted' });
    expect((await lake.store.list('lake/landed')).length).toBeLessThan(before);
    expect(await lake.store.list('lake/identities')).toEqual([]);
    const identities = await lake.identities.list('lake/identities');
    expect(identities.length).toBeGreaterThan(0);
    expect(identities.length).toBeLessThan(before);
  });
});

describe('a run in the cloud', () => {
  it('with DuckDB builds the tables and the page of a home with the same lake', async () => {
    const outcome = await run({ asOf: AS_OF, engine: 'duckdb' });

    expect(outcome).toMatchObject({ state: 'published', engine: 'duckdb', asOf: AS_OF });
    const compared = await compareWarehouses(homeTables(), await publishedTables());
    console.log(`  DuckDB: ${compared.tables} tables, ${compared.rows} rows`);
    expect(compared.differences).toEqual([]);
    expect(compared.rows).toBeGreaterThan(3000);
    await expectPageOfHome();
  });

  it('with Athena builds them too, in as many invocations as it needs', { timeout: MINUTES }, async () => {
    const order = { asOf: AS_OF, engine: 'athena', execution: 'in-parts' };
    const outcomes = [await handler(order, context(SOME_SECONDS))];
    while (outcomes.at(-1)?.state === 'unfinished' && outcomes.length < 40) {
      // nobody else begins in between
      await expect(run({ asOf: AS_OF, engine: 'duckdb' })).rejects.toMatchObject({ name: 'BusyError' });
      outcomes.push(await handler({ ...order, runId: outcomes[0]?.runId }, context(SOME_SECONDS)));
    }

    const outcome = outcomes.at(-1);
    expect(outcome).toMatchObject({
      state: 'published',
      engine: 'athena',
      asOf: AS_OF,
      runId: outcomes[0]?.runId,
    });
    expect(outcomes.length).toBeGreaterThan(2);
    const compared = await compareAthena(outcome?.runId ?? '');
    const report = JSON.parse((await lake.store.getText(`runs/${outcome?.runId}.json`)) ?? '{}');
    console.log(
      `  Athena: ${compared.cells} cells in ${outcomes.length} invocations, ${report.spent.dollars.toFixed(4)} USD`,
    );
    expect(compared.differences).toEqual([]);
    expect(compared.cells).toBeGreaterThan(50_000);
    expect(await lake.store.listObjects(`runs/${outcome?.runId}/work/`)).toEqual([]);
    await expectPageOfHome();
  });

  it('is rebuilt from the lake alone when relations, snapshots and pages are gone', {
    timeout: MINUTES,
  }, async () => {
    const { database } = lake.settings;
    const databases = (await databasesNamed(lake.clients.glue, database)).map(({ name }) => name);
    const relations = await Promise.all(
      databases.map((name) => new GlueTables(lake.clients.glue, name).all()),
    );
    await Promise.all(databases.map((name) => new GlueTables(lake.clients.glue, name).close()));
    const [runs, pages] = [await lake.store.deleteAll('runs/'), await lake.pages.deleteAll('dashboards/')];
    expect(databases.length).toBeGreaterThan(1);
    const left = (await lake.store.listObjects('')).map(({ key }) => key);
    expect(left.filter((key) => !key.startsWith('lake/'))).toEqual(['dongu.yaml']);
    const started = performance.now();

    await run({ asOf: AS_OF, engine: 'duckdb' });
    const { runId = '' } = await run({ asOf: AS_OF, engine: 'athena' });

    const tables = await compareWarehouses(homeTables(), await publishedTables());
    const athena = await compareAthena(runId);
    expect([...tables.differences, ...athena.differences]).toEqual([]);
    await expectPageOfHome();
    console.log(
      `  deleted ${relations.flat().length} relations of ${databases.length} databases, ${runs} objects of runs, ${pages} of pages; ` +
        `rebuilt in ${Math.round((performance.now() - started) / 1000)} s: ${tables.rows} rows of ${tables.tables} tables, ${athena.cells} cells on Athena, 0 differences`,
    );
  });
});

describe('a run that a schedule orders', () => {
  it("is as of the schedule's instant unless another is ordered, on the engine for the lake's size", async () => {
    const [scheduledAt, asOf] = ['2026-03-05T01:00:00.000Z', '2026-02-01T00:00:00.000Z'];
    const order = { scheduledAt, engine: 'auto' };

    expect(await run(order)).toMatchObject({ state: 'published', engine: 'duckdb', asOf: scheduledAt });
    expect(await run({ ...order, asOf })).toMatchObject({ state: 'published', asOf });
    expect(JSON.parse((await lake.pages.getText('dashboards/manifest.json')) ?? '{}')).toMatchObject({
      asOf,
    });
    // the last two, whatever they were as of
    expect((await lake.store.list('runs/duckdb')).filter((key) => key.endsWith('.duckdb'))).toHaveLength(2);
  });

  it('of some models builds and audits them, and publishes nothing', async () => {
    const before = await lake.pages.getText('dashboards/manifest.json');

    expect(await run({ asOf: AS_OF, engine: 'duckdb', select: 'orders' })).toMatchObject({
      state: 'selected',
    });
    expect(await lake.pages.getText('dashboards/manifest.json')).toBe(before);
  });
});

describe('two runs at once', () => {
  it('are one: the other is told so and publishes nothing', async () => {
    const ends = await Promise.allSettled([1, 2].map(() => run({ asOf: AS_OF, engine: 'duckdb' })));

    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'BusyError', message: expect.stringContaining('another run is at work') },
    });
    await expectPageOfHome();
  });

  it('of one schedule are one: what is published already is not built again', async () => {
    const order = { scheduledAt: AS_OF, engine: 'duckdb' };

    expect(await run(order)).toEqual({
      state: 'published_before',
      asOf: AS_OF,
      snapshotId: expect.stringMatching(/^[0-9A-Z]{26}$/),
    });
  });
});

describe('a run that was killed', () => {
  afterEach(() => vi.useRealTimers());

  /** As a function that meets its end while it puts its tables. */
  const killed = async (execution: string): Promise<void> => {
    const event = JSON.stringify({ asOf: AS_OF, engine: 'duckdb', execution });
    const { signal, output } = await runProcess(scriptPath('test/support/athena/invoked-run.ts'), [event], {
      folder: lake.folder,
      kill: { matching: 'PutObjectCommand warehouse/runs/duckdb/', nth: 1, when: 'before' },
    });
    expect(signal, output).toBe('SIGKILL');
  };

  it('is taken over by another once its lease has ended', async () => {
    await killed('dead');
    await lake.pages.deleteAll('dashboards/');
    const event = { asOf: AS_OF, engine: 'duckdb' };

    await expect(run(event)).rejects.toMatchObject({ name: 'BusyError' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });

    expect(await run(event)).toMatchObject({ state: 'published' });
    await expectPageOfHome();
  });

  it('is taken over at once by a further try of the same execution', async () => {
    await killed('tried-again');
    await lake.pages.deleteAll('dashboards/');

    expect(await run({ asOf: AS_OF, engine: 'duckdb', execution: 'tried-again' })).toMatchObject({
      state: 'published',
    });
    await expectPageOfHome();
    expect((await compareWarehouses(homeTables(), await publishedTables())).differences).toEqual([]);
  });
});

describe('a run whose audit fails', () => {
  it('names the audit and nobody, publishes nothing, and tells what an alarm needs', async () => {
    const key = (await lake.store.list('lake/receipts'))[0] ?? '';
    const receipt = (await lake.store.getText(key)) ?? '';
    const counted = JSON.parse(receipt);
    // as if an item had been lost
    await lake.store.putText(key, JSON.stringify({ ...counted, items: counted.items + 1 }));
    const before = await lake.pages.list('dashboards');
    const lines: string[] = [];
    const log = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(...String(text).trim().split('\n'));
      return true;
    });
    const failed = run({ asOf: AS_OF, engine: 'duckdb' });

    await expect(failed).rejects.toMatchObject({
      name: 'AuditError',
      message: expect.stringMatching(
        /^1 audit failed, so nothing was published: ingest_ledger: accepted = loaded/,
      ),
    });
    log.mockRestore();
    await lake.store.putText(key, receipt);

    expect(await lake.pages.list('dashboards')).toEqual(before);
    expect(JSON.parse(lines.find((line) => line.includes('"_aws"')) ?? '{}')).toMatchObject({
      RunsFailed: 1,
      RunsSucceeded: 0,
      AuditsFailed: 1,
      PageAge: expect.any(Number),
    });
  });
});
