import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  type ColumnInfo,
  type Datum,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { errorText } from '../core/errors.ts';
import type { ScanCost } from '../core/run-report.ts';
import { scanCost, sumOfCosts } from '../core/scan-cost.ts';
import type { WarehouseRow } from '../ports/warehouse.ts';
import { AthenaError, AthenaTimeout, notTaken, unanswered } from './athena-faults.ts';
import { type AthenaSettings, CATALOG } from './athena-settings.ts';
import { readCell } from './athena-values.ts';
import { Semaphore } from './semaphore.ts';

/** The most that GetQueryResults gives at a time. */
const PAGE_ROWS = 1000;
/** Athena's limit of one statement's text. */
const TEXT_BYTES = 262_144;
const FIRST_WAIT_MILLISECONDS = 40;
const LONGEST_WAIT_MILLISECONDS = 2000;
/** How long cancelled statements may take to end. */
const CANCEL_MILLISECONDS = 10_000;
/** Before each further try of what failed by the service's fault. */
const RETRY_MILLISECONDS = [1000, 5000, 20_000] as const;

const STAYS = 'What was published stays.';

export interface StatementOptions {
  /** The waits before further tries, and so how many there are. */
  readonly retryMilliseconds?: readonly number[];
  /** What the run had spent when its last process ended. */
  readonly spentBefore?: ScanCost;
}

export interface FinishedStatement {
  readonly queryId: string;
  readonly cost: ScanCost;
}

/** Sends statements to one workgroup, no more than `side_by_side` at a time, and waits for them. */
export class AthenaStatements {
  readonly #client: AthenaClient;
  readonly #settings: AthenaSettings;
  readonly #database: string;
  readonly #waits: readonly number[];
  readonly #places: Semaphore;
  /** Statements under way. */
  readonly #open = new Set<Promise<unknown>>();
  /** Those of them that the service has taken, by their ids. */
  readonly #ids = new Set<string>();
  #isCancelled = false;
  #spent: ScanCost = { bytesScanned: 0, dollars: 0 };

  constructor(
    client: AthenaClient,
    settings: AthenaSettings,
    database: string,
    { retryMilliseconds = RETRY_MILLISECONDS, spentBefore }: StatementOptions = {},
  ) {
    this.#spent = spentBefore ?? this.#spent;
    this.#client = client;
    this.#settings = settings;
    this.#database = database;
    this.#waits = retryMilliseconds;
    this.#places = new Semaphore(settings.side_by_side);
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
    for (const wait of this.#waits) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof AthenaError && error.isPassing) || this.#isCancelled) {
          throw error;
        }
        // half of it by chance: statements that failed together do not come again together
        await sleep(wait / 2 + (wait / 2) * Math.random());
        await before();
      }
    }
    return work();
  }

  async runOnce(sql: string): Promise<FinishedStatement> {
    const finished = this.#places.within(() => this.#finished(sql));
    this.#open.add(finished);
    try {
      return await finished;
    } finally {
      this.#open.delete(finished);
    }
  }

  /** Stops what runs, waits a while until it has ended, and lets nothing begin any more. */
  async cancelAll(): Promise<void> {
    this.#isCancelled = true;
    await Promise.all([...this.#ids].map((queryId) => this.#stop(queryId)));
    const abort = new AbortController();
    const ended = Promise.allSettled(this.#open).then(() => abort.abort());
    await Promise.race([ended, sleep(CANCEL_MILLISECONDS, undefined, abort).catch(() => {})]);
  }

  async #finished(sql: string): Promise<FinishedStatement> {
    const queryId = await this.#start(sql);
    this.#ids.add(queryId);
    try {
      // cancelled while the service was taking it
      if (this.#isCancelled) {
        await this.#stop(queryId);
      }
      return this.#judged(queryId, await this.#ended(queryId));
    } finally {
      this.#ids.delete(queryId);
    }
  }

  #judged(queryId: string, ended: QueryExecution): FinishedStatement {
    const cost = this.#costOf(ended);
    this.#spent = sumOfCosts([this.#spent, cost]);
    const { State, StateChangeReason, AthenaError: fault } = ended.Status ?? {};
    if (State !== 'SUCCEEDED') {
      const message =
        fault?.ErrorMessage ?? StateChangeReason ?? `the statement ended as ${State ?? 'nothing'}`;
      throw new AthenaError(message, {
        isPassing: State === 'FAILED' && fault?.Retryable === true,
        queryId,
        ...(State === 'CANCELLED' && { hint: `Somebody has cancelled it: run again. ${STAYS}` }),
      });
    }
    return { queryId, cost };
  }

  /** All rows of a select, read page by page. */
  async rows(sql: string): Promise<readonly WarehouseRow[]> {
    const { queryId } = await this.run(sql);
    const rows: WarehouseRow[] = [];
    let token: string | undefined;
    do {
      const page = await this.#page(queryId, PAGE_ROWS, token);
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
    const page = await this.#page(queryId, 1);
    return page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  }

  /** Rows that an insert has written. */
  async countWritten({ queryId }: FinishedStatement): Promise<number> {
    const { UpdateCount } = await this.#page(queryId, 1);
    if (UpdateCount === undefined) {
      throw new AthenaError('Athena does not say how many rows a statement has written', {
        isPassing: false,
        queryId,
        hint: `A run whose rows cannot be counted is not published: run again later. The workgroup's history has the statement as ${queryId}.`,
      });
    }
    return UpdateCount;
  }

  async #page(
    queryId: string,
    MaxResults: number,
    NextToken?: string,
  ): Promise<GetQueryResultsCommandOutput> {
    try {
      return await this.#client.send(
        new GetQueryResultsCommand({ QueryExecutionId: queryId, NextToken, MaxResults }),
      );
    } catch (error) {
      throw unanswered(error, queryId);
    }
  }

  async #start(sql: string): Promise<string> {
    if (this.#isCancelled) {
      throw new AthenaError('the run is broken off', { isPassing: false, hint: STAYS });
    }
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
      throw notTaken(error);
    }
  }

  /** Asks again with growing pauses; a statement that takes too long is cancelled. */
  async #ended(queryId: string): Promise<QueryExecution> {
    const until = performance.now() + this.#settings.statement_minutes * 60_000;
    for (let wait = FIRST_WAIT_MILLISECONDS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MILLISECONDS)) {
      await sleep(wait);
      const seen = await this.#look(queryId);
      const state = seen?.Status?.State;
      if (seen && (state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED')) {
        return seen;
      }
      if (performance.now() > until) {
        throw await this.#cancelled(queryId);
      }
    }
  }

  async #look(queryId: string): Promise<QueryExecution | undefined> {
    try {
      const command = new GetQueryExecutionCommand({ QueryExecutionId: queryId });
      return (await this.#client.send(command)).QueryExecution;
    } catch (error) {
      // nobody would wait for it any more
      await this.#stop(queryId);
      throw unanswered(error, queryId);
    }
  }

  /** Answers what became of it, in words. */
  #stop(queryId: string): Promise<string> {
    return this.#client.send(new StopQueryExecutionCommand({ QueryExecutionId: queryId })).then(
      () => 'was cancelled',
      (error: unknown) => `could not be cancelled: ${errorText(error)}`,
    );
  }

  async #cancelled(queryId: string): Promise<AthenaTimeout> {
    const { statement_minutes } = this.#settings;
    const end = await this.#stop(queryId);
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

function rowOf(columns: readonly ColumnInfo[], cells: readonly Datum[]): WarehouseRow {
  return Object.fromEntries(
    columns.map(({ Name = '', Type = '' }, index) => [Name, readCell(Type, cells[index]?.VarCharValue)]),
  );
}
