import { z } from 'zod';
import { invalidRequest } from './athena-refusal.ts';
import type { Json } from './aws-json-server.ts';

const count = z.int().min(1);

/** What tests break on purpose. */
export const FaultPlan = z.strictObject({
  /** The next calls that are refused, of one operation or of any. */
  throttle: z
    .strictObject({
      calls: count,
      operation: z.string().optional(),
      exception: z.enum(['ThrottlingException', 'TooManyRequestsException']).default('ThrottlingException'),
    })
    .optional(),
  /** The nth statement from now on (of those whose text contains `matching`) fails, before or after it has written. */
  failStatement: z
    .strictObject({
      nth: count.default(1),
      matching: z.string().optional(),
      when: z.enum(['before', 'after']).default('after'),
      retryable: z.boolean().default(true),
    })
    .optional(),
  /** The next statements (whose text contains `matching`) are RUNNING that long before they do anything. */
  delay: z
    .strictObject({
      milliseconds: z.int().min(0),
      statements: count.default(1),
      matching: z.string().optional(),
    })
    .optional(),
});

export type FaultPlan = z.input<typeof FaultPlan>;
type Planned = z.output<typeof FaultPlan>;

export interface PlannedFailure {
  readonly when: 'before' | 'after';
  readonly retryable: boolean;
}

function concerns(statement: string, matching: string | undefined): boolean {
  return matching === undefined || statement.toLowerCase().includes(matching.toLowerCase());
}

function withLess<T extends object, K extends keyof T>(plan: T, key: K, left: T[K] & number): T | undefined {
  return left > 0 ? { ...plan, [key]: left } : undefined;
}

/** Plans that are used up as they strike. */
export class Faults {
  #planned: Planned = {};

  constructor(plan: FaultPlan = {}) {
    this.plan(plan);
  }

  /** Replaces what the new plan names and leaves the rest. */
  plan(plan: unknown): void {
    const { success, data, error } = FaultPlan.safeParse(plan);
    if (!success) {
      throw invalidRequest(`not a plan of faults: ${z.prettifyError(error)}`);
    }
    this.#planned = { ...this.#planned, ...data };
  }

  clear(): void {
    this.#planned = {};
  }

  state(): Json {
    return { ...this.#planned };
  }

  /** The exception that this call meets, if any. */
  takeThrottle(operation: string): string | undefined {
    const { throttle } = this.#planned;
    if (throttle === undefined || (throttle.operation ?? operation) !== operation) {
      return undefined;
    }
    this.#planned = { ...this.#planned, throttle: withLess(throttle, 'calls', throttle.calls - 1) };
    return throttle.exception;
  }

  /** How this statement fails, if it does. */
  takeFailure(statement: string): PlannedFailure | undefined {
    const { failStatement } = this.#planned;
    if (failStatement === undefined || !concerns(statement, failStatement.matching)) {
      return undefined;
    }
    const { nth, when, retryable } = failStatement;
    this.#planned = { ...this.#planned, failStatement: withLess(failStatement, 'nth', nth - 1) };
    return nth > 1 ? undefined : { when, retryable };
  }

  takeDelay(statement: string): number {
    const { delay } = this.#planned;
    if (delay === undefined || !concerns(statement, delay.matching)) {
      return 0;
    }
    this.#planned = { ...this.#planned, delay: withLess(delay, 'statements', delay.statements - 1) };
    return delay.milliseconds;
  }
}
