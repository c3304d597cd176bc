import { AthenaRefusal } from './athena-refusal.ts';
import type { Json } from './aws-json-server.ts';
import type { ResultSpool } from './result-spool.ts';
import type { StatementKind } from './statement-kind.ts';
import type { TrinoColumn } from './trino-client.ts';
import type { WorkGroup } from './workgroups.ts';

export type ExecutionState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

export interface ExecutionError {
  /** 1 is the system's, 2 the user's. */
  readonly category: 1 | 2;
  readonly type: number;
  readonly retryable: boolean;
}

export interface ExecutionRequest {
  readonly id: string;
  readonly statement: string;
  readonly kind: StatementKind;
  readonly workGroup: WorkGroup;
  readonly catalog: string | undefined;
  readonly database: string | undefined;
  readonly outputLocation: string;
  readonly parameters: readonly string[];
  readonly spool: ResultSpool | undefined;
}

/** One statement from its start on. Only its runner changes it. */
export class QueryExecution {
  readonly request: ExecutionRequest;
  readonly cancelling = new AbortController();
  readonly #submittedAt = Date.now();
  #state: ExecutionState = 'QUEUED';
  #startedAt: number | undefined;
  #completedAt: number | undefined;
  #reason: string | undefined;
  #error: ExecutionError | undefined;
  bytesScanned = 0;
  columns: readonly TrinoColumn[] = [];
  updateCount: number | undefined;
  /** Settles, and never rejects, when nothing works on the statement any more. */
  ended: Promise<void> = Promise.resolve();

  constructor(request: ExecutionRequest) {
    this.request = request;
  }

  get state(): ExecutionState {
    return this.#state;
  }

  get isFinished(): boolean {
    return this.#completedAt !== undefined;
  }

  start(): void {
    this.#state = 'RUNNING';
    this.#startedAt = Date.now();
  }

  succeed(): void {
    this.#finish('SUCCEEDED');
  }

  cancel(reason: string): void {
    this.#reason = reason;
    this.#finish('CANCELLED');
  }

  fail(reason: string, error: ExecutionError): void {
    this.#reason = reason;
    this.#error = error;
    this.#finish('FAILED');
  }

  #finish(state: ExecutionState): void {
    this.#state = state;
    this.#completedAt = Date.now();
  }

  /** The spool of a result, or the refusal of one that is not there yet. */
  finishedSpool(): ResultSpool | undefined {
    if (this.#state === 'FAILED' || this.#state === 'CANCELLED') {
      throw new AthenaRefusal(
        'InvalidRequestException',
        `Query did not finish successfully. Final query state: ${this.#state}`,
        { AthenaErrorCode: 'INVALID_QUERY_EXECUTION_STATE' },
      );
    }
    if (this.#state !== 'SUCCEEDED') {
      throw new AthenaRefusal(
        'InvalidRequestException',
        `Query has not yet finished. Current state: ${this.#state}`,
        { AthenaErrorCode: 'INVALID_QUERY_EXECUTION_STATE' },
      );
    }
    return this.request.spool;
  }

  describe(): Json {
    const { request } = this;
    return {
      QueryExecutionId: request.id,
      Query: request.statement,
      StatementType: request.kind.type,
      SubstatementType: request.kind.substatement,
      ResultConfiguration: { OutputLocation: request.outputLocation },
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
      QueryExecutionContext: {
        ...(request.database === undefined ? {} : { Database: request.database }),
        ...(request.catalog === undefined ? {} : { Catalog: request.catalog }),
      },
      Status: this.#status(),
      EngineVersion: {
        SelectedEngineVersion: 'Athena engine version 3',
        EffectiveEngineVersion: 'Athena engine version 3',
      },
      Statistics: this.#statistics(),
      WorkGroup: request.workGroup.name,
      ...(request.parameters.length === 0 ? {} : { ExecutionParameters: request.parameters }),
    };
  }

  #status(): Json {
    return {
      State: this.#state,
      SubmissionDateTime: this.#submittedAt / 1000,
      ...(this.#completedAt === undefined ? {} : { CompletionDateTime: this.#completedAt / 1000 }),
      ...(this.#reason === undefined ? {} : { StateChangeReason: this.#reason }),
      ...(this.#error === undefined
        ? {}
        : {
            AthenaError: {
              ErrorCategory: this.#error.category,
              ErrorType: this.#error.type,
              Retryable: this.#error.retryable,
              ErrorMessage: this.#reason ?? '',
            },
          }),
    };
  }

  #statistics(): Json {
    const now = this.#completedAt ?? Date.now();
    const startedAt = this.#startedAt ?? now;
    return {
      EngineExecutionTimeInMillis: now - startedAt,
      DataScannedInBytes: this.bytesScanned,
      TotalExecutionTimeInMillis: now - this.#submittedAt,
      QueryQueueTimeInMillis: startedAt - this.#submittedAt,
      ServicePreProcessingTimeInMillis: 0,
      QueryPlanningTimeInMillis: 0,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: false },
    };
  }
}
