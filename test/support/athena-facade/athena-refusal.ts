/** An answer of the service itself: it becomes an exception of the SDK under the same name. */
export class AthenaRefusal extends Error {
  readonly type: string;
  readonly details: Readonly<Record<string, string>>;

  constructor(type: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'AthenaRefusal';
    this.type = type;
    this.details = details;
  }
}

export function invalidRequest(message: string, athenaErrorCode = 'INVALID_INPUT'): AthenaRefusal {
  return new AthenaRefusal('InvalidRequestException', message, { AthenaErrorCode: athenaErrorCode });
}

/** For what Athena can do and this facade cannot: never run by halves, and never mistaken for Athena's word. */
export function notImitated(what: string): AthenaRefusal {
  return invalidRequest(
    `athena-facade (a test support of this project, not Athena): ${what} is not imitated`,
  );
}
