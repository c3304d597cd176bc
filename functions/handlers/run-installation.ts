import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSite } from '../../dashboards/render-site.ts';
import { type AthenaClients, athenaClients } from '../adapters/athena-build.ts';
import { athenaEngine } from '../adapters/athena-engine.ts';
import { BroughtObjectStore } from '../adapters/brought-object-store.ts';
import { broughtEngine, publishedInS3 } from '../adapters/brought-warehouse.ts';
import { loadCatalogue } from '../adapters/model-files.ts';
import { S3ObjectStore } from '../adapters/s3-object-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { openTemporaryFolder } from '../adapters/temporary-folder.ts';
import { AthenaEngine, type Configuration, type Engine, readConfiguration } from '../core/configuration.ts';
import { servedAs } from '../core/content-type.ts';
import { ulid } from '../core/identifiers.ts';
import { manifestKey } from '../core/run-fence.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { orderedRun } from '../use-cases/ordered-run.ts';
import type { RunWork } from './run.ts';
import type { RunEnvironment } from './run-environment.ts';

export interface RunInstallation {
  readonly environment: RunEnvironment;
  readonly telemetry: Telemetry;
  readonly clock?: Clock;
  /** Folder of the project's own lifecycles. */
  readonly projectFolder: string;
}

interface Parts extends RunInstallation {
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly clients: AthenaClients;
  readonly lake: S3ObjectStore;
  /** Of one run, and empty at its beginning. */
  readonly temporary: string;
}

/** What a run in the cloud is made of: an installation has no home, and each run a folder that ends with it. */
export function runWork(installation: RunInstallation): RunWork {
  const clients = athenaClients({});
  const { environment, telemetry, projectFolder, clock = systemClock } = installation;
  const lake = new S3ObjectStore(clients.s3, environment.lake);
  const pages = new S3ObjectStore(clients.s3, environment.dashboards, (key) => {
    const { contentType, cacheControl } = servedAs(key);
    return { ContentType: contentType, CacheControl: cacheControl };
  });
  return async (order, { holder, measure }) => {
    const configuration = await configurationOf(environment, lake);
    const temporary = await openTemporaryFolder(tmpdir());
    const parts: Parts = { ...installation, clock, configuration, clients, lake, temporary };
    try {
      return await orderedRun(order, {
        lake,
        pages,
        clock,
        telemetry,
        renderSite,
        configuration,
        catalogue: await loadCatalogue(configuration, projectFolder),
        gitSha: environment.version,
        lease: { holder, manifests: [manifestKey, publishedInS3.manifest] },
        newId: () => ulid(clock.now(), () => randomInt(32)),
        openEngine: async (engine) => engineOf(engine, parts),
        measure,
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  };
}

/** As it is said in the environment, else as it lies in the lake, else all by default. */
async function configurationOf(environment: RunEnvironment, lake: S3ObjectStore): Promise<Configuration> {
  const text = environment.configuration ?? (await lake.getText('dongu.yaml')) ?? '';
  return readConfiguration(text, 'dongu.yaml');
}

function engineOf(engine: Engine, parts: Parts): RunEngine {
  const { configuration, environment, clients, lake, temporary } = parts;
  if (engine === 'duckdb') {
    const { memory_limit, threads } = configuration.engine;
    const settings = {
      memoryLimit: memory_limit,
      temporaryDirectory: temporary,
      ...(threads === undefined ? {} : { threads }),
    };
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
