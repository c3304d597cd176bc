import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { verifyLake } from '../../functions/use-cases/verify-lake.ts';
import { messageOf, request, type TestRequest, track } from './collected-messages.ts';
import { withFolder } from './engine.ts';
import { type LakeRow, TestLake } from './test-lake.ts';

const MALFORMED =
  '{"type":"track","event":"x","messageId":"late","anonymousId":"9","timestamp":"2024-02-30"}';

/** An item of each kind by a number; equal numbers give equal items, as a sender's second try does. */
function itemOf(kind: number, number: number): string {
  switch (kind) {
    case 0:
      return track(`m-${number}`);
    case 1:
      // without an id of its own: it is known by its content
      return JSON.stringify({
        type: 'page',
        userId: `u-${number}`,
        timestamp: `2026-03-01T00:00:${10 + (number % 50)}Z`,
      });
    case 2:
      return track(`i-${number}`, {
        type: 'identify',
        userId: `u-${number}`,
        traits: { email: `K${number}@ornek.example` },
      });
    case 3:
      return track(`o-${number}`, {
        event: 'Order Completed',
        properties: {
          order_id: `A-${number}`,
          revenue: 30,
          products: [
            { product_id: 'p', price: 10 },
            { product_id: 'q', price: 20 },
          ],
        },
      });
    default:
      return MALFORMED;
  }
}

interface Delivery {
  readonly requests: readonly TestRequest[];
  /** Batches of places in `requests`: each place lies in at least one of them. */
  readonly batches: readonly (readonly number[])[];
  readonly compactsBetween: boolean;
}

const delivery: fc.Arbitrary<Delivery> = fc
  .array(fc.array(fc.tuple(fc.nat(4), fc.nat(30)), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((drawn) => {
    const requests = drawn.map((items, n) =>
      request(
        n,
        items.map(([kind, number]) => itemOf(kind, number + (kind === 1 ? n * 100 : 0))),
      ),
    );
    const places = requests.map((_, place) => place);
    return fc.record({
      requests: fc.constant(requests),
      compactsBetween: fc.boolean(),
      batches: fc
        .tuple(
          fc.array(fc.nat(2), { minLength: places.length, maxLength: places.length }),
          fc.array(fc.shuffledSubarray(places, { minLength: 1 }), { maxLength: 2 }),
        )
        .map(([batchOf, again]) => [
          ...[0, 1, 2]
            .map((batch) => places.filter((place) => batchOf[place] === batch))
            .filter((batch) => batch.length > 0),
          ...again,
        ]),
    });
  });

/** What is landed, without what tells one delivery from another. */
async function landedIn(lake: TestLake): Promise<readonly LakeRow[][]> {
  const rows = await lake.rowsOf(
    'raw/touchpoints',
    'select * exclude (ingest_id, line_number, received_at, received_date) from zone order by all',
  );
  const refused = await lake.rowsOf('quarantine', 'select reason, payload from zone order by all');
  const people = await lake.rowsOf(
    'identities',
    'select distinct identifier_type, identifier_key, clear_value from zone order by all',
  );
  return [rows, refused, people].map((zone) => [...zone]);
}

/** Any division into batches, with any redelivery, lands what one file of the same items lands. */
export async function checkPartitions(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(delivery, ({ requests, batches, compactsBetween }) =>
      withFolder(async (folder) => {
        const lake = await TestLake.open(join(folder, 'batches'));
        // one for all batches: its plans are used again
        const landing = await lake.landing();
        for (const batch of batches) {
          const messages = batch.flatMap((place) => requests[place] ?? []).map((each) => messageOf(each));
          const { failed } = await lake.landBatch(messages, landing);
          expect(failed).toEqual([]);
          await (compactsBetween ? lake.compact() : undefined);
        }
        await lake.compact();
        const file = await TestLake.open(join(folder, 'file'));
        const lines = requests.flatMap(({ items }) => items);
        await writeFile(join(folder, 'items.ndjson'), lines.map((line) => `${line}\n`).join(''));
        await file.import('segment', join(folder, 'items.ndjson'));

        expect(await landedIn(lake)).toEqual(await landedIn(file));
        expect(await verifyLake(lake.store)).toEqual([]);
        const [ledger] = await lake.ledger();
        expect(ledger).toMatchObject({ accepted: lines.length, unaccounted: 0 });
        expect(ledger).toEqual((await file.ledger())[0]);
      }),
    ),
    { numRuns, seed: 20260310 },
  );
}
