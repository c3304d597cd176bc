import { randomInt, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSite } from '../../dashboards/render-site.ts';
import { type AthenaClients, athenaClients } from '../adapters/athena-build.ts';
import { athenaEngine } from '../adapters/athena-engine.ts';
import { isSuspended } from '../adapters/athena-suspension.ts';
import { BroughtObjectStore } from '../adapters/brought-object-store.ts';
import { broughtEngine, publishedInS3 } from '../adapters/brought-warehouse.ts';
import { DuckdbLanding } from '../adapters/duckdb-landing.ts';
import { loadCatalogue } from '../adapters/model-files.ts';
import { loadFacts, loadLandingTexts } from '../adapters/project-files.ts';
import { openS3Client } from '../adapters/s3-client.ts';
import { S3ObjectStore } from '../adapters/s3-object-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { openTemporaryFolder } from '../adapters/temporary-folder.ts';
import { AthenaEngine, type Configuration, type Engine } from '../core/configuration.ts';
import { servedAs } from '../core/content-type.ts';
import { LakeError } from '../core/errors.ts';
import { ulid } from '../core/identifiers.ts';
import { manifestKey } from '../core/run-fence.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { compactUnderLease } from '../use-cases/compact-under-lease.ts';
import { orderedRun, type RunOrder } from '../use-cases/ordered-run.ts';
import type { CompactWork } from './compact.ts';
import type { Environment } from './environment.ts';
import { lakeStore } from './installation.ts';
import { duckdbSettings, loadConfiguration, projectFolder } from './landing-installation.ts';
import type { RunWork } from './run.ts';

export interface RunInstallation {
  readonly environment: Environment<'lake' | 'dashboards'>;
  readonly telemetry: Telemetry;
  readonly clock?: Clock;
}

/** Of runs of either engine. */
const manifests = [manifestKey, publishedInS3.manifest];

interface Parts extends RunInstallation {
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly clients: AthenaClients;
  readonly lake: S3ObjectStore;
  /** Of one run, and empty at its beginning. */
  readonly temporary: string;
  readonly until: number;
}

/** What a run in the cloud is made of: an installation has no home, and each run a folder that ends with it. */
export function runWork(installation: RunInstallation): RunWork {
  const clients = athenaClients({});
  const { environment, telemetry, clock = systemClock } = installation;
  const lake = new S3ObjectStore(clients.s3, environment.lake);
  const pages = new S3ObjectStore(clients.s3, environment.dashboards, (key) => {
    const { contentType, cacheControl } = servedAs(key);
    return { ContentType: contentType, CacheControl: cacheControl };
  });
  return async (order, { holder, until, measure }) => {
    const configuration = await loadConfiguration(lake);
    const temporary = await openTemporaryFolder(tmpdir());
    const parts: Parts = { ...installation, clock, configuration, clients, lake, temporary, until };
    try {
      return await orderedRun(
        { ...order, runId: await goneOnWith(order, lake) },
        {
          lake,
          pages,
          clock,
          telemetry,
          renderSite,
          configuration,
          catalogue: await loadCatalogue(configuration, projectFolder),
          // the bundle is no clone
          gitSha: 'unknown',
          lease: { holder, manifests },
          newId: () => ulid(clock.now(), () => randomInt(32)),
          openEngine: async (engine) => engineOf(engine, parts),
          measure,
        },
      );
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  };
}

/** A run whose process was killed in its midst begins anew. */
async function goneOnWith({ runId }: RunOrder, lake: S3ObjectStore): Promise<string | undefined> {
  return runId !== undefined && (await isSuspended(lake, runId)) ? runId : undefined;
}

export interface CompactInstallation extends Pick<RunInstallation, 'telemetry' | 'clock'> {
  readonly environment: Environment<'lake'>;
}

/** Merging batches needs the clear values that a run must not reach: so it is a function of its own. */
export function compactWork({
  environment,
  telemetry,
  clock = systemClock,
}: CompactInstallation): CompactWork {
  const s3 = openS3Client({});
  return async ({ holder }) => {
    const temporary = await openTemporaryFolder(tmpdir());
    try {
      const store = lakeStore(
        environment,
        s3,
        (place) => new BroughtObjectStore(place, join(temporary, 'lake')),
      );
      const settings = duckdbSettings(environment, temporary);
      const ports = {
        store,
        landing: new DuckdbLanding(settings, await loadLandingTexts(), noSecrets),
        telemetry,
        relations: ['touchpoints', ...Object.keys(await loadFacts())],
        newAttempt: () => randomUUID(),
      };
      return await compactUnderLease(ports, { store, clock, holder, manifests });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  };
}

/** What is merged is hashed already. */
const noSecrets: Secrets = {
  identityKey: () => {
    throw new LakeError('merging asks for no key', 'This is a fault of the program: please report it.');
  },
};

function engineOf(engine: Engine, parts: Parts): RunEngine {
  const { configuration, environment, clients, lake, temporary } = parts;
  if (engine === 'duckdb') {
    const settings = duckdbSettings(environment, temporary);
    return broughtEngine(new BroughtObjectStore(lake, join(temporary, 'lake')), settings, parts.telemetry);
  }
  const settings = AthenaEngine.parse({
    ...configuration.engine.athena,
    root: environment.lake,
    ...(environment.database && { database: environment.database }),
    ...(environment.workgroup && { workgroup: environment.workgroup }),
  });
  return athenaEngine(settings, clients, parts);
}
