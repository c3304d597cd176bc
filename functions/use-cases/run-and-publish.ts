import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Manifest } from '../core/snapshot.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease } from '../ports/lease.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { type PublishPorts, publishSnapshot } from './publish-snapshot.ts';
import { type FinishedRun, runPipeline } from './run-pipeline.ts';

export interface PublishingRun {
  readonly runId: string;
  readonly asOf: Date | undefined;
  readonly select: string | undefined;
  readonly catalogue: Catalogue;
  readonly configuration: Configuration;
  readonly gitSha: string;
}

export interface RunAndPublishPorts extends Pick<PublishPorts, 'renderSite'> {
  readonly engine: RunEngine;
  /** Of the pages. */
  readonly pages: ObjectStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly lease: Lease;
  /** Another id each time, of the present. */
  readonly newId: () => string;
  /** Looks at the audited tables before anything of them is published. */
  readonly look?: (warehouse: Warehouse, run: FinishedRun) => Promise<void>;
}

/** Builds, audits and publishes, in a home and in the cloud alike. Of a selection there is no snapshot. */
export async function runAndPublish(
  { gitSha, ...request }: PublishingRun,
  ports: RunAndPublishPorts,
): Promise<{ readonly run: FinishedRun; readonly manifest?: Manifest }> {
  const { engine, clock, telemetry, lease, renderSite, newId, look } = ports;
  const published: { manifest?: Manifest } = {};
  const run = await runPipeline(
    request,
    { store: engine.store, openBuild: engine.openBuild, clock, telemetry, lease },
    async (warehouse, finished) => {
      await look?.(warehouse, finished);
      published.manifest = await publishSnapshot(
        warehouse,
        finished,
        { snapshotId: newId(), generatedAt: clock.now(), gitSha, configuration: request.configuration },
        { store: ports.pages, telemetry, lease, renderSite },
      );
    },
  );
  await engine.tidy();
  return { run, ...published };
}
