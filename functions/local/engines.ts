import { duckdbEngine } from '../adapters/duckdb-engine.ts';
import type { AthenaEngine, EngineChoice } from '../core/configuration.ts';
import { ConfigurationError, errorText } from '../core/errors.ts';
import type { Build, RunEngine } from '../ports/build.ts';
import { engineFor } from '../use-cases/engine-for.ts';
import type { Home } from './home.ts';

export async function engineOf(home: Home, choice: EngineChoice | undefined): Promise<RunEngine> {
  const engine = await engineFor(choice, home.store, home.configuration);
  return engine === 'athena' ? athena(home) : duckdbEngine(home.store, home.settings);
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
async function athena(home: Home): Promise<RunEngine> {
  const settings = athenaSettings(home);
  const [{ athenaClients }, { athenaEngine }, { mirrorLake }] = await Promise.all([
    import('../adapters/athena-build.ts'),
    import('../adapters/athena-engine.ts'),
    import('../use-cases/mirror-lake.ts'),
  ]);
  const engine = athenaEngine(settings, athenaClients(settings), home);
  return {
    ...engine,
    openBuild: async (runId) => stoppable(await engine.openBuild(runId), home.telemetry.warn),
    prepare: async () => {
      await engine.prepare();
      const imports = await mirrorLake(home.store, engine.store, home.telemetry);
      if (imports > 0) {
        home.telemetry.done(`${imports} imports of this home copied to ${settings.root}`);
      }
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
