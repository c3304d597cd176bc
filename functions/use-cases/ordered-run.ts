import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration, Engine, EngineChoice } from '../core/configuration.ts';
import { BusyError, UnfinishedRun } from '../core/errors.ts';
import { figuresOf, quarantineRate, quarantineRateSql, type RunFigures } from '../core/run-figures.ts';
import type { BrokenRunReport, RunReport } from '../core/run-report.ts';
import type { Manifest } from '../core/snapshot.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Lease } from '../ports/lease.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { engineFor } from './engine-for.ts';
import { type RunAndPublishPorts, runAndPublish } from './run-and-publish.ts';
import { type LeasePorts, withRunLease } from './run-lease.ts';

/** What a schedule or a person orders. */
export interface RunOrder {
  /** Of a backfill. */
  readonly asOf?: Date | undefined;
  /** The instant for which a schedule has ordered the run; the as-of instant unless another is ordered. */
  readonly scheduledAt?: Date | undefined;
  readonly engine?: EngineChoice | undefined;
  readonly select?: string | undefined;
  /** Of a run that is not finished: it goes on where it was. */
  readonly runId?: string | undefined;
}

export interface RunOutcome {
  readonly state: 'published' | 'selected' | 'published_before' | 'unfinished';
  /** Unknown of a run that is not finished. */
  readonly asOf?: string;
  readonly runId?: string;
  readonly engine?: Engine;
  readonly snapshotId?: string;
}

export interface OrderedRunPorts extends Omit<RunAndPublishPorts, 'engine' | 'lease' | 'look'> {
  /** Where the lake lies, and the lease. */
  readonly lake: ObjectStore;
  readonly lease: Pick<LeasePorts, 'holder' | 'manifests' | 'renewEvery'>;
  readonly catalogue: Catalogue;
  readonly configuration: Configuration;
  readonly gitSha: string;
  readonly openEngine: (engine: Engine) => Promise<RunEngine>;
  /** Told of every run, also of one that fails. */
  readonly measure: (figures: RunFigures) => void;
}

/** A run without a home: over a lake in a store, under its lease. Whatever fails is thrown, after its figures are told. */
export async function orderedRun(order: RunOrder, ports: OrderedRunPorts): Promise<RunOutcome> {
  const told: Told = { measured: {}, runId: order.runId ?? ports.newId() };
  try {
    const { lake, clock, lease } = ports;
    const outcome = await withRunLease({ store: lake, clock, ...lease }, (held) =>
      underLease(order, ports, held, told),
    );
    ports.measure(await figures(true, told, ports));
    return outcome;
  } catch (error) {
    if (error instanceof UnfinishedRun) {
      return { state: 'unfinished', runId: error.runId, engine: 'athena' };
    }
    // the other run tells its own; this one has not begun
    if (error instanceof BusyError) {
      throw error;
    }
    ports.measure(await figures(false, told, ports));
    throw error;
  }
}

interface Told {
  measured: Partial<RunFigures>;
  readonly runId: string;
}

async function underLease(
  { asOf, scheduledAt, select, engine: choice }: RunOrder,
  ports: OrderedRunPorts,
  lease: Lease,
  told: Told,
): Promise<RunOutcome> {
  const { runId } = told;
  if (asOf === undefined && select === undefined && scheduledAt !== undefined) {
    // a schedule gives an order at least once
    const before = await publishedManifest(ports);
    if (before?.asOf === scheduledAt.toISOString()) {
      return { state: 'published_before', asOf: before.asOf, snapshotId: before.snapshotId };
    }
  }
  const { lake, configuration } = ports;
  const name = await engineFor(choice, lake, configuration);
  const engine = await ports.openEngine(name);
  await engine.prepare();
  const { catalogue, gitSha } = ports;
  const { run, manifest } = await runAndPublish(
    { runId, asOf: asOf ?? scheduledAt, select, catalogue, configuration, gitSha },
    {
      ...ports,
      engine,
      lease,
      look: async (warehouse, { rowsIn, newestReceipt }) => {
        const now = ports.clock.now();
        const [counted] = await warehouse.rows(quarantineRateSql(now));
        const rate = quarantineRate(counted);
        told.measured = {
          rowsIn,
          ...(rate !== undefined && { quarantineRate: rate }),
          ...(newestReceipt !== undefined && { dataAgeSeconds: secondsSince(newestReceipt, now) }),
        };
      },
    },
  );
  return {
    state: manifest ? 'published' : 'selected',
    runId,
    engine: name,
    asOf: run.report.asOf,
    ...(manifest && { snapshotId: manifest.snapshotId }),
  };
}

const secondsSince = (instant: string, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - Date.parse(instant)) / 1000));

/** What can be read of them: the store may be what failed. */
async function figures(
  isSucceeded: boolean,
  { measured, runId }: Told,
  ports: OrderedRunPorts,
): Promise<RunFigures> {
  const report = await parsed<RunReport | BrokenRunReport>(ports.lake, `runs/${runId}.json`);
  const page = await publishedManifest(ports).catch(() => undefined);
  return {
    ...measured,
    ...figuresOf(report),
    ...(page && { pageAgeSeconds: secondsSince(page.asOf, ports.clock.now()) }),
    isSucceeded,
  };
}

const publishedManifest = ({ pages }: OrderedRunPorts): Promise<Manifest | undefined> =>
  parsed<Manifest>(pages, 'dashboards/manifest.json');

/** Records of the program's own; a damaged one counts as none. */
async function parsed<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  try {
    const text = await store.getText(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
