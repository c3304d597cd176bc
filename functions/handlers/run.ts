import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { z } from 'zod';
import { engineChoices } from '../core/configuration.ts';
import {
  AuditError,
  ConfigurationError,
  DonguError,
  errorText,
  ModelError,
  StatementError,
} from '../core/errors.ts';
import type { RunFigures } from '../core/run-figures.ts';
import { placeIn } from '../core/run-report.ts';
import type { RunOrder, RunOutcome } from '../use-cases/ordered-run.ts';
import { faultFields } from './fault-fields.ts';
import { type Handler, lambda, type Watching } from './middleware.ts';

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What the schedule, or a person, says. docs/cloud-runs.md describes it. */
const RunEvent = z.strictObject({
  asOf: Instant.optional(),
  scheduledAt: Instant.optional(),
  engine: z.enum(engineChoices).optional(),
  select: z.string().min(1).optional(),
  /** Of an unfinished run, with which to go on; `execution` must be the same then. */
  runId: z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    .optional(),
  /** Of the orchestration: what it tries again takes the lease of its own dead try over at once. */
  execution: z.string().min(1).optional(),
});

/** What a run needs to stop its statements and say that it is not finished. */
const MARGIN_MILLISECONDS = 60_000;

export interface OrderedBy {
  /** Who holds the lease. */
  readonly holder: string;
  /** When the function has to end, in milliseconds since 1970. */
  readonly until: number;
  readonly measure: (figures: RunFigures) => void;
}

export type RunWork = (order: RunOrder, by: OrderedBy) => Promise<RunOutcome>;

/** A run as a handler: what it throws is a failed run, and says so without anybody's data. */
export function runHandler(work: RunWork, watching: Watching): Handler<unknown, RunOutcome> {
  return lambda(async (event: unknown, context) => {
    const { execution, ...order } = readEvent(event);
    try {
      return await work(order, {
        holder: execution ?? context.awsRequestId,
        until: Date.now() + context.getRemainingTimeInMillis() - MARGIN_MILLISECONDS,
        measure: (figures) => tellFigures(figures, watching),
      });
    } catch (error) {
      throw withoutData(error, watching);
    }
  }, watching);
}

function readEvent(event: unknown): z.infer<typeof RunEvent> {
  const { data, error } = RunEvent.safeParse(event ?? {});
  if (!data) {
    throw new ConfigurationError(
      `the event of the run is not understood: ${z.prettifyError(error)}`,
      'Say { asOf, engine, select }, or nothing.',
    );
  }
  return data;
}

/** Of a failed audit the rows stay in the report; of an engine's words only the place, because they may quote data. */
function withoutData(error: unknown, { logger }: Watching): Error {
  const name = error instanceof Error ? error.name : 'Error';
  const told = new Error(messageOf(error));
  told.name = name;
  // the runtime logs the stack of what is thrown: once is enough
  delete told.stack;
  const { text: _, ...fields } = faultFields(error);
  logger.error(told.message, {
    ...fields,
    ...(error instanceof AuditError && { audits: error.failures.map(auditName) }),
  });
  return told;
}

/** `model: check`, without the rows behind them. */
const auditName = (failure: string): string => failure.replace(/: \{.*$/s, '');

function messageOf(error: unknown): string {
  if (error instanceof AuditError) {
    return `${error.message}: ${error.failures.map(auditName).join('; ')}. ${error.hint}`;
  }
  if (error instanceof DonguError) {
    const isOfEngine = error instanceof ModelError || error instanceof StatementError;
    const place = placeIn(error.message);
    return isOfEngine
      ? `the run broke off${place ? ` at ${place}` : ''}. ${error.hint}`
      : `${error.message}. ${error.hint}`;
  }
  // services speak of keys and rights, an engine of what it has read
  return error instanceof Error && '$metadata' in error
    ? `${error.name}: ${error.message}`
    : `the run broke off${kindOf(error)}; what was published stays`;
}

/** The engine's kind of an error, such as "IO Error", without its words. */
function kindOf(error: unknown): string {
  const kind = /^[A-Z][A-Za-z]*( [A-Z][A-Za-z]*)* Error(?=:)/.exec(errorText(error))?.[0];
  return kind ? ` (${kind})` : '';
}

function tellFigures(figures: RunFigures, { metrics, logger }: Watching): void {
  logger.info('figures of the run', { ...figures });
  const told = [
    ['RunsSucceeded', MetricUnit.Count, figures.isSucceeded ? 1 : 0],
    ['RunsFailed', MetricUnit.Count, figures.isSucceeded ? 0 : 1],
    ['AuditsFailed', MetricUnit.Count, figures.auditsFailed],
    ['RowsIn', MetricUnit.Count, figures.rowsIn],
    ['RowsBuilt', MetricUnit.Count, figures.rowsBuilt],
    ['QuarantineRate', MetricUnit.Percent, percent(figures.quarantineRate)],
    ['BytesScanned', MetricUnit.Bytes, figures.bytesScanned],
    ['Dollars', MetricUnit.NoUnit, figures.dollars],
    ['DataAge', MetricUnit.Seconds, figures.dataAgeSeconds],
    ['PageAge', MetricUnit.Seconds, figures.pageAgeSeconds],
  ] as const;
  for (const [name, unit, value] of told) {
    if (value !== undefined) {
      metrics?.addMetric(name, unit, value);
    }
  }
}

const percent = (rate: number | undefined): number | undefined =>
  rate === undefined ? undefined : rate * 100;
