import { z } from 'zod';
import { ConfigurationError } from '../functions/core/errors.ts';
import { readYaml } from '../functions/core/read-yaml.ts';
import { TimeZone } from '../functions/core/time-zone.ts';

const Days = z.number().int().min(1).max(3650);
const Count = z.number().int().min(1);

/** Days of CloudWatch's list: it takes no others. */
const LogDays = z.union(
  [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731].map((days) => z.literal(days)),
  {
    error:
      'say 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731 days, as CloudWatch takes them',
  },
);

const Retention = z.strictObject({
  /** The lake as it was received. Forever unless told: what ends here can be rebuilt no more, and the books of those days end with it. */
  raw_days: Days.optional(),
  /** Personal values in the clear. Forever unless told. */
  identities_days: Days.optional(),
  /** Files of the inbox after their import, in the clear as they came. */
  imported_days: Days.default(30),
  /** Of an object that was replaced or deleted: how long a mistake can be undone, and how long an erasure takes to be final. */
  versions_days: Days.default(7),
  /** What Athena answered. */
  results_days: Days.default(7),
  exports_days: Days.default(30),
  /** Who read what: addresses of persons stand in it. */
  access_logs_days: Days.default(90),
  logs_days: LogDays.default(30),
  /** Messages that could not be landed. Not to be shortened, and more is not to be had. */
  dead_letters_days: z
    .literal(14, {
      error:
        'say 14 days or nothing: SQS counts them from when a request was accepted, not from when it became a dead letter, so fewer could end it before anybody has seen it; take letters out by hand instead (dongu queue --take)',
    })
    .default(14),
});

const Alarms = z.strictObject({
  /** Each address gets a mail that it has to confirm once. */
  emails: z.array(z.email()).max(10).default([]),
  /** A run is missed when none succeeded for so long. */
  hours_without_run: Count.max(168).default(26),
  /** Since the newest import was received. */
  data_age_hours: Count.default(48),
  /** Since the as-of instant of what readers see. */
  page_age_hours: Count.default(60),
  quarantine_percent: z.number().min(0).max(100).default(1),
  /** Scanned by one run. */
  run_dollars: z.number().positive().default(1),
  /** Of a month, whole account: a budget tells at 80 % and when more is forecast. */
  month_dollars: z.number().positive().default(20),
});

const Edge = z.strictObject({
  /** A name of your own; without it CloudFront gives one. The certificate lies in us-east-1. */
  domain: z
    .strictObject({
      name: z.string().regex(/^[a-z0-9.-]+$/),
      certificate_arn: z.string().regex(/^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\//, {
        error: 'CloudFront takes certificates of us-east-1 only',
      }),
    })
    .optional(),
  /** 100: North America, Europe and Israel; 200: also Asia, Africa and the Middle East; all. */
  price_class: z.enum(['100', '200', 'all']).default('200'),
});

/** What the key `deploy` of dongu.yaml may say. Nothing needs to be said for a small installation. */
export const Deployment = z.strictObject({
  /** Begins the names of stacks; a second installation in one account and region has another one. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, { error: 'up to 20 lower-case letters, digits and hyphens' })
    .default('dongu'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  /** False: removing the installation removes its data too, which is for tests and trials. */
  keep_data: z.boolean().default(true),
  /** Of all but identities, which have a key of their own in any case: S3's keys cost nothing, a key in KMS a dollar a month and its calls. */
  encryption: z.enum(['s3', 'kms']).default('s3'),
  runs: z
    .strictObject({
      /** EventBridge Scheduler's words, in the project's time zone. */
      schedule: z
        .string()
        .regex(/^(cron|rate)\(.+\)$/, { error: 'say cron(0 4 * * ? *) or rate(6 hours)' })
        .default('cron(0 4 * * ? *)'),
      engine: z.enum(['duckdb', 'athena', 'auto']).default('auto'),
    })
    .prefault({}),
  collect: z
    .strictObject({
      requests_per_second: Count.default(100),
      burst: Count.default(200),
      concurrency: Count.default(20),
    })
    .prefault({}),
  land: z
    .strictObject({
      /** How long messages are gathered. Longer is cheaper: fewer, larger objects. */
      gather_seconds: z.number().int().min(1).max(300).default(60),
      /** Batches at a time: SQS takes two at least. */
      concurrency: z.number().int().min(2).max(1000).default(2),
    })
    .prefault({}),
  import: z
    .strictObject({
      /** Files at a time: SQS takes two at least. */
      concurrency: z.number().int().min(2).max(1000).default(2),
    })
    .prefault({}),
  /** False where the account's quota of concurrent executions is still the 10 of a new account: then none can be reserved. */
  reserve_concurrency: z.boolean().default(true),
  /** Athena stops a statement that reads more. */
  scan_limit_gigabytes: z.number().int().min(1).default(50),
  retention: Retention.prefault({}),
  alarms: Alarms.prefault({}),
  /** A dashboard of CloudWatch: free as one of an account's first three, three dollars a month beyond. */
  operator_view: z.boolean().default(true),
  edge: Edge.prefault({}),
  tags: z.record(z.string(), z.string()).default({}),
});
export type Deployment = Readonly<z.infer<typeof Deployment>>;

/** The whole of what a deployment is told: its own key and what it needs of the project's. */
export interface DeployConfiguration extends Deployment {
  readonly timeZone: string;
}

const Project = z.looseObject({
  reporting: z.looseObject({ time_zone: TimeZone.default('Europe/Istanbul') }).prefault({}),
  deploy: z.preprocess((value) => value ?? {}, Deployment).prefault({}),
});

/** Reads the text of dongu.yaml. All other keys are judged by whoever uses them. */
export function readDeployConfiguration(text: string, file: string): DeployConfiguration {
  const { reporting, deploy } = readYaml(
    text,
    file,
    Project,
    (message, hint) => new ConfigurationError(message, hint),
  );
  return { ...deploy, timeZone: reporting.time_zone };
}
