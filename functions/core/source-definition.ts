import { z } from 'zod';
import { SourceError } from './errors.ts';
import { nearestName } from './nearest-name.ts';
import { readYaml } from './read-yaml.ts';
import { TimeZone } from './time-zone.ts';

/** `removed`: not kept anywhere, not even among the identities (an IP address). */
export const personalKinds = ['email', 'phone', 'name', 'address', 'text', 'removed'] as const;

const SourceColumn = z.strictObject({
  required: z.boolean().default(false),
  description: z.string().default(''),
  example: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

/** What `sql/sources/NAME.yml` may say. docs/sources.md describes each key. */
export const SourceDefinition = z.strictObject({
  source: z.string().regex(/^[a-z0-9-]+$/, { error: 'a source is named in lower case, digits and hyphens' }),
  version: z.number().int().min(1),
  description: z.string(),
  format: z.enum(['csv', 'ndjson', 'parquet']),
  delimiter: z.string().default(','),
  header: z.boolean().default(true),
  encoding: z.enum(['utf-8', 'latin-1']).default('utf-8'),
  time_zone: TimeZone.default('UTC'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('TR'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  lawful_basis: z.enum(['contract', 'legal_obligation', 'legitimate_interest', 'consent']),
  columns: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), SourceColumn).default({}),
  personal: z.record(z.string(), z.enum(personalKinds)).default({}),
  key: z.array(z.string()).default([]),
  events: z.array(z.string()).default([]),
  yields: z.array(z.string()).min(1),
});
export type SourceDefinition = z.infer<typeof SourceDefinition>;

/** A source as the import uses it: its YAML, and the select of each yield by name. */
export interface Source {
  readonly definition: SourceDefinition;
  readonly selects: Readonly<Record<string, string>>;
  readonly file: string;
}

export function readSourceDefinition(text: string, file: string): SourceDefinition {
  const definition = readYaml(
    text,
    file,
    SourceDefinition,
    (message, hint) => new SourceError(message, hint),
  );
  const unknownKeys =
    definition.format === 'csv' ? definition.key.filter((name) => !definition.columns[name]) : [];
  if (unknownKeys.length > 0) {
    throw new SourceError(
      `${file}: key names ${unknownKeys.join(', ')}, which columns does not have`,
      'Name columns of this source under `key`.',
    );
  }
  checkPersonal(definition, file);
  return definition;
}

/** A personal field that no column has would leave the clear value where its key should be. */
function checkPersonal({ format, delimiter, columns, personal }: SourceDefinition, file: string): void {
  const names = Object.keys(columns);
  const unknown =
    format === 'ndjson'
      ? []
      : Object.keys(personal).filter(
          (name) => !names.some((column) => column.toLowerCase() === name.toLowerCase()),
        );
  if (unknown.length > 0) {
    const texts = unknown.map((name) => {
      const nearest = nearestName(name, names);
      return nearest ? `${name} (did you mean ${nearest}?)` : name;
    });
    throw new SourceError(
      `${file}: personal names ${texts.join(', ')}, which columns does not have`,
      'Name columns of this source under `personal`.',
    );
  }
  if (format === 'csv' && delimiter === 'whitespace' && Object.keys(personal).length > 0) {
    throw new SourceError(
      `${file}: has personal fields, but a file with blanks between its columns is kept line by line`,
      'Give the source a delimiter such as ",".',
    );
  }
}

/** The columns that a `touchpoints` select may yield, in the order of the raw zone. */
export const touchpointColumns = [
  'ingest_id',
  'touchpoint_id',
  'kind',
  'event',
  'occurred_at',
  'sent_at',
  'user_id',
  'anonymous_id',
  'email',
  'phone',
  'loyalty_id',
  'device_id',
  'previous_id',
  'channel',
  'campaign_source',
  'campaign_medium',
  'campaign_name',
  'order_id',
  'product_id',
  'category',
  'quantity',
  'amount',
  'currency_code',
  'device_type',
  'country',
  'city',
  'group_id',
  'session_id',
  'properties',
  'reject_reason',
] as const;
