import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { openDuckdbBuild } from '../../../functions/adapters/duckdb-build.ts';
import type { Catalogue } from '../../../functions/core/catalogue.ts';
import type { Configuration } from '../../../functions/core/configuration.ts';
import type { Manifest, Snapshot } from '../../../functions/core/snapshot.ts';
import type { RunManifest } from '../../../functions/ports/build.ts';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';
import { publishSnapshot } from '../../../functions/use-cases/publish-snapshot.ts';
import { leaseKey, withRunLease } from '../../../functions/use-cases/run-lease.ts';
import { runPipeline } from '../../../functions/use-cases/run-pipeline.ts';
import { playing, type Recording } from '../recorded-ports.ts';
import type { Finding, Scenario, Turn } from './fault-loop.ts';
import { World } from './world.ts';
import type { WorldBucket } from './world-bucket.ts';
import type { WorldProcess } from './world-process.ts';

export interface RunScenarioPorts {
  /** With a lake, and nothing published. */
  readonly landed: WorldBucket;
  /** What the warehouse answered to this very run. */
  readonly record: Recording;
  readonly asOf: Date;
  readonly catalogue: Catalogue;
  readonly configuration: Configuration;
  readonly folder: (turn: number) => string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Pages that say whose they are, so that a mixture is seen. The real ones are tried in the crash tests. */
const pages = ['index.html', 'tr/index.html', 'en/index.html'];
const renderSite = ({ manifest }: Snapshot) => [
  { path: `assets/${sha256(manifest.asOf).slice(0, 8)}.css`, content: manifest.asOf, mutable: false },
  ...pages.map((path) => ({ path, content: manifest.snapshotId, mutable: true })),
];

/**
 * Lease, build, audits, publication and switch: what `dongu run` does. The engine's answers are played; its file holds the id of the
 * run, so that it can be told whose it is.
 */
export function runScenario(ports: RunScenarioPorts): Scenario {
  let turns = 0;
  return {
    name: 'run',
    open: async (seed) => {
      turns += 1;
      const bucket = await ports.landed.copyTo(ports.folder(turns));
      return turnOf(new World({ seed, bucket, now: new Date('2035-01-01T00:00:00Z') }), ports);
    },
  };
}

interface Finished {
  readonly runId: string;
  readonly token: number;
}

function turnOf(world: World, ports: RunScenarioPorts): Turn {
  const finished: Finished[] = [];
  const { store } = world.start();
  let runs = 0;
  const judgeAll = async () => [...(await judgeReaders(store)), ...(await judgePublished(store, finished))];
  return {
    world,
    isQuiet: () => finished.length > 0,
    close: async () => {},
    judgeAlways: () => judgeReaders(store),
    judgeAwake: judgeAll,
    judgeQuiet: judgeAll,
    work: async (process) => {
      runs += 1;
      finished.push(await run(process, `run-${runs}`, ports));
    },
  };
}

/** Each process is another holder: it runs on a machine of its own. */
function run(process: WorldProcess, runId: string, ports: RunScenarioPorts): Promise<Finished> {
  const { store, clock } = process;
  const telemetry = silentTelemetry;
  const { catalogue, configuration, asOf } = ports;
  return withRunLease({ store, clock, holder: runId }, async (lease) => {
    await runPipeline(
      { runId, asOf, select: undefined, catalogue, configuration },
      {
        store,
        clock,
        telemetry,
        lease,
        openBuild: (id) =>
          openDuckdbBuild(store, id, async (_, path) => {
            await mkdir(dirname(path), { recursive: true });
            const warehouse = await playing(ports.record, path);
            await writeFile(path, runId);
            return warehouse;
          }),
      },
      async (warehouse, report) => {
        const publication = {
          snapshotId: `snapshot of ${runId}`,
          generatedAt: clock.now(),
          gitSha: 'test',
          configuration,
        };
        await publishSnapshot(warehouse, report, publication, { store, telemetry, lease, renderSite });
      },
    );
    return { runId, token: lease.token };
  });
}

const torn = (text: string): Finding => ({ check: 'torn', text });

async function json<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const text = await store.getText(key);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

const snapshotOf = (store: ObjectStore): Promise<Manifest | undefined> =>
  json<Manifest>(store, 'dashboards/manifest.json');

/** That whoever reads now finds every file that is named, with the very bytes. */
async function judgeReaders(store: ObjectStore): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const snapshot = await snapshotOf(store);
  const kept = snapshot && (await store.getText(`dashboards/m/${snapshot.snapshotId}.json`));
  if (snapshot && kept !== (await store.getText('dashboards/manifest.json'))) {
    findings.push(torn(`the snapshot ${snapshot.snapshotId} is not the one that is kept`));
  }
  const files = Object.values(snapshot?.views ?? {}).flatMap((view) => Object.values(view.files));
  for (const file of files) {
    const digest = await store.digest(`dashboards/${file.path}`);
    if (digest?.sha256 !== file.sha256) {
      findings.push(torn(`${file.path} is named, and not there as it was published`));
    }
  }
  for (const page of pages) {
    const id = await store.getText(`dashboards/${page}`);
    if (id !== undefined && (await store.getText(`dashboards/m/${id}.json`)) === undefined) {
      findings.push(torn(`${page} shows ${id}, which is not published`));
    }
  }
  const published = await json<RunManifest>(store, 'runs/manifest.json');
  if (published && (await store.getText('warehouse.duckdb')) === undefined) {
    findings.push(torn(`run ${published.run_id} is published without a warehouse`));
  }
  return findings.slice(0, 1);
}

/** That everything is of one run: the one of the latest lease that came to its end. */
async function judgePublished(
  store: ObjectStore,
  finished: readonly Finished[],
): Promise<readonly Finding[]> {
  const last = [...finished].sort((a, b) => b.token - a.token)[0];
  const snapshot = await snapshotOf(store);
  const said: Record<string, string | undefined> = {
    'the warehouse': await store.getText('warehouse.duckdb'),
    'the manifest': (await json<RunManifest>(store, 'runs/manifest.json'))?.run_id,
    'the snapshot': snapshot?.run.runId,
  };
  for (const page of pages) {
    said[page] = (await store.getText(`dashboards/${page}`))?.replace('snapshot of ', '');
  }
  const findings = Object.entries(said)
    .filter(([, runId]) => runId !== last?.runId)
    .map(([what, runId]) => torn(`${what} is of ${runId}, and ${last?.runId} was last`));
  const left = (await store.list('runs')).filter((key) => key.includes('building-'));
  if (left.length > 0) {
    findings.push({ check: 'stuck', text: `${left[0]} lies around for ever` });
  }
  const lease = await json<{ readonly expires_at: string | null }>(store, leaseKey);
  if (lease?.expires_at !== null) {
    findings.push({ check: 'stuck', text: 'the lease is held by a run that has ended' });
  }
  if (new Set(finished.map(({ token }) => token)).size !== finished.length) {
    findings.push({ check: 'doubled', text: 'two runs had the same token' });
  }
  return findings;
}
