import { z } from 'zod';
import { ConfigurationError } from './errors.ts';
import { readYaml } from './read-yaml.ts';
import { TimeZone } from './time-zone.ts';

const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: (issue) => `"${String(issue.input)}" is not an ISO 4217 code such as TRY` });

/** What `dongu.yaml` may say. Each key is described in docs/configuration.md. */
export const Configuration = z.strictObject({
  reporting: z
    .strictObject({
      time_zone: TimeZone.default('Europe/Istanbul'),
      currency: CurrencyCode.default('TRY'),
      locale: z.enum(['tr', 'en']).default('tr'),
    })
    .prefault({}),
  sector: z.enum(['ecommerce', 'saas', 'b2b', 'finance', 'general']).default('ecommerce'),
  activity_event: z
    .string()
    .regex(/^[a-z0-9_]+$/, { error: 'an event name is snake_case' })
    .default('order_completed'),
  influencers: z.array(z.string()).default([]),
  privacy: z.strictObject({ minimum_group: z.number().int().min(5).default(10) }).prefault({}),
  targets: z.record(z.string(), z.number()).default({}),
  engine: z
    .strictObject({
      memory_limit: z
        .string()
        .regex(/^\d+(MB|GB)$/, { error: 'say a size such as 2GB' })
        .default('2GB'),
      threads: z.number().int().min(1).optional(),
    })
    .prefault({}),
});
export type Configuration = z.infer<typeof Configuration>;

/** Reads the text of `dongu.yaml`; an unknown key is an error that names the nearest known one. */
export function readConfiguration(text: string, file: string): Configuration {
  return readYaml(text, file, Configuration, (message, hint) => new ConfigurationError(message, hint));
}
