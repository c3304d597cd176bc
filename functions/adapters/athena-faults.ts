import { DonguError, errorCode, errorText, StatementError } from '../core/errors.ts';
import { MEND_THE_MODEL } from '../core/statement-error.ts';

const LACKS_A_RIGHT =
  'The role lacks a right: docs/athena.md lists those that a run needs. What was published stays.';

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

const NO_ANSWER =
  'AWS could not be asked: check network and credentials, or run again later. What was published stays.';

const DENIED = /access ?denied|insufficient permissions|not authorized to perform/i;

export const isDenied = (error: unknown): boolean =>
  error instanceof Error && (DENIED.test(error.name) || DENIED.test(error.message));

/** What the service has taken and then does not tell of. It may still be writing, so it is not tried again at once. */
export function unanswered(error: unknown, queryId: string): AthenaError {
  const message = errorText(error);
  const hint = isDenied(error)
    ? LACKS_A_RIGHT
    : `${NO_ANSWER} The workgroup's history has the statement as ${queryId}.`;
  return new AthenaError(message, { isPassing: false, queryId, hint }, { cause: error });
}

/** For what is no fault of a statement. */
function infrastructureHint(message: string): string | undefined {
  if (DENIED.test(message)) {
    return LACKS_A_RIGHT;
  }
  return /SCHEMA_NOT_FOUND|Schema \S+ (?:does not exist|not found)|NoSuchBucket|bucket does not exist|Database \S+ not found/i.test(
    message,
  )
    ? 'A Glue database or a bucket is not there: has somebody deleted it meanwhile? Mend that and run again. What was published stays.'
    : undefined;
}

function hintOf(message: string, { isPassing, queryId }: AthenaFault): string {
  if (/work ?group .* is not found/i.test(message)) {
    return 'Make the workgroup, or mend engine.athena.workgroup in dongu.yaml.';
  }
  if (/bytes scanned limit/i.test(message)) {
    return "The statement reads more than the workgroup allows: raise the workgroup's limit of bytes, or let the model read less.";
  }
  const infrastructure = infrastructureHint(message);
  if (infrastructure !== undefined) {
    return infrastructure;
  }
  const where = queryId === undefined ? '' : ` The workgroup's history has the statement as ${queryId}.`;
  return isPassing
    ? `The service failed, several times over: run again later. What was published stays.${where}`
    : `${MEND_THE_MODEL}${where}`;
}

/** A statement that the service has not taken. */
export function notTaken(error: unknown): AthenaError {
  const isPassing = isThrottling(error);
  const isOwn = isPassing || isRequestFault(error);
  return new AthenaError(
    errorText(error),
    { isPassing, ...(!isOwn && { hint: NO_ANSWER }) },
    { cause: error },
  );
}

/** Whether an error is one that a client of AWS, or the network under it, gives. */
const isOfService = (error: unknown): boolean =>
  error instanceof Error && ('$metadata' in error || '$fault' in error || errorCode(error) !== undefined);

/** Glue or S3 that fail while a model is built: nothing is wrong with the model. */
export async function servicesAsked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DonguError || !isOfService(error)) {
      throw error;
    }
    const { name, message } = error as Error;
    const text = message.includes(name) ? message : `${name}: ${message}`;
    const fault = { isPassing: false, hint: infrastructureHint(text) ?? NO_ANSWER };
    throw new AthenaError(text, fault, { cause: error });
  }
}

/** Whether the service has read the request and found fault with it, so that it is the statement's own. */
const isRequestFault = (error: unknown): boolean =>
  isDenied(error) || (error instanceof Error && error.name === 'InvalidRequestException');

export const isThrottling = (error: unknown): boolean =>
  error instanceof Error && ['TooManyRequestsException', 'ThrottlingException'].includes(error.name);
