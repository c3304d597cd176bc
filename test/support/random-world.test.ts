import { describe, expect, it } from 'vitest';
import { keepRows, ledgerOf } from '../oracle/land.ts';
import type { KeptRow } from '../oracle/types.ts';
import { randomWorld, receivedRows, type World } from './random-world.ts';
import { disturb, rebatch, repeat, shrink, shuffle, worldToCsv } from './world-changes.ts';

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

/** What is kept, whatever the place in which it came. */
function keptOf(world: World): string[] {
  return keepRows(receivedRows(world))
    .map((row: KeptRow) => `${row.touchpointId} ${JSON.stringify(row.values)}`)
    .sort();
}

describe('randomWorld', () => {
  it('follows from its seed alone', () => {
    expect(randomWorld(7)).toEqual(randomWorld(7));
    expect(randomWorld(7)).not.toEqual(randomWorld(8));
  });

  it('stays small, keeps most rows and meets what it is meant to meet', () => {
    const ledgers = seeds.map((seed) => ledgerOf(receivedRows(randomWorld(seed))));
    const sum = (key: 'accepted' | 'loaded' | 'duplicate' | 'quarantined') =>
      ledgers.reduce((total, ledger) => total + ledger[key], 0);

    expect(Math.max(...ledgers.map((ledger) => ledger.accepted))).toBeLessThanOrEqual(90);
    expect(sum('loaded') / sum('accepted')).toBeGreaterThan(0.8);
    expect(sum('duplicate')).toBeGreaterThan(50);
    expect(sum('quarantined')).toBeGreaterThan(50);
    expect(new Set(ledgers.flatMap((ledger) => Object.keys(ledger.quarantinedByReason))).size).toBe(6);
  });
});

describe('changes of a world', () => {
  it.each([shuffle, repeat, rebatch, disturb])('%o keeps the same touchpoints', (change) => {
    for (const seed of seeds) {
      const world = randomWorld(seed, { hasConflicts: false });

      expect(keptOf(change(world, seed)), `seed ${seed}`).toEqual(keptOf(world));
    }
  });

  it('writes one text per file, with quotes where they are needed', () => {
    const world = randomWorld(3);
    const [first = ''] = worldToCsv({ ...world, files: [[{ ...randomLine(world), category: 'a, "b"' }]] });

    expect(worldToCsv(world)).toHaveLength(world.files.length);
    expect(first).toContain('"a, ""b"""');
  });

  it('shrinks to the lines that fail', async () => {
    const world = randomWorld(5);
    const guilty = randomLine(world);
    const smallest = await shrink(
      world,
      async (candidate) => candidate.files.some((lines) => lines.includes(guilty)),
      200,
    );

    expect(smallest.files).toEqual([[guilty]]);
  });
});

function randomLine(world: World) {
  const [line] = world.files.flat();
  if (line === undefined) throw new Error('the world has no line');
  return line;
}
