import type { WriteKey } from '../core/collect/write-keys.ts';

/** Who may send to the collector. */
export interface WriteKeys {
  /** All keys, those of the past included; none before the first is made. Not older than a minute. Throws ConfigurationError when they cannot be read. */
  list(): Promise<readonly WriteKey[]>;
}
