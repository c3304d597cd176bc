import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listLifecycles } from '../../functions/adapters/lifecycle-files.ts';
import { aLine } from '../oracle/build.ts';
import type { Relations, SourceLine } from '../oracle/types.ts';
import { chanceOf } from '../support/chance.ts';
import { withFolder } from '../support/engine.ts';
import { rowsOnlyInOne, warehouseLifecycles } from '../support/lifecycle-warehouse.ts';
import { randomWorld } from '../support/random-world.ts';
import { expectedFigures, hasRealData, parametersOf, realFiles } from '../support/real-data.ts';
import { type LakeParameters, TestLake } from '../support/test-lake.ts';
import { worldToCsv } from '../support/world-changes.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';
const seeds = Array.from({ length: isFull ? 10 : 1 }, (_, index) => 20_001 + index);

const hour = 3_600_000;

type Built = { readonly stages: Relations; readonly userIds: readonly string[]; readonly first: number };

async function build(lake: TestLake, parameters: LakeParameters): Promise<Built> {
  return lake.build({ ...parameters, lifecycles: await listLifecycles() }, async (warehouse) => {
    const known = await warehouse.rows(
      `select identifier_key from customer_identifiers where identifier_type = 'user_id' order by 1`,
    );
    const [least] = await warehouse.rows('select epoch_ms(min(occurred_at)) as first from touchpoints');
    return {
      stages: await warehouseLifecycles((select) => warehouse.rows(select)),
      userIds: known.map((row) => String(row.identifier_key)),
      first: Number(least?.first),
    };
  });
}

/** Memberships and transitions of everybody but one; what is counted over all customers is left out. */
function ofOthers(stages: Relations, customerId: string): Relations {
  const others = (rows: Relations[string] | undefined) =>
    rows?.filter(({ customer_id }) => customer_id !== customerId);
  const counted = { stage_occupancy: [], stage_flows: [], stage_dropoffs: [] };
  return {
    stage_memberships: others(stages.stage_memberships) ?? [],
    stage_transitions: others(stages.stage_transitions) ?? [],
    ...counted,
  };
}

/** A line with one identifier only, which connects nobody with anybody. */
function oneMore(occurredAt: number, overrides: Partial<SourceLine>): SourceLine {
  return aLine({
    touchpoint_id: `one-more-${occurredAt}`,
    occurred_at: new Date(occurredAt).toISOString(),
    ...overrides,
  });
}

/** What a line of a customer changes at one as-of instant: nothing of anybody else. */
async function expectOnlyOwnChange(
  lake: TestLake,
  parameters: LakeParameters,
  before: Built,
  line: SourceLine,
): Promise<Built> {
  const path = join(lake.folder, `${line.touchpoint_id}.csv`);
  const world = { seed: 0, parameters, files: [[line]] };
  await writeFile(path, worldToCsv(world).join(''));
  await lake.import('touchpoints', path);
  const after = await build(lake, parameters);
  const customer = String(line.user_id);
  expect(rowsOnlyInOne(ofOthers(before.stages, customer), ofOthers(after.stages, customer))).toEqual([]);
  return after;
}

describe('one more touchpoint, at one as-of instant', () => {
  it.skipIf(!hasRealData() || !isFull)('changes only its own customer of the clickstream', () =>
    withFolder(async (folder) => {
      const parameters = parametersOf(expectedFigures()['ecom-clickstream']);
      const asOf = parameters.asOf.getTime();
      const lake = await TestLake.open(folder);
      await lake.import('ecom-clickstream', realFiles.clickstream);
      const plain = await build(lake, parameters);
      const [one = '', other = '', third = ''] = plain.userIds.slice(100);

      // earlier than everything, so that the calendar grows
      const viewed = oneMore(plain.first - 40 * 24 * hour, { user_id: one });
      const earlier = await expectOnlyOwnChange(lake, parameters, plain, viewed);
      const bought = oneMore(asOf - 60 * 24 * hour, {
        user_id: other,
        event: 'order_completed',
        order_id: 'one-more',
        amount: '10',
        currency_code: parameters.currency,
      });
      const ordered = await expectOnlyOwnChange(lake, parameters, earlier, bought);
      const newcomer = oneMore(asOf - hour, { user_id: 'a newcomer' });
      const joined = await expectOnlyOwnChange(lake, parameters, ordered, newcomer);
      const unseen = oneMore(asOf, { user_id: third });
      const cut = await expectOnlyOwnChange(lake, parameters, joined, unseen);

      // the first three are seen, and what happens at the as-of instant is not
      for (const [is, was] of [
        [earlier, plain],
        [ordered, earlier],
        [joined, ordered],
      ] as const)
        expect(rowsOnlyInOne(is.stages, was.stages)).not.toEqual([]);
      expect(rowsOnlyInOne(cut.stages, joined.stages)).toEqual([]);
    }),
  );

  it.each(seeds)('changes only its own customer of world %i', (seed) =>
    withFolder(async (folder) => {
      const world = randomWorld(seed);
      const chance = chanceOf(seed);
      const lake = await TestLake.open(folder);
      for (const [index, text] of worldToCsv(world).entries()) {
        const path = join(folder, `${index}.csv`);
        await writeFile(path, text);
        await lake.import('touchpoints', path);
      }
      const plain = await build(lake, world.parameters);
      const user_id = chance.pick([...plain.userIds, 'a newcomer']);
      const occurredAt = Math.min(plain.first, world.parameters.asOf.getTime()) - chance.whole(1, 48) * hour;

      const after = await expectOnlyOwnChange(
        lake,
        world.parameters,
        plain,
        oneMore(occurredAt, { user_id, event: chance.pick(['page_viewed', 'order_completed']) }),
      );

      expect(rowsOnlyInOne(after.stages, plain.stages)).not.toEqual([]);
    }),
  );
});
