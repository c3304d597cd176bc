import { z } from 'zod';
import type { CompactOutcome } from '../use-cases/compact-under-lease.ts';
import { type Handler, lambda, type Watching } from './middleware.ts';

const CompactEvent = z.object({ execution: z.string().min(1).optional() });

export type CompactWork = (by: { readonly holder: string }) => Promise<CompactOutcome>;

/** Merges the collector's batches, before a run reads them. */
export function compactHandler(work: CompactWork, watching: Watching): Handler<unknown, CompactOutcome> {
  return lambda(async (event: unknown, context) => {
    const { data } = CompactEvent.safeParse(event ?? {});
    const outcome = await work({ holder: data?.execution ?? context.awsRequestId });
    watching.logger.info('batches of the lake', { ...outcome });
    return outcome;
  }, watching);
}
