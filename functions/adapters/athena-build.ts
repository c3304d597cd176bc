import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { LakeError } from '../core/errors.ts';
import { ulidTime } from '../core/identifiers.ts';
import type { Build, RunManifest } from '../ports/build.ts';
import { deleteRun, deleteWork } from './athena-runs.ts';
import { type AthenaSettings, runDatabase, runFolder } from './athena-settings.ts';
import { AthenaStatements, type StatementOptions } from './athena-statements.ts';
import { openSuspension } from './athena-suspension.ts';
import { AthenaTables } from './athena-tables.ts';
import { nameRun, READERS, switchViews } from './athena-views.ts';
import { AthenaWarehouse } from './athena-warehouse.ts';
import { workgroupWarnings } from './athena-workgroup.ts';
import { GlueTables } from './glue-tables.ts';
import { ParquetRows } from './parquet-rows.ts';
import { declareRawTable, type RawZone } from './raw-tables.ts';
import { openS3Client } from './s3-client.ts';
import { S3ObjectStore } from './s3-object-store.ts';

/** Requests of a run that AWS turns away for their number are sent again, with growing pauses. */
const MOST_TRIES = 8;

/** Tries that failed are no news for whoever runs this: the last one's error is told. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export interface AthenaClients {
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly s3: S3Client;
}

export interface BuildOptions extends StatementOptions {
  /** Told at the start what of the workgroup's settings is a risk. */
  readonly warn?: (text: string) => void;
  /** When this process has to end, in milliseconds since 1970: a run that is not done by then can go on in another one. */
  readonly until?: number;
}

/** Clients as the environment sets them up: region, credentials and endpoints are looked for where every client looks. */
export function athenaClients({ region }: Pick<AthenaSettings, 'region'>): AthenaClients {
  const common = { maxAttempts: MOST_TRIES, logger: silent, ...(region && { region }) };
  return {
    athena: new AthenaClient(common),
    glue: new GlueClient(common),
    s3: openS3Client(common),
  };
}

/**
 * A run in a Glue database and an S3 folder of its own. A failed run deletes both; a killed one leaves them to `clean`. To
 * discard it while it is at work stops its statements first, and what works on meets errors.
 */
export async function openAthenaBuild(
  settings: AthenaSettings,
  clients: AthenaClients,
  runId: string,
  { warn = () => {}, until, ...options }: BuildOptions = {},
): Promise<Build & { readonly warehouse: AthenaWarehouse }> {
  const store = new S3ObjectStore(clients.s3, settings.root);
  const database = runDatabase(settings.database, runId);
  const glue = new GlueTables(clients.glue, database);
  const suspension = await openSuspension(store, runId, until);
  const { steps, attempt, ...spent } = suspension;
  const statements = new AthenaStatements(clients.athena, settings, database, { ...options, ...spent });
  const folder = runFolder(runId);
  const readers = new GlueTables(clients.glue, settings.database);
  for (const warning of await workgroupWarnings(clients.athena, settings)) {
    warn(warning);
  }
  await readers.open(READERS);
  const parquet = await ParquetRows.open();
  await glue.open(`Döngü run ${runId}; not for readers`, store.address(folder));
  const raw = new Map<string, RawZone>();
  const warehouse = new AthenaWarehouse({
    runId,
    folder,
    sideBySide: settings.side_by_side,
    statements,
    tables: new AthenaTables(statements, glue, store),
    store,
    parquet,
    steps,
    attempt,
    noteRaw: (name, columns, objects) => raw.set(name, { columns, objects }),
  });
  let isPublished = false;
  let ended: Promise<void> | undefined;
  suspension.atEnd(() => void statements.cancelAll());
  const end = async (): Promise<void> => {
    suspension.off();
    await statements.cancelAll();
    await parquet.close();
    await (isPublished ? deleteWork(glue, store, runId) : deleteRun(glue, store, runId));
  };
  return {
    engine: 'athena',
    warehouse,
    switchTo: async (manifest: RunManifest) => {
      suspension.off();
      // once the manifest may name it, the run is no longer one to throw away
      isPublished = true;
      const published = await nameRun({ store, settings }, manifest, warehouse.kept);
      if (!published) {
        isPublished = false;
        throw new LakeError(
          'a run that began later is published already',
          'Nothing is to be done: readers keep the later run.',
        );
      }
      await switchViews({ settings, store, statements, readers }, published);
      for (const [name, zone] of raw) {
        await declareRawTable(readers, name, zone, dayOf(runId));
      }
    },
    suspend: async () => {
      await statements.cancelAll();
      await parquet.close();
      await suspension.leave(statements.spent);
    },
    discard: () => {
      ended ??= end();
      return ended;
    },
  };
}

/** The day on which a run began, by its id. */
const dayOf = (runId: string): string => (ulidTime(runId) ?? new Date()).toISOString().slice(0, 10);
