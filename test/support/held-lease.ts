import type { Lease } from '../../functions/ports/lease.ts';

/** The lease of a test in which nobody else runs. */
export const heldLease: Lease = { token: 1, check: async () => {} };
