import { z } from 'zod';
import { ModelError } from './errors.ts';
import { readYaml } from './read-yaml.ts';

const Text = z.strictObject({ tr: z.string().min(1), en: z.string().min(1) });

export const kpiUnits = [
  'ratio',
  'count',
  'money',
  'score',
  'seconds',
  'minutes',
  'hours',
  'days',
  'months',
  'times',
] as const;

/** An entry of the KPI catalogue (`sql/kpis/ID.yml`); its select stands beside it. */
export const KpiDefinition = z.strictObject({
  kpi: z.string().regex(/^[a-z0-9_]+$/),
  version: z.number().int().min(1),
  label: Text,
  definition: Text,
  formula: z.string().min(1),
  unit: z.enum(kpiUnits),
  better: z.enum(['up', 'down', 'neither']),
  /** Position on pages; KPIs of one group stand together. */
  group: z.string(),
  position: z.number().int().default(1000),
  /** Its select also yields `lifecycle_id`: one row per lifecycle, and segments are stages. */
  per_lifecycle: z.boolean().default(false),
  /** Its select also yields `lower` and `upper`: the 95 % interval of an estimate. */
  interval: z.boolean().default(false),
  /** Where the definition comes from. */
  source: z.string().default(''),
  cases: z
    .array(
      z.strictObject({
        name: z.string(),
        given: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).default({}),
        expect: z.array(z.record(z.string(), z.unknown())),
      }),
    )
    .default([]),
});
export type KpiDefinition = z.infer<typeof KpiDefinition>;

export interface Kpi {
  readonly definition: KpiDefinition;
  readonly sql: string;
  readonly file: string;
}

export function readKpiDefinition(text: string, file: string): KpiDefinition {
  return readYaml(text, file, KpiDefinition, (message, hint) => new ModelError(message, hint));
}

/** What every KPI select yields; the catalogue adds the rest. */
export const kpiColumns = {
  grain: 'varchar',
  period_start: 'date',
  segment_type: 'varchar',
  segment_value: 'varchar',
  value: 'double',
  numerator: 'double',
  denominator: 'double',
  n: 'bigint',
  is_complete: 'boolean',
  null_reason: 'varchar',
} as const;

/** The columns that the select of a KPI has to yield. */
export function kpiColumnsOf({ per_lifecycle, interval }: KpiDefinition): Readonly<Record<string, string>> {
  return {
    ...(per_lifecycle && { lifecycle_id: 'varchar' }),
    ...kpiColumns,
    ...(interval && { lower: 'double', upper: 'double' }),
  };
}
