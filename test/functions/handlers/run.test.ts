import { Logger } from '@aws-lambda-powertools/logger';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuditError, BusyError, ConfigurationError, ModelError } from '../../../functions/core/errors.ts';
import type { LambdaContext } from '../../../functions/handlers/http-event.ts';
import { type OrderedBy, type RunWork, runHandler } from '../../../functions/handlers/run.ts';
import type { RunOrder } from '../../../functions/use-cases/ordered-run.ts';

const context: LambdaContext = {
  functionName: 'run',
  functionVersion: '1',
  memoryLimitInMB: '4096',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:run',
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 900_000,
};

const SECRET = 'ayse@shop.example';

function handlerOf(work: RunWork) {
  const logger = new Logger({ serviceName: 'run' });
  const lines: string[] = [];
  vi.spyOn(logger, 'error').mockImplementation((...given) => void lines.push(JSON.stringify(given)));
  return { lines, handler: runHandler(work, { logger }) };
}

/** What the work is asked for, of an event. */
async function ordered(event: unknown): Promise<RunOrder & Pick<OrderedBy, 'holder' | 'until'>> {
  let order = {} as RunOrder & Pick<OrderedBy, 'holder' | 'until'>;
  const { handler } = handlerOf(async (given, { holder, until }) => {
    order = { ...given, holder, until };
    return { state: 'published', runId: 'R' };
  });
  await handler(event, context);
  return order;
}

/** How a run fails that throws this: as it is told to the machine, and in the log. */
async function failure(error: Error): Promise<{ readonly told: Error; readonly log: string }> {
  const { handler, lines } = handlerOf(() => Promise.reject(error));
  const told = await handler({}, context).then(
    () => new Error('did not fail'),
    (thrown: Error) => thrown,
  );
  return { told, log: lines.join('\n') };
}

afterEach(() => vi.restoreAllMocks());

describe('the order of a run', () => {
  it('is read from the event', async () => {
    expect(
      await ordered({
        scheduledAt: '2026-03-08T01:00:00Z',
        asOf: '2026-03-01T00:00:00+03:00',
        engine: 'auto',
        select: 'orders+',
        execution: 'e-1',
        runId: '01M87YV7FTNW4D37B8KAJKFAYC',
      }),
    ).toMatchObject({
      scheduledAt: new Date('2026-03-08T01:00:00Z'),
      asOf: new Date('2026-02-28T21:00:00Z'),
      engine: 'auto',
      select: 'orders+',
      holder: 'e-1',
      runId: '01M87YV7FTNW4D37B8KAJKFAYC',
    });
  });

  it('may say nothing: then the request itself holds the lease, and a minute is kept for the end', async () => {
    const before = Date.now();
    const { until, ...order } = await ordered(undefined);

    expect(order).toEqual({ holder: 'request-1' });
    expect(until).toBeGreaterThanOrEqual(before + 840_000);
    expect(until).toBeLessThan(before + 850_000);
  });

  it.each([
    [{ asof: '2026-03-01T00:00:00Z' }, 'asof'],
    [{ asOf: '2026-02-30T00:00:00Z' }, 'asOf'],
    [{ asOf: 'yesterday' }, 'asOf'],
    [{ engine: 'spark' }, 'engine'],
    [{ runId: '../../lake' }, 'runId'],
  ])('that is not understood is refused: %j', async (event, name) => {
    await expect(ordered(event)).rejects.toThrow(ConfigurationError);
    await expect(ordered(event)).rejects.toThrow(name);
  });
});

describe('a run that fails', () => {
  it('names its audits and nobody', async () => {
    const rows = `orders: amounts add up: {"email":"${SECRET}"}`;
    const { told, log } = await failure(new AuditError('1 audit failed', 'Mend the data.', [rows]));

    expect(told).toMatchObject({
      name: 'AuditError',
      message: '1 audit failed: orders: amounts add up. Mend the data.',
    });
    expect(log).toContain('orders: amounts add up');
    expect(`${told.message}${told.stack ?? ''}${JSON.stringify(told)}${log}`).not.toContain(SECRET);
  });

  it("names the model, and leaves the engine's words", async () => {
    const { told, log } = await failure(
      new ModelError(`sql/marts/orders.sql: line 3: Could not convert '${SECRET}'`, 'Mend the model.', {
        cause: new Error(SECRET),
      }),
    );

    expect(told.message).toBe('the run broke off at sql/marts/orders.sql: line 3. Mend the model.');
    expect(`${told.message}${JSON.stringify(told)}${log}`).not.toContain(SECRET);
  });

  it('by a fault of nobody knows what says its kind only', async () => {
    const { told, log } = await failure(new Error(`IO Error: no room for ${SECRET}`));

    expect(told.message).toBe('the run broke off (IO Error); what was published stays');
    expect(`${told.message}${log}`).not.toContain(SECRET);
  });

  it('because another is at work says so by its name, for which the machine waits', async () => {
    const { told } = await failure(new BusyError('another run is at work', 'Wait.'));

    expect(told).toMatchObject({ name: 'BusyError', message: 'another run is at work. Wait.' });
  });
});
