import type { Json } from './aws-json-server.ts';

/** What tests break on purpose. */
export interface FaultPlan {
  /** The next calls that are refused, of one operation or of any. */
  readonly throttle?: {
    readonly calls: number;
    readonly operation?: string;
    /** Which of the two exceptions; ThrottlingException unless told. */
    readonly exception?: 'ThrottlingException' | 'TooManyRequestsException';
  };
  /** The k-th statement from now on (of those whose text contains `matching`) fails after its files were written. */
  readonly failStatement?: { readonly nth: number; readonly matching?: string; readonly retryable?: boolean };
  /** The next statements (whose text contains `matching`) stay RUNNING that long before they begin. */
  readonly delay?: {
    readonly milliseconds: number;
    readonly statements?: number;
    readonly matching?: string;
  };
}

function concerns(statement: string, matching: string | undefined): boolean {
  return matching === undefined || statement.toLowerCase().includes(matching.toLowerCase());
}

/** Plans that are used up as they strike. */
export class Faults {
  #throttle: FaultPlan['throttle'];
  #failStatement: FaultPlan['failStatement'];
  #delay: FaultPlan['delay'];

  constructor(plan: FaultPlan = {}) {
    this.plan(plan);
  }

  /** Replaces what the new plan names and leaves the rest. */
  plan(plan: FaultPlan): void {
    this.#throttle = plan.throttle ?? this.#throttle;
    this.#failStatement = plan.failStatement ?? this.#failStatement;
    this.#delay = plan.delay ?? this.#delay;
  }

  clear(): void {
    this.#throttle = undefined;
    this.#failStatement = undefined;
    this.#delay = undefined;
  }

  state(): Json {
    return {
      ...(this.#throttle === undefined ? {} : { throttle: this.#throttle }),
      ...(this.#failStatement === undefined ? {} : { failStatement: this.#failStatement }),
      ...(this.#delay === undefined ? {} : { delay: this.#delay }),
    };
  }

  /** The exception that this call meets, if any. */
  takeThrottle(operation: string): string | undefined {
    const planned = this.#throttle;
    if (planned === undefined || (planned.operation !== undefined && planned.operation !== operation)) {
      return undefined;
    }
    this.#throttle = planned.calls > 1 ? { ...planned, calls: planned.calls - 1 } : undefined;
    return planned.exception ?? 'ThrottlingException';
  }

  /** How this statement fails in the end, if it does. */
  takeFailure(statement: string): { readonly retryable: boolean } | undefined {
    const planned = this.#failStatement;
    if (planned === undefined || !concerns(statement, planned.matching)) {
      return undefined;
    }
    this.#failStatement = planned.nth > 1 ? { ...planned, nth: planned.nth - 1 } : undefined;
    return planned.nth > 1 ? undefined : { retryable: planned.retryable ?? true };
  }

  takeDelay(statement: string): number {
    const planned = this.#delay;
    if (planned === undefined || !concerns(statement, planned.matching)) {
      return 0;
    }
    const left = (planned.statements ?? 1) - 1;
    this.#delay = left > 0 ? { ...planned, statements: left } : undefined;
    return planned.milliseconds;
  }
}
