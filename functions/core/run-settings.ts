import { z } from 'zod';
import type { Configuration } from './configuration.ts';
import { type Lifecycle, LifecycleTemplate } from './lifecycle-template.ts';
import { TimeZone } from './time-zone.ts';

/** What a run was told and its tables do not say: with it, an answer about the run stays the run's own. */
export const RunSettings = z.strictObject({
  schema: z.literal('dongu.run-settings/1'),
  run_id: z.string(),
  as_of: z.iso.datetime(),
  time_zone: TimeZone,
  currency: z.string(),
  /** In the order of the configuration, with the targets that dongu.yaml gave them. */
  lifecycles: z.array(LifecycleTemplate),
});
export type RunSettings = z.infer<typeof RunSettings>;

/** Written before the run is switched in, and found by the `run_id` of its tables: never those of another run. */
export const runSettingsKey = (runId: string): string => `runs/${runId}.settings.json`;

export function runSettings(
  runId: string,
  asOf: Date,
  { reporting }: Configuration,
  lifecycles: readonly Lifecycle[],
): RunSettings {
  return {
    schema: 'dongu.run-settings/1',
    run_id: runId,
    as_of: asOf.toISOString(),
    time_zone: reporting.time_zone,
    currency: reporting.currency,
    lifecycles: lifecycles.map(({ template }) => template),
  };
}
