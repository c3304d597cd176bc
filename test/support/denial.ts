interface CaughtByPattern {
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

/** Something that the two engines do not do alike. */
export interface Difference extends CaughtByPattern {
  readonly kind: 'difference';
  /** Selects over literals that both engines run and answer differently: an error of one, other rows or other types. */
  readonly differs: readonly string[];
}

/** Something that is the same on both, and that models do without for its reason. */
export interface Rule extends CaughtByPattern {
  readonly kind: 'rule';
}

export type Denial = Difference | Rule;

/** What may stand between two brackets, three brackets deep. */
export const inParentheses = String.raw`(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*`;
