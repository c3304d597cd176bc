/** That one run, and no other, may publish. */
export interface Lease {
  /** Greater than that of every lease before: what is published carries it, and refuses a smaller one. */
  readonly token: number;
  /** Rejects where a later run has taken the lease over. */
  check(): Promise<void>;
}
