import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listLifecycles } from '../../functions/adapters/lifecycle-files.ts';
import type { Relations } from '../oracle/types.ts';
import { chanceOf } from '../support/chance.ts';
import { withFolder } from '../support/engine.ts';
import { rowsOnlyInOne, warehouseLifecycles } from '../support/lifecycle-warehouse.ts';
import {
  type ExpectedFigures,
  expectCdnow,
  expectClickstream,
  expectedFigures,
  expectOnlineRetail,
  hasRealData,
  ledgerOf,
  parametersOf,
  realFiles,
} from '../support/real-data.ts';
import { TestLake } from '../support/test-lake.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';

const PIECES = 10;

interface RealSet {
  readonly source: keyof ExpectedFigures;
  readonly file: string;
  readonly hasHeader: boolean;
  /** What lines that must stay in one file have in common: an invoice, a customer. */
  readonly groupOf: (line: string) => string;
  readonly expectFigures: (lake: TestLake) => Promise<void>;
}

const sets: readonly RealSet[] = [
  {
    source: 'online-retail',
    file: realFiles.onlineRetail,
    hasHeader: true,
    groupOf: (line) => line.split(',')[0] ?? '',
    expectFigures: expectOnlineRetail,
  },
  {
    source: 'cdnow',
    file: realFiles.cdnow,
    hasHeader: false,
    groupOf: (line) => line.trim().split(/\s+/)[1] ?? '',
    expectFigures: expectCdnow,
  },
  {
    source: 'ecom-clickstream',
    file: realFiles.clickstream,
    hasHeader: true,
    groupOf: (line) => line.split(',')[0] ?? '',
    expectFigures: (lake) => expectClickstream(lake, 'given_sessions'),
  },
];

const textOf = (set: RealSet): string => gunzipSync(readFileSync(set.file)).toString('utf8');

/** Cut where a group ends, so that identical lines of one invoice stay in one file and remain distinct. */
function cut(set: RealSet, count: number): readonly string[] {
  const lines = textOf(set).trimEnd().split('\n');
  const header = set.hasHeader ? [lines.shift() ?? ''] : [];
  const pieces: string[][] = [[]];
  let group = '';
  for (const line of lines) {
    const own = set.groupOf(line);
    const isComplete = (pieces.at(-1)?.length ?? 0) >= Math.ceil(lines.length / count);
    if (own !== group && isComplete && pieces.length < count) {
      pieces.push([]);
    }
    group = own;
    pieces.at(-1)?.push(line);
  }
  return pieces.map((piece) => `${[...header, ...piece].join('\n')}\n`);
}

/** The lifecycle marts of every built-in lifecycle. */
async function stagesOf(lake: TestLake, { source }: RealSet): Promise<Relations> {
  const parameters = { ...parametersOf(expectedFigures()[source]), lifecycles: await listLifecycles() };
  return lake.build(parameters, (warehouse) => warehouseLifecycles((select) => warehouse.rows(select)));
}

describe.skipIf(!hasRealData() || !isFull)('real data, however it arrives', () => {
  it.each(sets)('$source imported twice', (set) =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder, undefined, 2);
      await lake.import(set.source, set.file);
      const first = await ledgerOf(lake, set.source);

      const [again] = await lake.import(set.source, set.file);

      expect(again).toMatchObject({ isKnown: true });
      expect(await ledgerOf(lake, set.source)).toEqual(first);

      const other = join(folder, 'other-bytes.gz');
      await writeFile(other, gzipSync(textOf(set), { level: 1 }));
      const [repacked] = await lake.import(set.source, other);

      const quarantined = Object.entries(first?.quarantined ?? {}).map(([reason, n]) => [reason, 2 * n]);
      expect(repacked).toMatchObject({ isKnown: false });
      expect(await ledgerOf(lake, set.source)).toMatchObject({
        accepted: 2 * (first?.accepted ?? 0),
        loaded: first?.loaded,
        duplicate: first?.loaded,
        quarantined: Object.fromEntries(quarantined),
        unaccounted: 0,
      });
      await set.expectFigures(lake);
    }),
  );

  it.each(sets)('$source cut into pieces, shuffled, one of them repeated', (set) =>
    withFolder(async (folder) => {
      const chance = chanceOf(11);
      const pieces = cut(set, PIECES);
      expect(pieces).toHaveLength(PIECES);
      const order = chance.shuffled([...pieces.keys(), chance.whole(0, PIECES - 1)]);
      const lake = await TestLake.open(folder, undefined, 2);

      const seen = new Set<number>();
      for (const [turn, number] of order.entries()) {
        const text = pieces[number] ?? '';
        const path = join(folder, `${turn}.csv`);
        // a blank line more, so that the repeated piece is another file of the same rows
        await writeFile(path, seen.has(number) ? `${text}\n` : text);
        seen.add(number);
        await lake.import(set.source, path);
      }

      expect(await ledgerOf(lake, set.source)).toMatchObject({ unaccounted: 0 });
      expect((await ledgerOf(lake, set.source))?.duplicate).toBeGreaterThan(0);
      await set.expectFigures(lake);
      const whole = await TestLake.open(join(folder, 'whole'), undefined, 2);
      await whole.import(set.source, set.file);
      const stages = await stagesOf(whole, set);
      expect(stages.stage_memberships?.length).toBeGreaterThan(100);
      expect(rowsOnlyInOne(stages, await stagesOf(lake, set))).toEqual([]);
    }),
  );

  it('has figures for each set', () => {
    expect(Object.keys(expectedFigures()).sort()).toEqual(sets.map(({ source }) => source).sort());
  });
});
