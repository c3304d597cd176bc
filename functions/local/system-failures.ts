import { DonguError, errorCode, errorText } from '../core/errors.ts';

/** The machine, not the program: a disk, a permission, a limit. */
export class SystemError extends DonguError {}

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
};

/** What DuckDB says of the machine; it has no codes. */
const byText: readonly (readonly [pattern: RegExp, hint: string])[] = [
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
    const text = errorText(cause).split('\n')[0] ?? '';
    const hint =
      byCode[errorCode(cause) ?? ''] ?? byText.find(([pattern]) => pattern.test(errorText(cause)))?.[1];
    if (hint) {
      const told = error instanceof DonguError ? error.message : text;
      return new SystemError(told, hint, { cause: error });
    }
  }
  return undefined;
}
