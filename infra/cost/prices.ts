// List prices of us-east-1 in US dollars, before tax. Each says where it was read; check them before you rely on them.

export interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

const design = "the project's design notes, after AWS's documentation";

export const prices = {
  httpApiFirst: {
    dollars: 1,
    per: 'million requests, up to 300 million a month',
    source: 'AWS whitepaper "Best practices for designing API Gateway private APIs", table 4',
  },
  httpApiNext: {
    dollars: 0.9,
    per: 'million requests beyond',
    source: 'AWS whitepaper "Best practices for designing API Gateway private APIs", table 4',
  },
  lambdaRequest: {
    dollars: 0.2,
    per: 'million invocations',
    source: 'cloudchipr.com/blog/aws-lambda-pricing',
  },
  lambdaSecond: {
    dollars: 0.0000133334,
    per: 'GB-second on arm64',
    source: 'cloudchipr.com/blog/aws-lambda-pricing',
  },
  queue: { dollars: 0.4, per: 'million requests of up to 64 KB', source: design },
  put: { dollars: 5, per: 'million PUT', source: 'devnotes.tech, "Understanding AWS S3 pricing"' },
  get: { dollars: 0.4, per: 'million GET', source: 'athena.guide, "Athena basics: pricing model"' },
  storage: { dollars: 0.023, per: 'GB and month', source: 'devnotes.tech, "Understanding AWS S3 pricing"' },
  scan: {
    dollars: 5,
    per: 'TB scanned, 10 MB a statement at least',
    source: 'athena.guide, "Athena basics: pricing model"',
  },
  logs: { dollars: 0.5, per: 'GB taken in', source: 'factualminds.com, "Amazon CloudWatch pricing"' },
  metric: { dollars: 0.3, per: 'custom metric and month', source: 'signoz.io/guides/cloudwatch-pricing' },
  dashboard: {
    dollars: 3,
    per: 'dashboard and month',
    source: 'factualminds.com, "Amazon CloudWatch pricing"',
  },
  alarm: {
    dollars: 0.1,
    per: 'alarm and month',
    source: 'c3x.dev/resources/aws/aws_cloudwatch_metric_alarm',
  },
  key: { dollars: 1, per: 'key of KMS and month', source: 'aws.amazon.com/kms/pricing' },
  secret: {
    dollars: 0.4,
    per: 'secret and month',
    source: 'hivebook.wiki, "AWS Secrets Manager"',
  },
} as const satisfies Readonly<Record<string, Price>>;
export type PriceName = keyof typeof prices;

export interface Allowance {
  readonly amount: number;
  readonly of: string;
  readonly source: string;
}

const cloudwatch = 'aws.amazon.com/cloudwatch/pricing, "Free tier"';
const always = 'costpulse.cloud/insights/aws-free-tier-costs, "Always Free"';

/** What costs an account nothing in any month, however old it is; shared by all that runs in it. */
export const allowances = {
  dashboard: { amount: 3, of: 'dashboards of up to 50 metrics', source: cloudwatch },
  alarm: { amount: 10, of: 'alarms', source: cloudwatch },
  metric: { amount: 10, of: 'custom metrics', source: cloudwatch },
  logs: { amount: 5, of: 'GB of logs', source: cloudwatch },
  queue: {
    amount: 1e6,
    of: 'requests of SQS',
    source: 'unanswered.io/guide/aws-sqs-pricing-and-cost-optimization',
  },
  lambdaRequest: { amount: 1e6, of: 'invocations', source: always },
  lambdaSecond: { amount: 400_000, of: 'GB-seconds', source: always },
} as const satisfies Partial<Readonly<Record<PriceName, Allowance>>>;
export type AllowanceName = keyof typeof allowances;

/** Tiers of PostHog's product analytics: the dollars of an event, up to so many events a month. */
export const posthogTiers: readonly { readonly upTo: number; readonly dollars: number }[] = [
  { upTo: 1e6, dollars: 0 },
  { upTo: 2e6, dollars: 0.00005 },
  { upTo: 15e6, dollars: 0.0000343 },
  { upTo: 50e6, dollars: 0.0000295 },
  { upTo: 100e6, dollars: 0.0000218 },
  { upTo: 250e6, dollars: 0.000015 },
  { upTo: Number.POSITIVE_INFINITY, dollars: 0.000009 },
];
export const posthogSource = 'flexprice.io/blog/posthog-pricing-guide';
