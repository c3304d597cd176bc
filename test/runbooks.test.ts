import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../functions/adapters/folder-object-store.ts';
import { FolderQueue } from '../functions/adapters/folder-queue.ts';
import { writeCollected } from '../functions/core/collected-request.ts';
import { type CollectProcess, dongu, startCollect } from './support/collect-process.ts';
import { pageDifferences, publishedPage } from './support/published-page.ts';
import { shimFolder } from './support/runbook-shims.ts';
import { follow, readRunbooks, type Step, unlike } from './support/runbooks.ts';
import { compareWarehouses } from './support/same-tables.ts';

const steps = readRunbooks();

describe('the page of runbooks', () => {
  it('has commands in every runbook, and says what most of them print', () => {
    const sections = [...new Set(steps.map(({ section }) => section))];

    expect(sections).toEqual([
      'Before you begin',
      'Dead letters',
      'Replay',
      'A run that fails',
      'Backfill',
      'A leaked write key',
      'Cost',
      'Restore from raw',
      'Removing',
    ]);
    expect(steps.filter(({ expected }) => expected !== undefined).length).toBeGreaterThan(20);
  });

  it('is not like what something else prints', () => {
    expect(unlike('  ✓ 12 audits hold\n', '✓ … audits hold')).toBeUndefined();
    expect(unlike('id   n\na    1\nb    2\n', 'id  n\n…\nb  2')).toBeUndefined();
    expect(unlike('  ✓ 12 audits hold\nwarning\n', '✓ … audits hold')).toContain('warning');
    expect(unlike('1\n', '2')).toContain('where the page says');
    expect(unlike('', '0')).toContain('where the page says');
    expect(() => readRunbooks('## A\n```bash\nls\n```\n')).toThrow('nobody would run');
  });

  it('fails where a command of it does', async () => {
    const step = (commands: string, expected?: string): Step => ({
      section: 'A',
      place: 'here',
      commands,
      expected,
    });
    const plan = { folder: tmpdir(), environment: {} };

    await expect(follow([step('echo a\n', 'a'), step('false\necho b\n')], plan)).rejects.toThrow(
      'ended with 1',
    );
    await expect(follow([step('echo a\n', 'b')], plan)).rejects.toThrow('where the page says');
  });
});

const loyaltySource = `source: loyalty
version: 1
description: Points of an app, sent as a webhook.
format: ndjson
lawful_basis: contract
columns: { card: { required: true }, at: { required: true } }
key: [card, at]
yields: [touchpoints]
`;
const loyaltySelect = `select ingest_id, 'loyalty_points_earned' as event, "at" as occurred_at, card as loyalty_id
from source_rows
`;

const pointsSource = (version: number): string => `source: points
version: ${version}
description: Points in files.
format: csv
lawful_basis: contract
columns: { card: { required: true }, at: { required: true }, action: { required: true } }
key: [card, at]
yields: [touchpoints]
`;
const pointsSelect = (actions: string): string => `select
    ingest_id,
    'loyalty_points_' || action as event,
    "at" as occurred_at,
    card as loyalty_id,
    case when action not in (${actions}) then 'unknown_action' end as reject_reason
from source_rows
`;

const linksSource = (version: number): string => `source: links
version: ${version}
description: Which identifier a system has put in the place of another one.
format: csv
lawful_basis: contract
columns: { old: { required: true }, new: { required: true } }
key: [old]
yields: [touchpoints]
`;
const linksSelect = (kind: string): string =>
  `select ingest_id, ${kind} '2026-10-01T10:00:00Z' as occurred_at, new as anonymous_id from source_rows\n`;

/** Each follows from the one before: longer than rounds of the closure reach. */
const chain = Array.from({ length: 13 }, (_, n) => `a${100 + n},a${101 + n}`).join('\n');

let folder: string;
let home: string;
let environment: NodeJS.ProcessEnv;
let collect: CollectProcess | undefined;

async function writeAll(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Two messages that came five times. */
async function makeDeadLetters(): Promise<void> {
  const points = ['{"card":"L-1","at":"2026-10-02T10:00:00Z"}', '{"card":"L-2","at":"2026-10-02T10:00:00Z"}'];
  const requestId = '01M89CJAJ96HKEM81MZQ7WCKPQ';
  const lost = writeCollected({ requestId, source: 'loyalty', receivedAt: new Date(), items: points });
  const queue = new FolderQueue(join(home, 'queue'));
  await Promise.all([lost, 'what a disk has left of a message'].map((body) => queue.send(body)));
  await queue.close();
  for (let receives = 0; receives <= 5; receives += 1) {
    await new FolderQueue(join(home, 'queue')).receive(10, 0.001);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-runbooks-'));
  home = join(folder, '.dongu');
  await writeAll({
    'dongu.yaml': '',
    'backup/loyalty.yml': loyaltySource,
    'backup/loyalty.sql': loyaltySelect,
    'sources/points.yml': pointsSource(1),
    'sources/points.sql': pointsSelect("'earned', 'redeemed'"),
    'mended/points.yml': pointsSource(2),
    'mended/points.sql': pointsSelect("'earned', 'redeemed', 'given'"),
    'points.csv':
      'card,at,action\nL-1,2026-11-01T10:00:00Z,earned\nL-2,2026-11-01T11:00:00Z,redeemed\nL-3,2026-11-01T12:00:00Z,given\n',
    'older.csv': 'card,at,action\nL-1,2026-05-01T10:00:00Z,earned\nL-9,2026-05-02T10:00:00Z,earned\n',
    'sources/links.yml': linksSource(1),
    'sources/links.sql': linksSelect("'alias' as kind, old as previous_id,"),
    'mended/links.yml': linksSource(2),
    'mended/links.sql': linksSelect("'link_changed' as event,"),
    'links.csv': `old,new\n${chain}\n`,
  });
  environment = {
    // biome-ignore lint/style/noProcessEnv: where commands are found
    PATH: [await shimFolder(folder), dirname(process.execPath), process.env.PATH].join(delimiter),
    TZ: 'UTC',
  };
  const made = await dongu(home, 'collect', 'keys', 'new', '--source', 'segment', '--id', 'shop');
  expect(
    await dongu(
      home,
      '--config',
      join(folder, 'dongu.yaml'),
      'import',
      join(folder, 'points.csv'),
      '--source',
      'points',
    ),
  ).toMatchObject({ code: 0 });
  await makeDeadLetters();
  collect = await startCollect(home, '--no-land');
  environment = { ...environment, OLD_KEY: made.stdout.trim(), COLLECTOR: collect.url };
});

afterAll(async () => {
  await collect?.stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const here = (section: string): readonly Step[] =>
  steps.filter((step) => step.place === 'here' && step.section === section);

/** One after the other: each begins with what the one before has left. */
describe('the runbooks, followed in a home', { timeout: 5 * 60_000 }, () => {
  for (const section of ['Dead letters', 'Replay', 'A run that fails', 'Backfill', 'A leaked write key']) {
    it(`${section}: its commands do what the page says`, () =>
      follow(here(section), { folder, environment }));
  }

  it('Restore from raw: the same tables and pages again, and a lost object', async () => {
    const [first = [], ...rest] = [here('Restore from raw').slice(0, 1), here('Restore from raw').slice(1)];
    const before = join(folder, 'before.duckdb');
    await cp(join(home, 'warehouse.duckdb'), before);
    const pages = await publishedPage(new FolderObjectStore(home));

    await follow(first, { folder, environment });

    const compared = await compareWarehouses(before, join(home, 'warehouse.duckdb'));
    expect(compared.differences).toEqual([]);
    expect(compared.rows).toBeGreaterThan(100);
    const again = await publishedPage(new FolderObjectStore(home));
    expect(Object.keys(again).length).toBeGreaterThan(10);
    expect(pageDifferences(pages, again)).toEqual([]);
    await cp(join(home, 'lake'), join(folder, 'backup', 'lake'), { recursive: true });
    const [lost = ''] = (await readdir(join(home, 'lake', 'raw', 'items'), { recursive: true })).filter(
      (file) => file.endsWith('.parquet'),
    );
    await rm(join(home, 'lake', 'raw', 'items', lost));
    await follow(rest.flat(), { folder, environment });
  });

  it('leave none of the commands out', () => {
    const sections = [
      'Dead letters',
      'Replay',
      'A run that fails',
      'Backfill',
      'A leaked write key',
      'Restore from raw',
    ];
    const run = sections.flatMap(here);

    expect(run).toEqual(steps.filter(({ place }) => place === 'here'));
    expect(run.length).toBeGreaterThan(12);
  });
});
