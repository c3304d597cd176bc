import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { describeFailure, internalError, resultNotWritten, StatementFailure } from './execution-errors.ts';
import type { Faults, PlannedFailure } from './faults.ts';
import type { QueryExecution } from './query-execution.ts';
import type { Sink, StatementContext, StatementPlan } from './statement-plan.ts';

export const bytesLimitReached = 'Bytes scanned limit was exceeded';
export const stoppedByUser = 'Query cancelled by user';

/** At most so many statements run at once; the others wait in their order. */
export class RunningSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free += 1;
    } else {
      next();
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0 || signal.aborted) {
    return;
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function sinkOf(execution: QueryExecution): Sink {
  const { spool, kind, workGroup } = execution.request;
  return {
    columns: async (columns) => {
      execution.columns = columns;
      await spool?.addHeader(columns.map(({ name }) => name));
    },
    rows: async (rows) => {
      if (kind.output !== 'none') {
        await spool?.add(rows);
      }
    },
    bytesScanned: (bytes) => {
      execution.bytesScanned = Math.max(execution.bytesScanned, bytes);
      if (workGroup.bytesScannedCutoff !== undefined && bytes > workGroup.bytesScannedCutoff) {
        execution.cancelling.abort(bytesLimitReached);
      }
    },
    updateCount: (rows) => {
      execution.updateCount = rows;
    },
  };
}

async function putResult(execution: QueryExecution, s3: S3Client): Promise<void> {
  const { spool, outputLocation } = execution.request;
  await spool?.end();
  if (spool === undefined || execution.request.kind.output === 'none') {
    return;
  }
  const { hostname, pathname } = new URL(outputLocation);
  const { size } = await stat(spool.objectPath);
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: hostname,
        Key: decodeURIComponent(pathname.slice(1)),
        Body: createReadStream(spool.objectPath),
        ContentLength: size,
      }),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StatementFailure(
      `Failed to write query results to ${outputLocation}: ${why}`,
      resultNotWritten,
    );
  }
}

function strike(failure: PlannedFailure | undefined, now: PlannedFailure['when']): void {
  if (failure?.when === now) {
    throw new StatementFailure('INTERNAL_ERROR_QUERY_ENGINE: a test has planned this', {
      ...internalError,
      retryable: failure.retryable,
    });
  }
}

async function runToEnd(
  execution: QueryExecution,
  plan: StatementPlan,
  context: StatementContext,
  faults: Faults,
): Promise<void> {
  const failure = faults.takeFailure(execution.request.statement);
  await pause(faults.takeDelay(execution.request.statement), context.signal);
  context.signal.throwIfAborted();
  strike(failure, 'before');
  await plan(context, sinkOf(execution));
  // a statement that is over in one look at its figures is measured at its end; an INSERT has then written already
  context.signal.throwIfAborted();
  strike(failure, 'after');
  await putResult(execution, context.s3);
}

/** Takes a statement from QUEUED to its end; never rejects. */
export async function runExecution(
  execution: QueryExecution,
  plan: StatementPlan,
  context: StatementContext,
  equipment: { readonly slots: RunningSlots; readonly faults: Faults },
): Promise<void> {
  await equipment.slots.take();
  try {
    context.signal.throwIfAborted();
    execution.start();
    await runToEnd(execution, plan, context, equipment.faults);
    execution.succeed();
  } catch (error) {
    await execution.request.spool?.end().catch(() => undefined);
    if (context.signal.aborted) {
      execution.cancel(String(context.signal.reason));
    } else {
      const { reason, error: place } = describeFailure(error);
      execution.fail(reason, place);
    }
  } finally {
    equipment.slots.give();
  }
}
