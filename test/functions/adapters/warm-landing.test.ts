import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DuckdbConnection, literal } from '../../../functions/adapters/duckdb-connection.ts';
import { loadFacts, loadSource } from '../../../functions/adapters/project-files.ts';
import { requestItemId } from '../../../functions/core/ingest-id.ts';
import type { LandedFile, Landing } from '../../../functions/ports/landing.ts';
import { request, type TestRequest, track } from '../../support/collected-messages.ts';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';

const identify = (id: string) =>
  track(id, { type: 'identify', traits: { email: `${id}@ornek.example`, name: 'Ayşe' } });
const order = (id: string, price: unknown) =>
  track(id, {
    event: 'Order Completed',
    properties: {
      order_id: id,
      products: [
        { product_id: 'p', price },
        { product_id: 'q', price: 2 },
      ],
    },
  });
const anonymous = (n: number) => `{"type":"page","userId":"u${n}","timestamp":"2026-03-01T00:00:00Z"}`;

/** Batches that differ in all that a plan could have been made for. */
const batches: readonly (readonly TestRequest[])[] = [
  [request(1, [track('a')])],
  [request(2, [identify('i1'), identify('i2')]), request(3, [order('o1', 10)])],
  [request(4, ['no json', '{"type":"track"}', anonymous(1), anonymous(1)])],
  [
    request(
      5,
      Array.from({ length: 3000 }, (_, n) => track(`many-${n}`, { userId: `u${n}` })),
    ),
  ],
  [request(6, [order('o2', '1.234,50'), track('refused'), track('withheld')])],
  [request(7, [anonymous(2)]), request(8, [anonymous(2)])],
  [request(9, [track('a')])],
];

const refused = new Map([
  [requestItemId(batches[4]?.[0]?.id ?? '', 1), { reason: 'landing_failed', isWithheld: false }],
  [requestItemId(batches[4]?.[0]?.id ?? '', 2), { reason: 'landing_failed', isWithheld: true }],
]);

async function contentOf(lake: TestLake, files: readonly LandedFile[]): Promise<unknown> {
  const connection = await DuckdbConnection.open(':memory:', lake.settings);
  try {
    const content: Record<string, unknown> = {};
    for (const { zone, relation, localPath } of files) {
      content[`${zone} ${relation}`] = await connection.rows(
        `from read_parquet(${literal(localPath)}) order by all`,
      );
    }
    return content;
  } finally {
    connection.close();
  }
}

it(
  'lands batch after batch what each alone would have landed',
  () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(join(folder, 'lake'));
      const source = await loadSource('segment', folder);
      const facts = await loadFacts();
      const land = async (landing: Landing, requests: readonly TestRequest[]) =>
        contentOf(
          lake,
          await landing.land({ source, facts, input: { kind: 'requests', requests, refused } }),
        );
      const warm = await lake.landing();
      for (const batch of [...batches, ...batches.toReversed()]) {
        expect(await land(warm, batch)).toEqual(await land(await lake.landing(), batch));
      }
    }),
  120_000,
);
