import { errorText } from '../core/errors.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type AthenaClients, openAthenaBuild } from './athena-build.ts';
import { cleanRuns, finishBrokenSwitch } from './athena-clean.ts';
import type { AthenaSettings } from './athena-settings.ts';
import { S3ObjectStore } from './s3-object-store.ts';

/** Runs that began later may be at work, on whatever machine. */
const RUN_HOURS = 24;

/** Builds in Athena over the lake that lies under `settings.root`. */
export function athenaEngine(
  settings: AthenaSettings,
  clients: AthenaClients,
  {
    clock,
    telemetry,
    until,
  }: { readonly clock: Clock; readonly telemetry: Telemetry; readonly until?: number },
): RunEngine & { readonly store: S3ObjectStore } {
  return {
    store: new S3ObjectStore(clients.s3, settings.root),
    openBuild: (runId) =>
      openAthenaBuild(settings, clients, runId, {
        warn: telemetry.warn,
        ...(until !== undefined && { until }),
      }),
    prepare: async () => {
      if (await finishBrokenSwitch(settings, clients)) {
        telemetry.done('a switch of views that had broken off is finished');
      }
    },
    tidy: async () => {
      const before = new Date(clock.now().getTime() - RUN_HOURS * 3_600_000);
      // the run is published: whatever hinders this does not make it one that failed
      await cleanRuns(settings, clients, before).catch((error: unknown) => {
        telemetry.warn(`what earlier runs have left could not be deleted: ${errorText(error)}`);
      });
    },
  };
}
