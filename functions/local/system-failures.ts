import { DonguError, errorCode, errorText } from '../core/errors.ts';

/** The machine or the cloud, not the program: a disk, a permission, a limit, a network. */
export class SystemError extends DonguError {}

const UNREACHABLE =
  'Check the network, the region, and AWS_ENDPOINT_URL where it is set; then run the command again. What was published stays.';
const CREDENTIALS =
  'Give AWS credentials as every AWS client takes them (AWS_PROFILE, AWS_ACCESS_KEY_ID, a role), and check that they are valid.';
const BUSY = 'The service is busy or broken: run the command again later. What was published stays.';
const RIGHTS =
  'The role lacks a right: docs/athena.md lists those that a run needs. What was published stays.';

const byCode: Readonly<Record<string, string>> = {
  ENOSPC:
    'The disk is full: make room, or choose another --home, and run the command again. Nothing is lost.',
  EDQUOT: 'The disk quota is used up: make room, or choose another --home, and run the command again.',
  EROFS: 'The file system is read-only: choose a --home that can be written.',
  EACCES: 'Check who owns the folder, or choose a --home that you may write.',
  EPERM: 'Check who owns the folder, or choose a --home that you may write.',
  ENOTDIR: 'A folder is expected where a file lies: check --home.',
  EEXIST: 'A folder is expected where a file lies: check --home.',
  EISDIR: 'A file is expected where a folder lies: check the path.',
  EMFILE: 'Too many files are open on this machine: raise its limit (ulimit -n).',
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
};

/** What the services of AWS and their clients call an error. */
const byName: Readonly<Record<string, string>> = {
  TimeoutError: UNREACHABLE,
  CredentialsProviderError: CREDENTIALS,
  ExpiredToken: CREDENTIALS,
  ExpiredTokenException: CREDENTIALS,
  InvalidAccessKeyId: CREDENTIALS,
  InvalidClientTokenId: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  UnrecognizedClientException: CREDENTIALS,
  AccessDenied: RIGHTS,
  AccessDeniedException: RIGHTS,
  NoSuchBucket: 'Make the bucket, or mend engine.athena.root in dongu.yaml.',
  PermanentRedirect:
    'The bucket lies in another region: set engine.athena.region in dongu.yaml, or AWS_REGION.',
  AuthorizationHeaderMalformed:
    'The bucket lies in another region: set engine.athena.region in dongu.yaml, or AWS_REGION.',
  InternalError: BUSY,
  InternalServerException: BUSY,
  InternalServiceException: BUSY,
  ServiceUnavailable: BUSY,
  SlowDown: BUSY,
  ThrottlingException: BUSY,
  TooManyRequestsException: BUSY,
};

/** What DuckDB says of the machine, and what clients say without a code or a name. */
const byText: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/Region is missing/, 'Set engine.athena.region in dongu.yaml, or AWS_REGION.'],
  [/No space left on device|max_temp_directory_size/i, byCode.ENOSPC ?? ''],
  [/Read-only file system/i, byCode.EROFS ?? ''],
  [/Permission denied/i, byCode.EACCES ?? ''],
  [
    /Out of Memory Error/i,
    'Raise engine.memory_limit in dongu.yaml, or lower engine.threads. What was published stays.',
  ],
  [
    /No magic bytes|TProtocolException|Corrupt|not a valid DuckDB database file|Malformed JSON/i,
    'A file of the home is damaged: dongu verify names objects of the lake that are; dongu run makes warehouse.duckdb anew.',
  ],
];

/** A failure of the machine as an error with advice, wherever in the chain of causes it lies; undefined for any other. */
export function systemFailure(error: unknown): SystemError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const text = errorText(cause).split('\n')[0] || cause.name;
    const hint =
      byCode[errorCode(cause) ?? ''] ??
      byName[cause.name] ??
      byText.find(([pattern]) => pattern.test(errorText(cause)))?.[1];
    if (hint) {
      const told = error instanceof DonguError ? error.message : text;
      return new SystemError(told, hint, { cause: error });
    }
  }
  return undefined;
}
