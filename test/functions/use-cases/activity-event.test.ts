import { describe, expect, it } from 'vitest';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { activityEventWarning } from '../../../functions/use-cases/activity-event.ts';

async function warningOf(wanted: string, events: readonly string[]): Promise<string | undefined> {
  const warehouse = await DuckdbWarehouse.open({ memoryLimit: '512MB', temporaryDirectory: '' }, 'run');
  try {
    const rows = events.map((event) => ({ kind: 'touchpoint', event }));
    await warehouse.createFromRows('raw_touchpoints', { kind: 'varchar', event: 'varchar' }, rows);
    return await activityEventWarning(warehouse, readConfiguration(`activity_event: ${wanted}`, 'test'));
  } finally {
    warehouse.close();
  }
}

describe('the event that makes customers active', () => {
  it('that some touchpoint has is silent', async () => {
    expect(await warningOf('plan_renewed', ['page_viewed', 'plan_renewed'])).toBeUndefined();
  });

  it('that no touchpoint has is told, with the nearest one', async () => {
    expect(await warningOf('plan_renewd', ['page_viewed', 'plan_renewed'])).toBe(
      'activity_event: no touchpoint has the event "plan_renewd", so nobody is active; did you mean "plan_renewed"?',
    );
  });

  it('is not missed where nothing was received', async () => {
    expect(await warningOf('plan_renewed', [])).toBeUndefined();
    expect(await warningOf('order_completed', ['page_viewed'])).toBeUndefined();
  });
});
