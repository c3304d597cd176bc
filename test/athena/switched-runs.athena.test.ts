import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { athenaClients, openAthenaBuild } from '../../functions/adapters/athena-build.ts';
import { cleanRuns, finishBrokenSwitch } from '../../functions/adapters/athena-clean.ts';
import { runDatabase, runFolder } from '../../functions/adapters/athena-settings.ts';
import { nameRun, readPublishedRun, runsRead, switchViews } from '../../functions/adapters/athena-views.ts';
import { databasesNamed, GlueTables } from '../../functions/adapters/glue-tables.ts';
import { S3ObjectStore } from '../../functions/adapters/s3-object-store.ts';
import { ulid } from '../../functions/core/identifiers.ts';
import type { RunManifest } from '../../functions/ports/build.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';
import { loseAnswers } from '../support/athena/aws-faults.ts';
import { readersOf } from '../support/athena/reader.ts';

const DAY = 86_400_000;

let lake: AthenaLake;
let time = Date.now() - 100 * DAY;

beforeAll(async () => {
  lake = await openAthenaLake(inject('bed'), 'kills-switch');
});

afterAll(() => lake.remove());

/** Each later than the one before, and long ago. */
function nextRunId(): string {
  time += 60_000;
  return ulid(new Date(time), () => 7);
}

const manifestOf = (run_id: string, fence = 1): RunManifest => ({
  schema: 'dongu.run/1',
  run_id,
  as_of: '2026-01-01T00:00:00.000Z',
  finished_at: '2026-01-01T00:00:00.000Z',
  fence,
  relations: { orders: { rows: 1 } },
});

/** A run that has built its marts and not published them. */
async function built(
  runId: string,
  marts: readonly string[] = ['orders', 'spend'],
  clients = lake.clients,
  fence = 1,
) {
  const build = await openAthenaBuild(lake.settings, clients, runId);
  for (const name of marts) {
    await build.warehouse.replaceTable(name, 'select 1 as n', true, { columns: { n: 'integer' } });
  }
  return {
    build,
    runId,
    publish: async (): Promise<void> => {
      try {
        await build.switchTo(manifestOf(runId, fence));
      } finally {
        await build.discard();
      }
    },
  };
}

const readers = () => new GlueTables(lake.clients.glue, lake.settings.database);

/** The run of each view of a mart. */
async function views(): Promise<Readonly<Record<string, string>>> {
  const all = (await readers().all()).filter(({ select }) => select !== undefined);
  return Object.fromEntries(all.map((view) => [view.name, runsRead(view, lake.settings).join()]));
}

async function isThere(runId: string): Promise<boolean> {
  const databases = await databasesNamed(lake.clients.glue, runDatabase(lake.settings.database, runId));
  return databases.length + (await lake.store.listObjects(runFolder(runId))).length > 0;
}

const ports = () => ({ ...lake, readers: readers(), statements: readersOf(lake) });

describe('two runs at a time', () => {
  it('that end one after the other: the one that began later is published, and stays so', async () => {
    const [earlier, later] = [await built(nextRunId()), await built(nextRunId())];
    await later.publish();

    await expect(earlier.publish()).rejects.toThrow('a run that began later is published already');

    expect(await views()).toEqual({ orders: later.runId, spend: later.runId });
    expect(await readPublishedRun(lake.store)).toMatchObject({ run_id: later.runId, is_switched: true });
    expect(await isThere(earlier.runId)).toBe(false);
  });

  it('of which the one that began later has lost its lease: the other stays, whatever their clocks say', async () => {
    const [fromPast, asleep] = [
      await built(nextRunId(), undefined, lake.clients, 3),
      await built(nextRunId()),
    ];
    await fromPast.publish();

    await expect(asleep.publish()).rejects.toThrow('a run that began later is published already');

    expect(await readPublishedRun(lake.store)).toMatchObject({ run_id: fromPast.runId, fence: 3 });
    expect(await views()).toEqual({ orders: fromPast.runId, spend: fromPast.runId });
    // the tests after this one know of no leases
    await lake.store.putText(
      'runs/manifest.json',
      ((await lake.store.getText('runs/manifest.json')) ?? '').replace('"fence": 3', '"fence": 1'),
    );
  });

  it.each([1, 2, 3])('that end together: all views are of the one that began later (try %i)', async () => {
    const runs = [await built(nextRunId()), await built(nextRunId())] as const;

    const ends = await Promise.allSettled(runs.map((run) => run.publish()));

    expect(ends[1]).toMatchObject({ status: 'fulfilled' });
    expect(await readPublishedRun(lake.store)).toMatchObject({ run_id: runs[1].runId, is_switched: true });
    expect(await views()).toEqual({ orders: runs[1].runId, spend: runs[1].runId });
    await cleanRuns(lake.settings, lake.clients, new Date());
    expect(await readersOf(lake).rows('select n from orders union all select n from spend')).toEqual([
      { n: 1 },
      { n: 1 },
    ]);
  });

  it('of which the earlier is still switching: it stops, and does not touch what the later has switched', async () => {
    const [earlier, later] = [await built(nextRunId()), await built(nextRunId())];
    const named = await nameRun(lake, manifestOf(earlier.runId), earlier.build.warehouse.kept);
    await later.publish();
    if (!named) {
      throw new Error('the earlier run was not named');
    }

    await expect(switchViews(ports(), named)).rejects.toThrow(`run ${later.runId} was published while`);

    expect(await views()).toEqual({ orders: later.runId, spend: later.runId });
    const published = await readPublishedRun(lake.store);
    expect(published?.previous_run_ids[0]).toBe(earlier.runId);
    expect(published?.previous_run_ids.length).toBeGreaterThan(1);
    await earlier.build.discard();
  });
});

describe('a switch', () => {
  it('whose manifest was written though its answer was lost is one switch', async () => {
    const clients = { ...lake.clients, s3: athenaClients(lake.settings).s3 };
    const lost = loseAnswers(clients.s3, 'PutObject', { key: 'runs/manifest.json' });
    const run = await built(nextRunId(), undefined, clients);
    const before = await readPublishedRun(lake.store);

    await run.publish();

    expect(lost.sent.length).toBeGreaterThan(1);
    expect(await readPublishedRun(lake.store)).toMatchObject({
      run_id: run.runId,
      previous_run_ids: [before?.run_id],
      is_switched: true,
    });
  });

  it('takes away the view of a mart that is no more, and leaves those that people have made', async () => {
    await (await built(nextRunId(), ['orders', 'spend', 'old_mart'])).publish();
    const { database } = lake.settings;
    await readersOf(lake).run(
      `create or replace view "${database}"."my_orders" as select n + 1 as m from "${database}"."orders"`,
    );
    expect(Object.keys(await views())).toContain('old_mart');
    const next = await built(nextRunId());
    await nameRun(lake, manifestOf(next.runId), next.build.warehouse.kept);

    // as if the run had been killed here
    expect(await finishBrokenSwitch(lake.settings, lake.clients)).toBe(true);
    expect(await finishBrokenSwitch(lake.settings, lake.clients)).toBe(false);

    expect(await views()).toEqual({ orders: next.runId, spend: next.runId, my_orders: '' });
    expect(await readersOf(lake).rows('select m from my_orders')).toEqual([{ m: 2 }]);
  });
});

describe('clean', () => {
  it('leaves a run that may be at work: that began, or has written, since', async () => {
    const [old, young] = [await built(nextRunId()), await built(ulid(new Date(), () => 9))];
    const hourAgo = new Date(Date.now() - 3_600_000);

    const { runs } = await cleanRuns(lake.settings, lake.clients, hourAgo);

    expect(runs).not.toContain(old.runId);
    expect(await isThere(old.runId)).toBe(true);
    expect(await isThere(young.runId)).toBe(true);
    expect((await cleanRuns(lake.settings, lake.clients, new Date(Date.now() + 1000))).runs).toEqual(
      expect.arrayContaining([old.runId, young.runId]),
    );
    expect(await isThere(old.runId)).toBe(false);
    await Promise.all([old, young].map(({ build }) => build.discard()));
  });

  it('leaves a run that a view still reads, whoever has made the view', async () => {
    const pinned = await built(nextRunId());
    await pinned.publish();
    const { database } = lake.settings;
    const from = runDatabase(database, pinned.runId);
    await readersOf(lake).run(
      `create or replace view "${database}"."pinned" as select n from "${from}"."orders"`,
    );
    await (await built(nextRunId())).publish();
    await (await built(nextRunId())).publish();

    await cleanRuns(lake.settings, lake.clients, new Date(Date.now() + 1000));

    expect(await readersOf(lake).rows('select n from pinned')).toEqual([{ n: 1 }]);
    await readersOf(lake).run(`drop view "${database}"."pinned"`);
    expect((await cleanRuns(lake.settings, lake.clients, new Date(Date.now() + 1000))).runs).toContain(
      pinned.runId,
    );
  });

  it('leaves the runs of another lake whose readers share the database', async () => {
    const other = { ...lake.settings, root: `${lake.settings.root}/other` };
    const runId = nextRunId();
    const build = await openAthenaBuild(other, lake.clients, runId);
    await build.warehouse.replaceTable('orders', 'select 1 as n', true, { columns: { n: 'integer' } });

    expect((await cleanRuns(lake.settings, lake.clients, new Date(Date.now() + 1000))).runs).not.toContain(
      runId,
    );

    expect(await build.warehouse.rows('select n from orders')).toEqual([{ n: 1 }]);
    await build.discard();
    expect(await new S3ObjectStore(lake.clients.s3, other.root).list('runs')).toEqual([]);
  });
});

/** Clients to which GetTables shows nothing of a database, as where Lake Formation filters. */
function clientsThatSeeNoTables(of: string) {
  const { glue } = athenaClients(lake.settings);
  glue.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        const { DatabaseName } = args.input as { readonly DatabaseName?: string };
        if (commandName === 'GetTablesCommand' && DatabaseName === of) {
          Object.assign(answer.output, { TableList: [] });
        }
        return answer;
      },
    { step: 'initialize' },
  );
  return { ...lake.clients, glue };
}

describe('views that are not shown', () => {
  it('end a switch after three rounds, named, and nothing is deleted', async () => {
    const old = await built(nextRunId());
    const clients = clientsThatSeeNoTables(lake.settings.database);
    const blind = await built(nextRunId(), undefined, clients);

    await expect(blind.publish()).rejects.toThrow(/2 views .* run \w+, although .* 3 times: orders, spend$/);

    expect(await views()).toMatchObject({ orders: blind.runId, spend: blind.runId });
    const clean = cleanRuns(lake.settings, clients, new Date(Date.now() + 1000));
    await expect(clean).rejects.toThrow('orders, spend');
    expect(await isThere(old.runId)).toBe(true);
    expect((await cleanRuns(lake.settings, lake.clients, new Date(Date.now() + 1000))).runs).toContain(
      old.runId,
    );
    await old.build.discard();
  });
});

describe('a database that the settings name no longer', () => {
  const moved = () => ({ ...lake.settings, database: `${lake.settings.database}_moved` });
  const clean = (clients = lake.clients) => cleanRuns(moved(), clients, new Date(Date.now() + 1000));

  async function builtInto(settings: typeof lake.settings) {
    const runId = nextRunId();
    const build = await openAthenaBuild(settings, lake.clients, runId);
    await build.warehouse.replaceTable('orders', 'select 2 as n', true, { columns: { n: 'integer' } });
    return { runId, build };
  }

  it('keeps its views, whose runs stay until it is deleted; the new one gets the next run', async () => {
    const first = await built(nextRunId());
    await first.publish();
    const broken = await built(nextRunId());
    await nameRun(lake, manifestOf(broken.runId), broken.build.warehouse.kept);
    const killed = await built(nextRunId());

    // the broken switch is not one of the new database
    expect(await finishBrokenSwitch(moved(), lake.clients)).toBe(false);
    await expect(clean(clientsThatSeeNoTables(lake.settings.database))).rejects.toThrow('nothing is deleted');
    expect(await isThere(killed.runId)).toBe(true);

    const next = await builtInto(moved());
    await next.build.switchTo(manifestOf(next.runId));
    await next.build.discard();

    expect(await readPublishedRun(lake.store)).toMatchObject({
      database: moved().database,
      previous_run_ids: [],
      earlier_databases: { [lake.settings.database]: [broken.runId, first.runId] },
    });
    expect(await views()).toMatchObject({ orders: first.runId, spend: first.runId });
    expect((await clean()).runs).toContain(killed.runId);
    expect(await isThere(killed.runId)).toBe(false);
    expect(await readersOf(lake).rows('select n from orders')).toEqual([{ n: 1 }]);
    expect(await isThere(broken.runId)).toBe(true);

    await readers().close();
    expect((await clean()).runs).toEqual(expect.arrayContaining([first.runId, broken.runId]));
    expect(await isThere(first.runId)).toBe(false);
    await Promise.all([broken, killed].map(({ build }) => build.discard()));
  });

  it('is made again where somebody has deleted it, and a run that has lost its own hinders none', async () => {
    await new GlueTables(lake.clients.glue, moved().database).close();

    expect(await finishBrokenSwitch(moved(), lake.clients)).toBe(true);

    const { run_id = '' } = (await readPublishedRun(lake.store)) ?? {};
    const renewed = await new GlueTables(lake.clients.glue, moved().database).all();
    expect(renewed.flatMap((view) => runsRead(view, moved()))).toEqual([run_id]);
    await new GlueTables(lake.clients.glue, moved().database).close();
    await new GlueTables(lake.clients.glue, runDatabase(moved().database, run_id)).close();
    expect(await finishBrokenSwitch(moved(), lake.clients)).toBe(false);
    await expect(clean()).rejects.toThrow('nothing is deleted');
    const next = await builtInto(moved());
    await next.build.switchTo(manifestOf(next.runId));
    await next.build.discard();
    expect((await clean()).runs).not.toContain(next.runId);
    expect((await lake.store.listObjects(runFolder(next.runId))).length).toBeGreaterThan(0);
    expect((await clean()).runs).toEqual([]);
  });
});
