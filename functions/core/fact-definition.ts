import { z } from 'zod';
import { SourceError } from './errors.ts';
import { readYaml } from './read-yaml.ts';

export const factColumnTypes = [
  'varchar',
  'date',
  'timestamp',
  'decimal(18,2)',
  'decimal(18,8)',
  'bigint',
  'double',
  'boolean',
] as const;

/** A fact without a person (`sql/facts/NAME.yml`): spend, products, rates. */
export const FactDefinition = z.strictObject({
  fact: z.string().regex(/^[a-z_]+$/),
  description: z.string(),
  columns: z.record(
    z.string().regex(/^[a-z_]+$/),
    z.strictObject({
      type: z.enum(factColumnTypes),
      required: z.boolean().default(false),
      description: z.string().default(''),
    }),
  ),
  key: z.array(z.string()).default([]),
});
export type FactDefinition = z.infer<typeof FactDefinition>;

export function readFactDefinition(text: string, file: string): FactDefinition {
  return readYaml(text, file, FactDefinition, (message, hint) => new SourceError(message, hint));
}
