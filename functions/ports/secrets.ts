/** Keys that never leave the place that keeps them. */
export interface Secrets {
  /**
   * The key that hashes personal identifiers. The same bytes for ever: with another key every customer
   * would become a new one. Made at first use where it does not exist.
   */
  identityKey(): Promise<Buffer>;
}
