import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration } from '../core/configuration.ts';
import { AuditError, errorText, LakeError, UnfinishedRun } from '../core/errors.ts';
import {
  type BrokenRunReport,
  type CheckReport,
  type ModelReport,
  placeIn,
  type RunReport,
} from '../core/run-report.ts';
import { runSettings, runSettingsKey } from '../core/run-settings.ts';
import type { Build, RunManifest } from '../ports/build.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease } from '../ports/lease.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { activityEventWarning } from './activity-event.ts';
import { buildRelations } from './build-relations.ts';
import { prepareInputs } from './prepare-inputs.ts';

export interface RunPorts {
  /** Of the lake, and of what a run tells of itself. */
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly lease: Pick<Lease, 'token'>;
  readonly openBuild: (runId: string) => Promise<Build>;
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
  /** When the newest import that it has read was received. */
  readonly newestReceipt?: string | undefined;
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
  const build = await ports.openBuild(request.runId);
  const built: ModelReport[] = [];
  const isTold = { value: false };
  let isUnfinished = false;
  const tell = async <T extends RunReport | BrokenRunReport>(report: T): Promise<T> => {
    const spent = build.warehouse.spent();
    const told = { ...report, finishedAt: ports.clock.now().toISOString(), ...(spent && { spent }) };
    await ports.store.putText(`runs/${report.runId}.json`, `${JSON.stringify(told, null, 2)}\n`);
    isTold.value = true;
    return told;
  };
  try {
    const { report, ...read } = await buildAndAudit(request, ports, build, startedAt, built);
    const run = { ...read, report: await tell(report) };
    const failed = report.checks.filter((check) => check.status === 'fail');
    if (failed.length > 0) {
      throw auditError(failed);
    }
    if (request.select !== undefined) {
      return run;
    }
    const asOf = new Date(report.asOf);
    const settings = runSettings(request.runId, asOf, request.configuration, request.catalogue.lifecycles);
    await ports.store.putText(runSettingsKey(request.runId), `${JSON.stringify(settings, null, 2)}\n`);
    await publish(build.warehouse, run);
    await build.switchTo(manifestOf(report, ports));
    // where reading is billed, the page and the switch were statements too
    return build.warehouse.spent() ? { ...read, report: await tell(report) } : run;
  } catch (error) {
    isUnfinished = error instanceof UnfinishedRun;
    if (!isTold.value && !isUnfinished) {
      // what was built and paid for; the store may be what failed
      await tell(brokenReport(request, build.engine, startedAt, built, error)).catch(() => undefined);
    }
    throw error;
  } finally {
    // a fault of the tidying must not hide the run's own, nor make a published run one that failed
    const end = isUnfinished && build.suspend ? build.suspend() : build.discard();
    await end.catch((error: unknown) => {
      ports.telemetry.warn(`what the run needed only while it built is left behind: ${errorText(error)}`);
    });
  }
}

async function buildAndAudit(
  { catalogue, configuration, runId, asOf: wanted, select }: RunRequest,
  { store, clock, telemetry }: RunPorts,
  { warehouse, engine }: Build,
  startedAt: string,
  built: ModelReport[],
): Promise<FinishedRun> {
  const prepared = await prepareInputs(warehouse, store, catalogue, configuration, wanted);
  const { asOf, rowsIn, unlanded, newestReceipt } = prepared;
  if (engine === 'athena' || store.bring) {
    demandWholeCopy(prepared.changing);
  }
  if (unlanded > 0) {
    telemetry.warn(
      `${unlanded} ${unlanded === 1 ? 'batch is' : 'batches are'} not landed to the end yet and will be in a later run; ` +
        'if it stays so: dongu queue, dongu land --once, dongu verify',
    );
  }
  const warning = await activityEventWarning(warehouse, configuration);
  if (warning) {
    telemetry.warn(warning);
  }
  const { models, checks } = await buildRelations(warehouse, catalogue, select, telemetry, (model) =>
    built.push(model),
  );
  const report: RunReport = {
    runId,
    asOf: asOf.toISOString(),
    startedAt,
    finishedAt: clock.now().toISOString(),
    engine,
    status: checks.some((check) => check.status === 'fail') ? 'failed' : 'ok',
    models,
    checks,
  };
  return { rowsIn, newestReceipt, report };
}

/** Of a run that broke off before its audits: where, but not the engine's words, which may quote somebody's data. */
function brokenReport(
  { runId, asOf }: RunRequest,
  engine: Build['engine'],
  startedAt: string,
  models: readonly ModelReport[],
  error: unknown,
): BrokenRunReport {
  const place = placeIn(errorText(error));
  return {
    runId,
    asOf: asOf?.toISOString() ?? null,
    startedAt,
    finishedAt: startedAt,
    engine,
    status: 'failed',
    brokeOff: { error: error instanceof Error ? error.name : 'error', ...(place && { place }) },
    models,
    checks: [],
  };
}

/**
 * In a home, a replay that broke off keeps each row in raw or in quarantine. In a copy of its lake, old and new objects of
 * such an import lie side by side, and what they would add up to is nobody's figure.
 */
function demandWholeCopy(changing: readonly string[]): void {
  const [first] = changing;
  if (first !== undefined) {
    throw new LakeError(
      `${changing.length} imports of the lake in S3 are copied by halves, the first is ${first}`,
      'Run again from the home that holds them; the copy is finished then.',
    );
  }
}

function manifestOf(report: RunReport, { clock, lease }: RunPorts): RunManifest {
  return {
    schema: 'dongu.run/1',
    run_id: report.runId,
    as_of: report.asOf,
    finished_at: clock.now().toISOString(),
    fence: lease.token,
    relations: Object.fromEntries(report.models.map(({ model, rows }) => [model, { rows }])),
  };
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
