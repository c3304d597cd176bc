import { describe, expect, it } from 'vitest';
import { loadFacts, loadSource } from '../../functions/adapters/project-files.ts';
import { landBatch } from '../../functions/use-cases/land-batch.ts';
import { messageOf, request } from '../support/collected-messages.ts';
import { withFolder } from '../support/engine.ts';
import { TestLake } from '../support/test-lake.ts';

const REQUESTS = 100;
const ITEMS = 50;

describe('batches one after another in one process', () => {
  // an engine that plans once plans with the first batch's statistics, such as the length of its longest text
  it('keep ids as they are when those of a later batch are longer', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder);
      // as `dongu land` does: one landing, one source, for all batches of the process
      const source = await loadSource('segment', folder);
      const ports = {
        landing: await lake.landing(),
        store: lake.store,
        telemetry: { warn: () => undefined },
        loadSource: async () => source,
        facts: await loadFacts(),
      };
      const sent: string[] = [];
      for (const [batch, width] of [7, 7, 7, 8, 8, 16, 40].entries()) {
        const messages = Array.from({ length: REQUESTS }, (_, n) => {
          const items = Array.from({ length: ITEMS }, (__, item) => {
            const id = `${batch}${String(n * ITEMS + item).padStart(width - 1, '0')}`;
            sent.push(id);
            return JSON.stringify({
              type: 'track',
              messageId: id,
              userId: `u-${item % 50}`,
              event: 'Product Added',
              properties: { product_id: `P-${item}`, price: 12.5, currency: 'TRY' },
              timestamp: '2026-03-10T11:00:00.000Z',
            });
          });
          return messageOf(request(batch * REQUESTS + n, items));
        });
        const { failed } = await landBatch(messages, ports);
        expect(failed).toEqual([]);
      }

      const rows = await lake.rowsOf('raw/touchpoints', 'select touchpoint_id from zone');
      expect(rows.map(({ touchpoint_id: id }) => id).sort()).toEqual(sent.sort());
    }));
});
