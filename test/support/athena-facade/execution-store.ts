import { invalidRequest } from './athena-refusal.ts';
import type { QueryExecution } from './query-execution.ts';

/** Athena keeps executions for 45 days; a bed that runs for a day need not keep more than this. */
const mostKept = 5000;

/** The executions of this facade's life, newest last, and the tokens that started them. */
export class ExecutionStore {
  readonly #executions = new Map<string, QueryExecution>();
  readonly #tokens = new Map<string, { readonly id: string; readonly request: string }>();

  /** The execution that the same token has started; the same token for another request is refused. */
  startedBy(token: string | undefined, request: string): QueryExecution | undefined {
    const known = token === undefined ? undefined : this.#tokens.get(token);
    if (known === undefined) {
      return undefined;
    }
    if (known.request !== request) {
      throw invalidRequest('Idempotent parameters do not match', 'IDEMPOTENT_PARAMETER_MISMATCH');
    }
    return this.#executions.get(known.id);
  }

  add(execution: QueryExecution, token: string | undefined, request: string): void {
    const { id } = execution.request;
    this.#executions.set(id, execution);
    if (token !== undefined) {
      this.#tokens.set(token, { id, request });
    }
    this.#forgetOldest();
  }

  find(id: string): QueryExecution {
    const execution = this.#executions.get(id);
    if (execution === undefined) {
      throw invalidRequest(`QueryExecution ${id} was not found`, 'QUERY_EXECUTION_NOT_FOUND');
    }
    return execution;
  }

  has(id: string): boolean {
    return this.#executions.has(id);
  }

  newestFirst(workGroup: string): readonly string[] {
    return [...this.#executions.values()]
      .filter((execution) => execution.request.workGroup.name === workGroup)
      .map((execution) => execution.request.id)
      .reverse();
  }

  /** QUEUED and RUNNING statements of the kind that the DML quota counts. */
  countActiveDml(): number {
    return this.all().filter((execution) => !execution.isFinished && execution.request.kind.type === 'DML')
      .length;
  }

  all(): readonly QueryExecution[] {
    return [...this.#executions.values()];
  }

  #forgetOldest(): void {
    for (const [id, execution] of this.#executions) {
      if (this.#executions.size <= mostKept || !execution.isFinished) {
        return;
      }
      this.#executions.delete(id);
      execution.request.spool?.remove();
    }
  }
}
