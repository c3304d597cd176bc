import { z } from 'zod';
import { BusinessHours } from './business-hours-setting.ts';
import { ConfigurationError } from './errors.ts';
import { StageTarget, sectors } from './lifecycle-template.ts';
import { readYaml } from './read-yaml.ts';
import { purchaseModels } from './statistics/purchase-likelihood.ts';
import { TimeZone } from './time-zone.ts';

const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: (issue) => `"${String(issue.input)}" is not an ISO 4217 code such as TRY` });

/** A key of which all entries are commented out says nothing, and is no error. */
const orNothing = <T extends z.ZodType>(record: T) =>
  z.preprocess((value) => value ?? {}, record).prefault({});

export const engines = ['duckdb', 'athena'] as const;
export type Engine = (typeof engines)[number];

/** `auto`: by the size of the lake. */
export const engineChoices = [...engines, 'auto'] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** What others reach: a figure without its source and year is no benchmark. */
const KpiBenchmark = z.strictObject({
  value: z.number(),
  source: z.string().trim().min(3, { error: 'name who published it and where' }),
  /** Of the data, not of the publication. */
  year: z.number().int().min(1990).max(2100),
  /** The only grain of periods that it is meant for. */
  grain: z.enum(['day', 'week', 'month', 'quarter', 'year']).optional(),
});

const Size = z.string().regex(/^\d+(MB|GB)$/, { error: 'say a size such as 2GB' });

/** How a project uses Athena. Region, credentials and endpoints come from where every AWS client looks for them. */
export const AthenaEngine = z.strictObject({
  /** `s3://bucket` or `s3://bucket/prefix`: the lake lies under it as in a home, and runs beside it. */
  root: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9_.-]+)*\/?$/, {
    error: (issue) =>
      `"${String(issue.input)}" is not an S3 address such as s3://bucket or s3://bucket/folder`,
  }),
  /** The Glue database in which readers find the views of the last good run. */
  database: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,99}$/, { error: 'a database name is lower-case letters, digits and _' })
    .default('dongu'),
  workgroup: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}$/, { error: 'a workgroup name is letters, digits and . _ -' })
    .default('dongu'),
  region: z.string().optional(),
  /** Statements at a time: no more than the account's quota allows. */
  side_by_side: z.number().int().min(1).max(100).default(5),
  /** How long one statement may run before it is cancelled. */
  statement_minutes: z.number().min(0.01).max(240).default(30),
  /** The list price of a terabyte scanned in the region, in US dollars. */
  dollars_per_terabyte: z.number().min(0).default(5),
});
export type AthenaEngine = z.infer<typeof AthenaEngine>;

/** How customers' values are predicted, and below which amount of data they are not. */
export const ValueSettings = z.strictObject({
  /** The model of buying that customers are scored by. */
  model: z.enum(purchaseModels).default('mbg_nbd'),
  /** Orders of one local day are one purchase, as in published data, or each is its own. */
  purchase: z.enum(['day', 'order']).default('day'),
  /** Of the parameters that are published. */
  time_unit: z.enum(['day', 'week']).default('week'),
  horizon_months: z.number().int().min(1).max(60).default(12),
  /** By the year: 0.1 makes what comes in a year worth a share of 1 ÷ 1.1. */
  discount_rate: z.number().min(0).max(10).default(0.1),
  /** The last days of the history, which the fit that is checked on them does not see. */
  holdout_days: z.number().int().min(7).max(730).default(90),
  minimum_buyers: z.number().int().min(10).default(500),
  minimum_history_days: z.number().int().min(1).default(180),
  /** An order within so many days before the as-of day. */
  recent_order_days: z.number().int().min(1).default(30),
  /** Customers with orders on three days or more. */
  minimum_frequent_buyers: z.number().int().min(1).default(1),
  /** Between how often and for how much customers buy: Gamma-Gamma takes it for none. */
  maximum_correlation: z.number().min(0).max(1).default(0.3),
});
export type ValueSettings = z.infer<typeof ValueSettings>;

const ticketPriorities = ['low', 'normal', 'high', 'urgent'] as const;

/** A service level: who has to be answered, and whose question has to be solved, within how many minutes. */
const ServiceLevel = z.strictObject({
  /** Of tickets with this policy, and with this priority; of all, where nothing is said. */
  policy: z.string().min(1).optional(),
  priority: z.enum(ticketPriorities).optional(),
  first_reply_minutes: z.number().int().min(1).optional(),
  resolution_minutes: z.number().int().min(1).optional(),
  /** Whether only minutes count in which the business is open. */
  clock: z.enum(['business', 'calendar']).default('business'),
});

/** Values to start from, none of them measured: half a working day, then a working day; solved in five working days. */
const defaultServiceLevels: readonly z.input<typeof ServiceLevel>[] = [
  { priority: 'urgent', first_reply_minutes: 60, resolution_minutes: 540 },
  { priority: 'high', first_reply_minutes: 270, resolution_minutes: 1080 },
  { first_reply_minutes: 540, resolution_minutes: 2700 },
];

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
  business_hours: orNothing(BusinessHours),
  sla: z.preprocess((value) => value ?? defaultServiceLevels, z.array(ServiceLevel)),
  privacy: z.strictObject({ minimum_group: z.number().int().min(5).default(10) }).prefault({}),
  targets: orNothing(z.record(z.string(), z.number())),
  benchmarks: orNothing(z.record(z.string(), KpiBenchmark)),
  value: ValueSettings.prefault({}),
  engine: z
    .strictObject({
      memory_limit: Size.default('2GB'),
      threads: z.number().int().min(1).optional(),
      /** What builds unless `run --engine` says otherwise. */
      use: z.enum(engineChoices).default('duckdb'),
      /** How much of raw and quarantine `auto` gives to DuckDB; a larger lake goes to Athena. */
      duckdb_up_to: Size.default('2GB'),
      athena: AthenaEngine.optional(),
    })
    .prefault({}),
  /** Of the deployment alone, which reads it (infra/configuration.ts). */
  deploy: z.unknown().optional(),
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

/** Bytes of a size such as 2GB. */
export function bytesOf(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('GB') ? 1024 ** 3 : 1024 ** 2);
}

/** The engine that builds a lake of so many bytes. */
export function chosenEngine(
  choice: EngineChoice,
  { duckdb_up_to }: Pick<Configuration['engine'], 'duckdb_up_to'>,
  lakeBytes: number,
): Engine {
  return choice === 'auto' ? (lakeBytes > bytesOf(duckdb_up_to) ? 'athena' : 'duckdb') : choice;
}
