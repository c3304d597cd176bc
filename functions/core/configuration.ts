import { z } from 'zod';
import { ConfigurationError } from './errors.ts';
import { StageTarget, sectors } from './lifecycle-template.ts';
import { readYaml } from './read-yaml.ts';
import { TimeZone } from './time-zone.ts';

const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: (issue) => `"${String(issue.input)}" is not an ISO 4217 code such as TRY` });

/** A key of which all entries are commented out says nothing, and is no error. */
const orNothing = <T extends z.ZodType>(record: T) =>
  z.preprocess((value) => value ?? {}, record).prefault({});

/** What `dongu.yaml` may say. Each key is described in docs/configuration.md. */
export const Configuration = z.strictObject({
  reporting: z
    .strictObject({
      time_zone: TimeZone.default('Europe/Istanbul'),
      currency: CurrencyCode.default('TRY'),
      locale: z.enum(['tr', 'en']).default('tr'),
    })
    .prefault({}),
  sector: z.enum(sectors).default('ecommerce'),
  /** Ids of built-in lifecycles or of the project's own, or paths of own files. */
  lifecycles: z.array(z.string().min(1)).min(1, { error: 'name at least one lifecycle' }).optional(),
  /** By lifecycle and stage, in place of the template's. */
  stage_targets: orNothing(z.record(z.string(), z.record(z.string(), StageTarget))),
  activity_event: z
    .string()
    .regex(/^[a-z0-9_]+$/, { error: 'an event name is snake_case' })
    .default('order_completed'),
  influencers: z.array(z.string()).default([]),
  privacy: z.strictObject({ minimum_group: z.number().int().min(5).default(10) }).prefault({}),
  targets: orNothing(z.record(z.string(), z.number())),
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

/** What the configuration names, or else the sector's own lifecycle, which has the sector's name. */
export function lifecycleNames({ lifecycles, sector }: Configuration): readonly string[] {
  return lifecycles ?? [sector];
}
