import { BusyError } from '../core/errors.ts';
import { type Compacted, type CompactPorts, compactLake } from './compact-lake.ts';
import { type LeasePorts, withRunLease } from './run-lease.ts';

export type CompactOutcome =
  | ({ readonly state: 'compacted' } & Compacted)
  | { readonly state: 'another_run_is_at_work' };

/**
 * Merges batches of a lake that runs of several machines read: under their lease, because a run must find the objects that it
 * has listed. While another run is at work nothing is merged, and nothing is lost by that.
 */
export async function compactUnderLease(ports: CompactPorts, lease: LeasePorts): Promise<CompactOutcome> {
  try {
    return await withRunLease(lease, async () => ({
      state: 'compacted' as const,
      ...(await compactLake(ports)),
    }));
  } catch (error) {
    if (error instanceof BusyError) {
      return { state: 'another_run_is_at_work' };
    }
    throw error;
  }
}
