import type { ExecutionError } from './query-execution.ts';
import { TrinoFailure } from './trino-client.ts';

/** A failure of the facade's own steps that has a place in Athena's error catalogue. */
export class StatementFailure extends Error {
  readonly error: ExecutionError;

  constructor(message: string, error: ExecutionError) {
    super(message);
    this.name = 'StatementFailure';
    this.error = error;
  }
}

/** Numbers of the error catalogue (error-reference of the user guide) by Trino's name; 1000 is any error of a user. */
const userErrorTypes: Readonly<Record<string, number>> = {
  SYNTAX_ERROR: 1006,
  COLUMN_NOT_FOUND: 1006,
  TABLE_NOT_FOUND: 1110,
  SCHEMA_NOT_FOUND: 1301,
  FUNCTION_NOT_FOUND: 1303,
  INVALID_VIEW: 1107,
  INVALID_FUNCTION_ARGUMENT: 1106,
  NOT_SUPPORTED: 1200,
  TYPE_MISMATCH: 1006,
  HIVE_BAD_DATA: 1001,
  HIVE_CURSOR_ERROR: 1001,
};

export const internalError: ExecutionError = { category: 1, type: 200, retryable: true };
export const resultNotWritten: ExecutionError = { category: 1, type: 401, retryable: true };
export const userError: ExecutionError = { category: 2, type: 1000, retryable: false };
export const ddlFailed: ExecutionError = { category: 2, type: 1003, retryable: false };

function errorOf(failure: TrinoFailure): ExecutionError {
  if (failure.errorType === 'USER_ERROR') {
    return { category: 2, type: userErrorTypes[failure.errorName] ?? 1000, retryable: false };
  }
  if (failure.errorType === 'INSUFFICIENT_RESOURCES') {
    return { category: 2, type: 0, retryable: false };
  }
  return failure.errorType === 'EXTERNAL' ? { ...userError, type: 1001 } : internalError;
}

/** Athena says this where it cannot or will not show whether the thing exists. */
const unauthorised = ' or requester is not authorized to access requested resources';

function messageOf(failure: TrinoFailure): string {
  const suffix = failure.errorName === 'COLUMN_NOT_FOUND' ? unauthorised : '';
  return `${failure.errorName}: ${failure.message}${suffix}`;
}

/** What a failed statement says, and its place in the catalogue. */
export function describeFailure(failure: unknown): {
  readonly reason: string;
  readonly error: ExecutionError;
} {
  if (failure instanceof TrinoFailure) {
    return { reason: messageOf(failure), error: errorOf(failure) };
  }
  if (failure instanceof StatementFailure) {
    return { reason: failure.message, error: failure.error };
  }
  const message = failure instanceof Error ? failure.message : String(failure);
  return { reason: `GENERIC_INTERNAL_ERROR: ${message}`, error: internalError };
}
