import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bed, startBed } from '../../../test/support/bed/bed.ts';
import type { GateCall } from '../../../test/support/bed/gate.ts';
import { credentials as servicesOfBed } from '../../../test/support/bed/ministack.ts';
import { ordersInAthena, rowsInAthena, tellWorkGroups, timesInAthena } from './support/ask-athena.ts';
import {
  type AssemblyStack,
  isDeployable,
  namedQueriesOf,
  readAssembly,
  type Template,
  withEntry,
  withTemplates,
} from './support/assembly.ts';
import { account, Cdk, region } from './support/cdk-command.ts';
import { ClosedLoop } from './support/closed-loop.ts';
import { corrected, expectedTables } from './support/expected.ts';
import { followAll, makeDeadLetter, removal, shellOf } from './support/followed-runbooks.ts';
import { rowsInWarehouse } from './support/found.ts';
import { functionCode } from './support/function-code.ts';
import { deniedCalls, type Grants, readGrants, readPlace } from './support/grants.ts';
import { Installation } from './support/installation.ts';
import { keptBy, leftOf } from './support/left.ts';
import { LocalTwin } from './support/local-twin.ts';
import {
  askCollector,
  collectAndLand,
  dropFile,
  expectedOrders,
  expectedTiles,
  foundTables,
  foundTiles,
  foundTimes,
  order,
  type Parts,
  partsOf,
  zippedItem,
} from './support/proof.ts';
import { RuntimeClient } from './support/runtime-client.ts';
import { makeOrders, touchpointsFile } from './support/sent.ts';
import { httpApiEvent } from './support/true-events.ts';

/** What a trial differs in from what is deployed without a word: the processor of this machine, and no minute of gathering. */
const configuration = `deploy:
  architecture: ${process.arch === 'arm64' ? 'arm64' : 'x86_64'}
  land: { gather_seconds: 1 }
`;

let folder: string;
let assembly: string;
let bed: Bed;
let cdk: Cdk;
let stacks: readonly AssemblyStack[];
let installation: Installation;
let parts: Parts;
let twin: LocalTwin;

// as schedules say instants
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const bySdk = makeOrders('sdk', 120, 30, now);
const byFile = makeOrders('file', 40, 15, now);
const later = makeOrders('later', 30, 12, now);
const tiles = ['orders', 'net_revenue', 'new_customers'];

const names = (): readonly string[] => stacks.map(({ name }) => name);
const calls = (): readonly GateCall[] => bed.account?.gate.calls ?? [];

async function grantsOf(beginning: string): Promise<Grants> {
  const name = installation.function(beginning);
  const found = (await readGrants(installation)).find((grants) => grants.name === name);
  if (found === undefined) throw new Error(`nobody knows the rights of ${name}`);
  return found;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-deploy-'));
  assembly = join(folder, 'app');
  const file = join(folder, 'dongu.yaml');
  await writeFile(file, configuration);
  bed = await startBed({ isAccount: true });
  cdk = new Cdk(bed.address.awsEndpoint);
  await cdk.synth(assembly, '--context', `configuration=${file}`);
  stacks = (await readAssembly(assembly)).filter(isDeployable);
  await cdk.run('bootstrap', `aws://${account}/${region}`, '--app', assembly);
});

afterAll(async () => {
  await twin?.close();
  await bed?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the stacks, deployed by the cdk command', () => {
  it('are created, all of them that the emulator knows', async () => {
    await cdk.deploy(assembly, names());
    installation = await Installation.read(bed.address.awsEndpoint, names());
    parts = partsOf(installation);
    await tellWorkGroups(installation, {
      emulator: bed.account?.emulator ?? '',
      facade: bed.address.athenaEndpoint,
    });
    const wanted = stacks.flatMap(({ name, template }) =>
      Object.keys(template.Resources).map((id) => `${name} ${id}`),
    );
    const created = new Set(installation.resources.map(({ stack, logicalId }) => `${stack} ${logicalId}`));

    expect(wanted.filter((resource) => !created.has(resource))).toEqual([]);
    expect(names()).toEqual(['dongu-stateful', 'dongu-stateless', 'dongu-edge']);
  });

  it('are healthy without a write key, and tell senders to come again', async () => {
    expect(await askCollector(installation, parts, '/health')).toMatchObject({ status: 200 });
    expect(await askCollector(installation, parts, '/v1/batch', zippedItem('text/plain'))).toEqual({
      status: 503,
      reason: 'no_write_keys',
      retryAfter: '60',
    });
    // so long a list without keys is believed
    await sleep(1100);
  });

  it('take what an SDK sends to the collector, and a file in the inbox', async () => {
    await collectAndLand(installation, parts, bySdk);
    await dropFile(installation, parts, 'orders.csv', byFile);
  });

  it('unzip what the API gives as bytes, and refuse what it has read as text', async () => {
    const answers = ['application/octet-stream', 'application/json'].map((type) =>
      askCollector(installation, parts, '/v1/batch', zippedItem(type)),
    );

    expect(await Promise.all(answers)).toMatchObject([
      { status: 200 },
      { status: 415, reason: 'gzip_as_text' },
    ]);
  });
});

describe('their runs', () => {
  beforeAll(async () => {
    twin = await LocalTwin.open(installation, join(folder, 'twin'));
  });

  it('go as the schedule orders it: tables and page hold exactly what was sent', async () => {
    const { target, input } = await installation.scheduled(parts.schedule, now);
    const outcome = await order(installation, parts, input);
    const collected = corrected(bySdk, await foundTimes(installation, parts));
    await twin.take(collected);
    await twin.import(byFile);
    const sent = [...collected, ...byFile];

    expect(target).toBe(parts.machine);
    expect(outcome).toMatchObject({ state: 'published', engine: 'duckdb', asOf: now.toISOString() });
    expect(await foundTables(installation, parts)).toEqual(expectedTables(sent));
    expect(await foundTiles(installation, parts, tiles)).toEqual(expectedTiles(sent));
  });

  it('have the tables and the page of a home to which the same was sent', async () => {
    await twin.run(now);
    const tables = await twin.tablesLike(parts);
    const page = await twin.pageLike(parts);

    console.log(`  ${tables.tables} tables, ${tables.rows} rows; ${page.files} files of the page`);
    expect(tables.differences).toEqual([]);
    expect(tables.rows).toBeGreaterThan(500);
    expect(page.differences).toEqual([]);
    expect(page.files).toBeGreaterThan(30);
  });

  it('build once an order that comes twice', async () => {
    const { input } = await installation.scheduled(parts.schedule, now);

    expect(await order(installation, parts, input)).toMatchObject({ state: 'published_before' });
  });
});

describe('their runs on Athena', () => {
  it('go over what came later too', { timeout: 10 * 60_000 }, async () => {
    await collectAndLand(installation, parts, later);
    const begin = calls().length;
    const input = JSON.stringify({ engine: 'athena', asOf: now.toISOString() });
    const outcome = await order(installation, parts, input);
    const sent = [...bySdk, ...byFile, ...later];

    expect(outcome).toMatchObject({ state: 'published', engine: 'athena' });
    expect(await ordersInAthena(installation)).toEqual(expectedOrders(sent));
    expect(await foundTiles(installation, parts, tiles)).toEqual(expectedTiles(sent));
    // Athena acts for whoever asks it, with the rights of the asking role
    const forTheRun = calls()
      .slice(begin)
      .filter(({ accessKey }) => accessKey === servicesOfBed.accessKeyId);
    expect(forTheRun.length).toBeGreaterThan(0);
    const place = await readPlace(installation);
    expect(deniedCalls(forTheRun, await grantsOf('RunsRun'), place)).toEqual([]);
    // that the judge does say no: to a role that has no business with the catalogue
    expect(deniedCalls(forTheRun, await grantsOf('LandingImport'), place).join('\n')).toMatch(
      /glue:GetTable/,
    );
  });

  it('answer the named queries of the operations stack, as they are in its template', async () => {
    const queries = await namedQueriesOf(assembly);
    const answers = await Promise.all(
      queries.map(async ({ name, sql }) => [name, (await rowsInAthena(installation, sql)).length] as const),
    );

    expect(queries.length).toBeGreaterThanOrEqual(6);
    // of months that are over, and all was sent in this one, unless it has just begun
    const ofCompleteMonths = ['dongu: kpis by month', 'dongu: where customers drop off'];
    expect(ofCompleteMonths).toEqual(
      expect.arrayContaining(answers.filter(([, rows]) => rows === 0).map(([name]) => name)),
    );
  });

  it('have there the marts and the page of that home', async () => {
    await twin.take(corrected(later, await timesInAthena(installation)));
    await twin.run(now);
    const marts = await twin.martsLike(parts);
    const page = await twin.pageLike(parts);

    console.log(`  ${marts.relations.length} marts with rows, ${marts.cells} cells`);
    expect(marts.differences).toEqual([]);
    expect(marts.relations).toEqual(expect.arrayContaining(['orders', 'customers', 'kpi_values']));
    expect(page.differences).toEqual([]);
  });
});

describe("the bundles, under AWS's own runtime client", () => {
  let loop: ClosedLoop;

  beforeAll(async () => {
    loop = await ClosedLoop.open(installation, parts, { assembly, stacks });
  });

  afterAll(() => loop?.close());

  it('take, land, import, merge, run and publish: every entry answers its event', async () => {
    const [sent, dropped] = [makeOrders('loop', 9, 3, now), makeOrders('dropped', 5, 5, now)];

    expect(await loop.collect(sent)).toMatchObject({ statusCode: 200, body: '{"success":true}' });
    const queued = await loop.queued();
    // of the time that a function has, landing leaves a minute
    expect(await loop.land(queued, 50)).toEqual({
      batchItemFailures: [{ itemIdentifier: expect.any(String) }],
    });
    expect(await loop.land(queued)).toEqual({ batchItemFailures: [] });
    expect(await loop.import(dropped)).toEqual({ imported: 1, known: 0 });
    expect(await loop.compact()).toMatchObject({ state: 'compacted' });
    expect(await loop.run(now)).toMatchObject({
      state: 'published',
      engine: 'duckdb',
      asOf: now.toISOString(),
    });
    expect(await loop.tiles(tiles)).toEqual(expectedTiles([...sent, ...dropped]));
  });

  it('fail by name where something is missing: with an answer where it is a setting, at once where it is the layer', async () => {
    const from = { assembly, stacks };
    const collector = await functionCode(installation, parts.functions.collect, from);
    const landing = await functionCode(installation, parts.functions.land, from);
    const bare = await RuntimeClient.start({ ...collector, environment: {} });
    try {
      expect(await bare.invoke(httpApiEvent('GET', '/health'))).toMatchObject({
        kind: 'fault',
        type: 'ConfigurationError',
        message: expect.stringContaining('DONGU_LAKE is missing'),
      });
    } finally {
      await bare.stop();
    }
    await expect(RuntimeClient.start({ ...landing, layer: undefined })).rejects.toThrow(
      /init error .*Cannot find module '@duckdb\/node-api'/s,
    );
  });
});

describe('the runbooks', () => {
  it('do what they say, and tables hold what was sent when they are rebuilt from raw', {
    timeout: 15 * 60_000,
  }, async () => {
    const [dead, wrong] = [makeOrders('dead', 1, 1, now), makeOrders('wrong', 1, 1, now)];
    await Promise.all(dead.map((one) => makeDeadLetter(installation, one)));
    await installation.put(
      parts.lake,
      'inbox/touchpoints/wrong.csv',
      touchpointsFile(wrong).replace(/,(\d+)\.(\d\d),TRY/, ',"$1,$2",TRY'),
    );
    const sent = [...bySdk, ...byFile, ...later, ...dead];

    await followAll(await shellOf(installation, folder), installation, parts);

    // beside what other tests have sent
    const select = 'select distinct order_id from touchpoints';
    const [orders = []] = await rowsInWarehouse(installation, parts.lake, [select]);
    expect(orders.flat()).toEqual(expect.arrayContaining(sent.map(({ orderId }) => orderId)));
    // as of the last midnight, as an order without an instant is: of today's orders it tells nothing yet
    expect(await installation.keys(parts.dashboards, 'dashboards/manifest.json')).toHaveLength(1);
  });
});

describe('the stacks', () => {
  it('ask for nothing but what their roles allow', async () => {
    const place = await readPlace(installation);
    const denied = (await readGrants(installation)).flatMap((grants) => {
      const own = calls().filter(({ accessKey }) => accessKey === grants.accessKey);
      expect(own.length, `${grants.name} has called nobody`).toBeGreaterThan(0);
      return deniedCalls(own, grants, place);
    });

    expect(denied).toEqual([]);
  });

  it('are not changed by a second deployment', async () => {
    const told = ({ resources }: Installation): readonly string[] =>
      resources.map(({ logicalId, physicalId }) => `${logicalId} ${physicalId}`);
    const output = await cdk.deploy(assembly, names());

    expect([...output.matchAll(/\(no changes\)/g)]).toHaveLength(names().length);
    expect(told(await Installation.read(bed.address.awsEndpoint, names()))).toEqual(told(installation));
    expect((await cdk.try('diff', ...names(), '--app', assembly, '--fail')).code).toBe(0);
  });
});

interface Statement {
  Action: string | readonly string[];
  Effect: string;
}

/** Takes one action away from a role whose logical name begins so. */
function withoutGrant(template: Template, role: string, action: string): void {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::IAM::Policy' || !id.startsWith(role)) continue;
    const document = Properties?.PolicyDocument as { Statement: Statement[] };
    document.Statement = document.Statement.flatMap((statement) => {
      const left = [statement.Action].flat().filter((name) => name !== action);
      return left.length === 0 ? [] : [{ ...statement, Action: left }];
    });
  }
}

/** Puts the lake of a function under another prefix. */
function withOtherPrefix(template: Template, beginning: string): void {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function' || !id.startsWith(beginning)) continue;
    const environment = Properties?.Environment as { Variables: Record<string, unknown> } | undefined;
    const variables = environment?.Variables ?? {};
    variables.DONGU_LAKE = { 'Fn::Join': ['', [variables.DONGU_LAKE, '/elsewhere']] };
  }
}

const throwing = (code: string): string =>
  code.replace(
    /export\s*\{\s*[\w$]+ as handler\s*\};?/,
    "export const handler=async()=>{throw new Error('mutated')};",
  );

describe('the proof fails', () => {
  const few = makeOrders('mutated', 3, 3, now);

  const refused = /not landed.*not authorized to perform: s3:/s;

  /** What the judge says of the calls of landing since so many. */
  async function judged(begin: number): Promise<string> {
    const own = await grantsOf('LandingLand');
    const made = calls()
      .slice(begin)
      .filter(({ accessKey }) => accessKey === own.accessKey);
    return deniedCalls(made, own, await readPlace(installation)).join('\n');
  }

  /** Deploys a mutated app over the right one, and tells how sending to it fails. */
  async function failureWith(mutated: Promise<string>): Promise<string> {
    await cdk.deploy(await mutated, ['dongu-stateless']);
    try {
      await collectAndLand(installation, parts, few, 8);
      return 'it does not fail';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      await installation.purge(parts.queue);
    }
  }

  it('when a role lacks a grant: the function is refused, and the judge says which', async () => {
    const begin = calls().length;
    const failure = await failureWith(
      withTemplates(assembly, join(folder, 'grant'), (template) =>
        withoutGrant(template, 'LandingLand', 's3:PutObject'),
      ),
    );

    expect(failure).toMatch(refused);
    expect(await judged(begin)).toMatch(/s3:PutObject on .*lake\//);
  });

  it('when a function works under another prefix', async () => {
    const begin = calls().length;
    const failure = await failureWith(
      withTemplates(assembly, join(folder, 'prefix'), (template) => withOtherPrefix(template, 'LandingLand')),
    );

    expect(failure).toMatch(refused);
    expect(await judged(begin)).toMatch(/on .*\/elsewhere\/lake\//);
  });

  it('when a handler throws', async () => {
    const failure = await failureWith(withEntry(assembly, join(folder, 'throwing'), 'land', throwing));

    expect(failure).toMatch(/not landed.*mutated/s);
  });

  it('and no more with the stacks as they were', async () => {
    await cdk.deploy(assembly, ['dongu-stateless']);

    await collectAndLand(installation, parts, few);
  });
});

describe('removing', () => {
  it('leaves only what is kept by choice', async () => {
    installation = await Installation.read(bed.address.awsEndpoint, names());
    await removal.note(await shellOf(installation, folder));
    await cdk.destroy(assembly, names());

    expect([...(await leftOf(installation))].sort()).toEqual([...keptBy(stacks)].sort());
  });

  // Over the lake of this whole suite the emulator says BucketNotEmpty of one bucket when every version that it lists is
  // deleted; over a small one the block passes.
  // biome-ignore lint/suspicious/noSkippedTests: not understood yet, and named in docs/deploy-tests.md
  it.skip('takes that away too, by the commands of its runbook', async () => {
    await removal.remove(await shellOf(installation, folder));

    expect(await leftOf(installation)).toEqual([]);
  });
});
