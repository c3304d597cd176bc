import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { cleanRuns } from '../../functions/adapters/athena-clean.ts';
import { readPublishedRun, runsRead } from '../../functions/adapters/athena-views.ts';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { databasesNamed, GlueTables } from '../../functions/adapters/glue-tables.ts';
import { loadFacts, loadSource } from '../../functions/adapters/project-files.ts';
import type { Catalogue } from '../../functions/core/catalogue.ts';
import { Home } from '../../functions/local/home.ts';
import { importFiles } from '../../functions/use-cases/import-files.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';
import type { KillPoint } from '../support/athena/counted-calls.ts';
import { publishedRows, type Reader, startReader } from '../support/athena/reader.ts';
import { reducedCatalogue, reducedMarts, reducedRun } from '../support/athena/reduced-run.ts';
import { callsOf, runProcess, scriptPath } from '../support/athena/run-process.ts';
import { chanceOf } from '../support/chance.ts';

const seed = 20261125;

let lake: AthenaLake;
let home: Home;
let catalogue: Catalogue;
let calls: readonly string[];
let expected: Readonly<Record<string, readonly string[]>>;
let reader: Reader;

const touchpointLines = Array.from(
  { length: 60 },
  (_, index) =>
    `product_viewed,2025-${String((index % 12) + 1).padStart(2, '0')}-11T09:${String(index).padStart(2, '0')}:00Z,T-${index},A-${index % 7}`,
);
const spendLines = Array.from(
  { length: 20 },
  (_, index) => `2025-0${(index % 9) + 1}-03,paid_search,bahar-${index},${index}.25,TRY`,
);

async function importText(source: string, name: string, lines: readonly string[]): Promise<void> {
  const path = join(lake.folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  const { projectFolder } = home;
  await importFiles(
    [path],
    await loadSource(source, projectFolder),
    await loadFacts(),
    await home.importPorts(),
  );
}

const WRONG_CHECK = {
  name: 'there is no spend',
  sql: 'select count(*) as n from spend having count(*) > 0',
  severity: 'block' as const,
};

const child = (options: { readonly kill?: KillPoint; readonly callsFile?: string }) =>
  runProcess(scriptPath('test/support/athena/killed-run.ts'), [join(lake.folder, 'home'), lake.config], {
    folder: lake.folder,
    ...options,
  });

beforeAll(async () => {
  lake = await openAthenaLake(inject('bed'), 'kills-runs');
  home = await Home.open({
    home: join(lake.folder, 'home'),
    config: lake.config,
    telemetry: silentTelemetry,
  });
  catalogue = await reducedCatalogue();
  await importText('touchpoints', 'touchpoints.csv', [
    'event,occurred_at,touchpoint_id,anonymous_id',
    ...touchpointLines,
  ]);
  await importText('ad-spend', 'spend.csv', [
    'day,marketing_channel,campaign_name,amount,currency_code',
    ...spendLines,
  ]);
  const callsFile = join(lake.folder, 'calls');
  const first = await child({ callsFile });
  expect(first.output).toBe('');
  calls = await callsOf(callsFile);
  expected = await publishedRows(lake, reducedMarts);
  reader = startReader(lake, expected);
});

afterAll(async () => {
  await reader.stop();
  await home.close();
  await lake.remove();
});

/** What there is of runs, in Glue and in S3, that neither the published run nor the one before it has. */
async function orphans(): Promise<readonly string[]> {
  const published = await readPublishedRun(lake.store);
  const good = [published?.run_id, ...(published?.previous_run_ids ?? [])];
  const isGood = (text: string) => good.some((id) => id && text.toUpperCase().includes(id));
  const { database } = lake.settings;
  const databases = (await databasesNamed(lake.clients.glue, `${database}_run_`)).map(({ name }) => name);
  const tables = await Promise.all(
    databases.map(async (name) =>
      (await new GlueTables(lake.clients.glue, name).all()).map((table) => `${name}.${table.name}`),
    ),
  );
  const work = tables.flat().filter((name) => !reducedMarts.some((mart) => name.endsWith(`.${mart}`)));
  const keys = (await lake.store.listObjects('runs/')).map(({ key }) => key);
  // reports are what runs tell of themselves, and stay
  const built = keys.filter((key) => !/^runs\/(manifest|[^/]*)\.json$/.test(key));
  return [
    ...databases.filter((name) => !isGood(name)),
    ...work,
    ...built.filter((key) => !isGood(key) || key.includes('/work/')),
    ...(published?.is_switched ? [] : ['the switch is not finished']),
  ];
}

async function runsOfViews(): Promise<readonly string[]> {
  const views = await new GlueTables(lake.clients.glue, lake.settings.database).all();
  return [...new Set(views.flatMap((view) => runsRead(view, lake.settings)))];
}

const MANIFEST = 'PutObjectCommand warehouse/runs/manifest.json';
const BEGUN = 'CreateDatabaseCommand';

/** Moments spread over the phases of a run; which call of a phase it is, and on which side of it, is chance. */
function moments(): readonly (readonly [name: string, kill: KillPoint])[] {
  const chance = chanceOf(seed);
  const side = () => chance.pick(['before', 'after'] as const);
  const [begun, named, switched] = [
    calls.indexOf(`${BEGUN} `),
    calls.indexOf(MANIFEST),
    calls.lastIndexOf(MANIFEST),
  ];
  expect(begun > 0 && named > begun && switched > named).toBe(true);
  const building = (part: number): KillPoint => {
    const from = Math.floor(((named - begun) * part) / 4);
    return {
      after: BEGUN,
      nth: chance.whole(from + 1, from + Math.floor((named - begun) / 4) - 1),
      when: side(),
    };
  };
  const view = `create or replace view "${lake.settings.database}".`;
  return [
    ['while the lake is looked at', { nth: chance.whole(1, 4), when: side() }],
    ['in the first quarter of the build', building(0)],
    ['in the second', building(1)],
    ['in the third', building(2)],
    ['in the last, with the audits', building(3)],
    ['between manifest and views', { matching: MANIFEST, nth: 1, when: 'after' }],
    ['at a view', { matching: view, nth: chance.whole(1, 3), when: side() }],
    ['between two views', { matching: view, nth: chance.whole(2, 3), when: 'before' }],
    ['when all views are switched', { matching: MANIFEST, nth: 2, when: side() }],
    [
      'in the clean-up',
      { after: MANIFEST, nth: chance.whole(switched - named + 1, calls.length - named - 1), when: side() },
    ],
  ];
}

it('a run killed at ten moments and run again: the same relations, readers undisturbed, no orphans', async () => {
  const started = performance.now();
  let lastReads = 0;
  for (const [name, kill] of moments()) {
    const place = `seed ${seed}, ${name}: ${JSON.stringify(kill)}`;
    const killed = await child({ kill });
    expect(killed.signal, `${place}\n${killed.output}`).toBe('SIGKILL');

    await reducedRun(home, catalogue);

    expect(await publishedRows(lake, reducedMarts), place).toEqual(expected);
    await cleanRuns(lake.settings, lake.clients, new Date());
    expect(await orphans(), place).toEqual([]);
    expect(await runsOfViews(), place).toEqual([(await readPublishedRun(lake.store))?.run_id]);
    expect(reader.faults, place).toEqual([]);
    expect(reader.reads, place).toBeGreaterThan(lastReads);
    lastReads = reader.reads;
    console.log(`  killed and run again: ${place}`);
  }
  console.log(
    `  10 kills, ${calls.length} calls of a run, ${reader.reads} reads undisturbed, ${Math.round((performance.now() - started) / 1000)} s`,
  );
}, 600_000);

it('a run whose audit fails leaves its report, and nothing else', async () => {
  const before = { published: await readPublishedRun(lake.store), orphans: await orphans() };
  const models = catalogue.models.map((model) =>
    model.name === 'spend' ? { ...model, definition: { ...model.definition, checks: [WRONG_CHECK] } } : model,
  );

  const failed = reducedRun(home, { ...catalogue, models });

  await expect(failed).rejects.toMatchObject({
    failures: [expect.stringContaining('spend: there is no spend')],
  });
  expect(await readPublishedRun(lake.store)).toEqual(before.published);
  expect(await orphans()).toEqual(before.orphans);
  expect(await publishedRows(lake, reducedMarts)).toEqual(expected);
});

it('a model that fails is named with its file and line, and leaves nothing', async () => {
  const models = catalogue.models.map((model) =>
    model.name === 'touchpoint_times'
      ? { ...model, sql: 'select touchpoint_id,\n  occured_at as occurred_at, event\nfrom raw_touchpoints' }
      : model,
  );

  const failed = reducedRun(home, { ...catalogue, models });

  await expect(failed).rejects.toThrow(/^sql\/marts\/touchpoint_times\.sql: line 2: .*occured_at/);
  expect(await orphans()).toEqual([]);
  expect(await publishedRows(lake, reducedMarts)).toEqual(expected);
});

it('a killed process of the command line leaves what `dongu clean` deletes, and nobody is disturbed', async () => {
  const kill: KillPoint = { after: BEGUN, nth: chanceOf(seed + 1).whole(40, 60), when: 'after' };
  const options = ['--home', join(lake.folder, 'home'), '--config', lake.config];
  const dongu = (command: readonly string[], more: { readonly kill?: KillPoint } = {}) =>
    runProcess(scriptPath('bin/dongu.mjs'), [...options, ...command], { folder: lake.folder, ...more });

  const killed = await dongu(['run', '--engine', 'athena', '--select', 'spend'], { kill });

  expect(killed.signal, killed.output).toBe('SIGKILL');
  expect((await orphans()).length).toBeGreaterThan(0);
  const { code, output } = await dongu(['clean', '--older-than', '0']);
  expect(output).toMatch(/run [0-9A-Z]{26} deleted\n.*1 runs with \d+ objects deleted/);
  expect(code).toBe(0);
  expect(await orphans()).toEqual([]);
  expect(await publishedRows(lake, reducedMarts)).toEqual(expected);
  expect(reader.faults).toEqual([]);
});
