// The one error family. A message says what failed and which name; `hint` says what to do next.
// Neither ever holds a secret or a customer's data.

export class DonguError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** `dongu.yaml`, or another file of the project's own settings, says something that is not understood. */
export class ConfigurationError extends DonguError {}

/** A source's YAML or select is wrong. */
export class SourceError extends DonguError {}

/** A file given to `import` cannot be read as what its source says. */
export class InputFileError extends DonguError {}

/** A model's YAML or SQL is wrong, or its SQL failed. */
export class ModelError extends DonguError {}

/** An engine far away did not finish a statement. Whoever knows whose statement it was says so in front. */
export class StatementError extends DonguError {}

/** The books do not balance: nothing is published. */
export class AuditError extends DonguError {
  readonly failures: readonly string[];

  constructor(message: string, hint: string, failures: readonly string[], options?: ErrorOptions) {
    super(message, hint, options);
    this.failures = failures;
  }
}

/** The lake or the home is missing, in use or damaged. */
export class LakeError extends DonguError {}

/** Another run holds the lease. */
export class BusyError extends DonguError {}

/** A run whose process had to end before it: another one of the same id goes on with it. */
export class UnfinishedRun extends DonguError {
  readonly runId: string;

  constructor(runId: string, options?: ErrorOptions) {
    super(`run ${runId} is not finished`, 'Order it again under its id: it goes on where it was.', options);
    this.runId = runId;
  }
}

/** The queue between collector and landing cannot be reached, or does not take what it is given. */
export class QueueError extends DonguError {}

/** The system's code of an error, such as ENOSPC. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
