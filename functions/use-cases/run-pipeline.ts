import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration } from '../core/configuration.ts';
import { AuditError } from '../core/errors.ts';
import type { CheckReport, RunReport } from '../core/run-report.ts';
import { runSettings, runSettingsKey } from '../core/run-settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { activityEventWarning } from './activity-event.ts';
import { buildRelations } from './build-relations.ts';
import { prepareInputs } from './prepare-inputs.ts';

export const warehouseKey = 'warehouse.duckdb';
const manifestKey = 'runs/manifest.json';
export const buildingKey = (runId: string): string => `runs/building-${runId}.duckdb`;

export interface RunPorts {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly openWarehouse: (runId: string, path: string) => Promise<Warehouse>;
}

export interface RunRequest {
  readonly runId: string;
  readonly asOf: Date | undefined;
  readonly select: string | undefined;
  readonly catalogue: Catalogue;
  readonly configuration: Configuration;
}

export interface FinishedRun {
  readonly report: RunReport;
  readonly rowsIn: number;
}

/**
 * Builds beside what is published, audits, and only then switches. `publish` reads the run's own tables, before
 * the switch, never the views of another run. Whatever fails, readers keep what they had.
 */
export async function runPipeline(
  request: RunRequest,
  ports: RunPorts,
  publish: (warehouse: Warehouse, run: FinishedRun) => Promise<void>,
): Promise<FinishedRun> {
  const startedAt = ports.clock.now().toISOString();
  await sweepUnfinished(ports.store);
  const key = buildingKey(request.runId);
  const warehouse = await ports.openWarehouse(request.runId, ports.store.localPath(key));
  try {
    const { asOf, rowsIn } = await prepareInputs(
      warehouse,
      ports.store,
      request.catalogue,
      request.configuration,
      request.asOf,
    );
    const warning = await activityEventWarning(warehouse, request.configuration);
    if (warning) {
      ports.telemetry.warn(warning);
    }
    const built = await buildRelations(warehouse, request.catalogue, request.select, ports.telemetry);
    const failed = built.checks.filter((check) => check.status === 'fail');
    const run: FinishedRun = {
      rowsIn,
      report: {
        runId: request.runId,
        asOf: asOf.toISOString(),
        startedAt,
        finishedAt: ports.clock.now().toISOString(),
        engine: 'duckdb',
        status: failed.length === 0 ? 'ok' : 'failed',
        models: built.models,
        checks: built.checks,
      },
    };
    await ports.store.putText(`runs/${request.runId}.json`, `${JSON.stringify(run.report, null, 2)}\n`);
    if (failed.length > 0) {
      throw auditError(failed);
    }
    if (request.select !== undefined) {
      return run;
    }
    const settings = runSettings(request.runId, asOf, request.configuration, request.catalogue.lifecycles);
    await ports.store.putText(runSettingsKey(request.runId), `${JSON.stringify(settings, null, 2)}\n`);
    await publish(warehouse, run);
    await warehouse.finish();
    await switchTo(request.runId, run, ports);
    return run;
  } finally {
    warehouse.close();
    await removeBuilding(ports.store, request.runId);
  }
}

async function switchTo(runId: string, run: FinishedRun, ports: RunPorts): Promise<void> {
  await ports.store.putFile(warehouseKey, ports.store.localPath(buildingKey(runId)));
  const manifest = {
    schema: 'dongu.run/1',
    run_id: runId,
    as_of: run.report.asOf,
    finished_at: ports.clock.now().toISOString(),
    relations: Object.fromEntries(run.report.models.map((model) => [model.model, { rows: model.rows }])),
  };
  await ports.store.putText(manifestKey, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What a killed run left behind: no reader knows of it, so it only takes room. */
async function sweepUnfinished(store: ObjectStore): Promise<void> {
  const keys = await store.list('runs');
  await Promise.all(keys.filter((key) => key.startsWith('runs/building-')).map((key) => store.delete(key)));
}

async function removeBuilding(store: ObjectStore, runId: string): Promise<void> {
  await store.delete(buildingKey(runId));
  await store.delete(`${buildingKey(runId)}.wal`);
}

function auditError(failed: readonly CheckReport[]): AuditError {
  const texts = failed.map((check) => {
    const rows = check.offending.map((row) => JSON.stringify(row)).join(' ');
    return `${check.model}: ${check.check}: ${rows}`;
  });
  return new AuditError(
    `${failed.length} ${failed.length === 1 ? 'audit' : 'audits'} failed, so nothing was published`,
    'Mend the data or the model and run again; the last published snapshot stays.',
    texts,
  );
}
