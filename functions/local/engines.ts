import { openDuckdbBuild } from '../adapters/duckdb-build.ts';
import { DuckdbWarehouse } from '../adapters/duckdb-warehouse.ts';
import type { AthenaEngine, Engine } from '../core/configuration.ts';
import { ConfigurationError, errorText } from '../core/errors.ts';
import type { Build } from '../ports/build.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { RunPorts } from '../use-cases/run-pipeline.ts';
import type { Home } from './home.ts';

/** Runs that began later may be at work, on whatever machine. */
const RUN_HOURS = 24;

export interface EngineOfRun extends Pick<RunPorts, 'openBuild'> {
  /** Where the run finds the lake and leaves its report. */
  readonly store: ObjectStore;
  /** What there is to do before a build, such as bringing the lake to where the engine reads it. */
  prepare(): Promise<void>;
  /** What there is to do after a good run. */
  tidy(): Promise<void>;
}

export async function engineOf(home: Home, engine: Engine): Promise<EngineOfRun> {
  return engine === 'athena' ? athena(home) : duckdb(home);
}

function duckdb({ store, settings }: Home): EngineOfRun {
  const open = (runId: string, path: string) => DuckdbWarehouse.open(settings, runId, path);
  return {
    store,
    openBuild: (runId) => openDuckdbBuild(store, runId, open),
    prepare: async () => {},
    tidy: async () => {},
  };
}

export function athenaSettings(home: Home): AthenaEngine {
  const { athena: settings } = home.configuration.engine;
  if (!settings) {
    throw new ConfigurationError(
      'engine.athena is not set up in dongu.yaml',
      'Say at least engine: { athena: { root: s3://your-bucket } }; see docs/athena.md.',
    );
  }
  return settings;
}

/** Loads the clients of AWS only now: no other command waits for them. */
async function athena(home: Home): Promise<EngineOfRun> {
  const settings = athenaSettings(home);
  const [
    { athenaClients, openAthenaBuild },
    { cleanRuns, finishBrokenSwitch },
    { S3ObjectStore },
    { mirrorLake },
  ] = await Promise.all([
    import('../adapters/athena-build.ts'),
    import('../adapters/athena-clean.ts'),
    import('../adapters/s3-object-store.ts'),
    import('../use-cases/mirror-lake.ts'),
  ]);
  const clients = athenaClients(settings);
  const store = new S3ObjectStore(clients.s3, settings.root);
  return {
    store,
    openBuild: async (runId) => {
      const { warn } = home.telemetry;
      return stoppable(await openAthenaBuild(settings, clients, runId, { warn }), warn);
    },
    prepare: async () => {
      if (await finishBrokenSwitch(settings, clients)) {
        home.telemetry.done('a switch of views that had broken off is finished');
      }
      const imports = await mirrorLake(home.store, store, home.telemetry);
      if (imports > 0) {
        home.telemetry.done(`${imports} imports of this home copied to ${settings.root}`);
      }
    },
    tidy: async () => {
      const before = new Date(home.clock.now().getTime() - RUN_HOURS * 3_600_000);
      // the run is published: whatever hinders this does not make it one that failed
      await cleanRuns(settings, clients, before).catch((error: unknown) => {
        home.telemetry.warn(`what earlier runs have left could not be deleted: ${errorText(error)}`);
      });
    },
  };
}

/** Ctrl-C must not leave statements that run on and are paid for: the build is discarded, and the run ends by what it meets then. */
function stoppable(build: Build, warn: (text: string) => void): Build {
  const stop = (): void => {
    warn('stopping: statements are cancelled, and what the run has built is deleted');
    void build.discard().catch((error: unknown) => warn(errorText(error)));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return {
    ...build,
    discard: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      return build.discard();
    },
  };
}
