import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  type ColumnInfo,
  type Datum,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { errorText, StatementError } from '../core/errors.ts';
import type { ScanCost } from '../core/run-report.ts';
import { scanCost, sumOfCosts } from '../core/scan-cost.ts';
import { MEND_THE_MODEL } from '../core/statement-error.ts';
import type { WarehouseRow } from '../ports/warehouse.ts';
import { type AthenaSettings, CATALOG } from './athena-settings.ts';
import { readCell } from './athena-values.ts';

/** The most that GetQueryResults gives at a time. */
const PAGE_ROWS = 1000;
/** Athena's limit of one statement's text. */
const TEXT_BYTES = 262_144;
const FIRST_WAIT_MILLISECONDS = 40;
const LONGEST_WAIT_MILLISECONDS = 2000;

export interface AthenaFault {
  /** Whether the fault is of the service, so that the same statement may do another time. */
  readonly isPassing: boolean;
  readonly queryId?: string | undefined;
  readonly hint?: string;
}

/** A statement that Athena did not finish, in its words. */
export class AthenaError extends StatementError {
  readonly isPassing: boolean;
  readonly queryId: string | undefined;

  constructor(message: string, fault: AthenaFault, options?: ErrorOptions) {
    super(message, fault.hint ?? hintOf(message, fault), options);
    this.isPassing = fault.isPassing;
    this.queryId = fault.queryId;
  }
}

/** A statement that ran longer than it may; it was cancelled. */
export class AthenaTimeout extends StatementError {}

export interface FinishedStatement {
  readonly queryId: string;
  readonly cost: ScanCost;
}

/** Sends statements to one workgroup and waits for them. */
export class AthenaStatements {
  readonly #client: AthenaClient;
  readonly #settings: AthenaSettings;
  readonly #database: string;
  #spent: ScanCost = { bytesScanned: 0, dollars: 0 };

  constructor(client: AthenaClient, settings: AthenaSettings, database: string) {
    this.#client = client;
    this.#settings = settings;
    this.#database = database;
  }

  /** What all statements so far have cost, failed and cancelled ones too. */
  get spent(): ScanCost {
    return this.#spent;
  }

  /** Runs a statement to its end. A statement that writes nothing is tried again when the service fails. */
  async run(sql: string): Promise<FinishedStatement> {
    return this.withRetries(() => this.runOnce(sql));
  }

  /** Repeats work that fails by the service's fault; `before` undoes what a failed try has left. */
  async withRetries<T>(work: () => Promise<T>, before: () => Promise<void> = async () => {}): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (tries === 3 || !(error instanceof AthenaError && error.isPassing)) {
          throw error;
        }
        await sleep(FIRST_WAIT_MILLISECONDS * 10 ** tries);
        await before();
      }
    }
  }

  async runOnce(sql: string): Promise<FinishedStatement> {
    const queryId = await this.#start(sql);
    const ended = await this.#ended(queryId);
    const cost = this.#costOf(ended);
    this.#spent = sumOfCosts([this.#spent, cost]);
    const { State, StateChangeReason, AthenaError: fault } = ended.Status ?? {};
    if (State !== 'SUCCEEDED') {
      const message =
        fault?.ErrorMessage ?? StateChangeReason ?? `the statement ended as ${State ?? 'nothing'}`;
      throw new AthenaError(message, { isPassing: fault?.Retryable === true, queryId });
    }
    return { queryId, cost };
  }

  /** All rows of a select, read page by page. */
  async rows(sql: string): Promise<readonly WarehouseRow[]> {
    const { queryId } = await this.run(sql);
    const rows: WarehouseRow[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new GetQueryResultsCommand({ QueryExecutionId: queryId, NextToken: token, MaxResults: PAGE_ROWS }),
      );
      const columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      // the first row of the first page repeats the names of the columns
      const cells = (page.ResultSet?.Rows ?? []).slice(token === undefined ? 1 : 0);
      rows.push(...cells.map(({ Data }) => rowOf(columns, Data ?? [])));
      token = page.NextToken;
    } while (token !== undefined);
    return rows;
  }

  /** Names and types of a select's columns, as Athena calls them. */
  async columns(sql: string): Promise<readonly ColumnInfo[]> {
    const { queryId } = await this.run(sql);
    const page = await this.#client.send(
      new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: 1 }),
    );
    return page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  }

  /** Rows that an insert has written. */
  async countWritten({ queryId }: FinishedStatement): Promise<number> {
    const page = await this.#client.send(
      new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: 1 }),
    );
    return page.UpdateCount ?? 0;
  }

  async #start(sql: string): Promise<string> {
    const bytes = Buffer.byteLength(sql);
    if (bytes > TEXT_BYTES) {
      throw new AthenaError(`a statement of ${bytes} bytes is longer than Athena takes (${TEXT_BYTES})`, {
        isPassing: false,
      });
    }
    try {
      const started = await this.#client.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          // with it a request that is sent again, because its answer was lost, is still one statement
          ClientRequestToken: randomUUID(),
          WorkGroup: this.#settings.workgroup,
          QueryExecutionContext: { Catalog: CATALOG, Database: this.#database },
        }),
      );
      return started.QueryExecutionId ?? '';
    } catch (error) {
      throw new AthenaError(errorText(error), { isPassing: isThrottling(error) }, { cause: error });
    }
  }

  /** Asks again with growing pauses; a statement that takes too long is cancelled. */
  async #ended(queryId: string): Promise<QueryExecution> {
    const until = performance.now() + this.#settings.statement_minutes * 60_000;
    for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MILLISECONDS)) {
      await sleep(wait);
      const { QueryExecution: seen } = await this.#client.send(
        new GetQueryExecutionCommand({ QueryExecutionId: queryId }),
      );
      const state = seen?.Status?.State;
      if (seen && (state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED')) {
        return seen;
      }
      if (performance.now() > until) {
        throw await this.#cancelled(queryId);
      }
    }
  }

  async #cancelled(queryId: string): Promise<AthenaTimeout> {
    const { statement_minutes } = this.#settings;
    const end = await this.#client.send(new StopQueryExecutionCommand({ QueryExecutionId: queryId })).then(
      () => 'was cancelled',
      (error: unknown) => `could not be cancelled: ${errorText(error)}`,
    );
    return new AthenaTimeout(
      `a statement ran longer than ${statement_minutes} minutes and ${end} (${queryId})`,
      "Raise engine.athena.statement_minutes in dongu.yaml, or look at the statement in the workgroup's history.",
    );
  }

  #costOf({ Statistics, StatementType, Status }: QueryExecution): ScanCost {
    const isFree = StatementType === 'DDL' || Status?.State === 'FAILED';
    const bytesScanned = Statistics?.DataScannedInBytes ?? 0;
    return scanCost({ bytesScanned, isFree }, this.#settings.dollars_per_terabyte);
  }
}

function hintOf(message: string, { isPassing, queryId }: AthenaFault): string {
  if (/work ?group .* is not found/i.test(message)) {
    return 'Make the workgroup, or mend engine.athena.workgroup in dongu.yaml.';
  }
  if (/bytes scanned limit/i.test(message)) {
    return "The statement reads more than the workgroup allows: raise the workgroup's limit of bytes, or let the model read less.";
  }
  if (/access ?denied|insufficient permissions|not authorized to perform/i.test(message)) {
    return 'The role lacks a right: docs/athena.md lists those that a run needs. What was published stays.';
  }
  const where = queryId === undefined ? '' : ` The workgroup's history has the statement as ${queryId}.`;
  return isPassing
    ? `The service failed, several times over: run again later. What was published stays.${where}`
    : `${MEND_THE_MODEL}${where}`;
}

const isThrottling = (error: unknown): boolean =>
  error instanceof Error && ['TooManyRequestsException', 'ThrottlingException'].includes(error.name);

function rowOf(columns: readonly ColumnInfo[], cells: readonly Datum[]): WarehouseRow {
  return Object.fromEntries(
    columns.map(({ Name = '', Type = '' }, index) => [Name, readCell(Type, cells[index]?.VarCharValue)]),
  );
}
