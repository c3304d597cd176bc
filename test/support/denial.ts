/** Something that the two engines do not do alike, or that makes a model depend on more than its inputs. */
export interface Denial {
  readonly name: string;
  readonly reason: string;
  readonly instead: string;
  /** Looked for in lower-case SQL without comments, its string literals emptied. */
  readonly pattern: RegExp | ((sql: string) => string | undefined);
  /** SQL that it catches. */
  readonly example: string;
  /** SQL like it that it lets pass. */
  readonly allowed: string;
}

/** What may stand between two brackets, three brackets deep. */
export const inParentheses = String.raw`(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*`;
