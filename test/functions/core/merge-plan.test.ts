import { describe, expect, it } from 'vitest';
import { type Mergeable, mergePlan } from '../../../functions/core/merge-plan.ts';

const DAY = '2026-03-10';

/** A batch of these requests, each of so many items. */
function batch(
  name: string,
  requests: readonly string[],
  { items = 1, day = DAY, source = 'segment', bytes = 1000 } = {},
): Mergeable {
  const receivedAt = `${day}T10:00:00.000Z`;
  return {
    bytes,
    receipt: {
      import_id: name,
      source,
      items: items * requests.length,
      mapping_version: 1,
      received_at: receivedAt,
      requests: requests.map((id) => ({ id, items, received_at: receivedAt })),
    },
  };
}

const namesOf = (batches: readonly Mergeable[]): readonly (readonly string[])[] =>
  mergePlan(batches).map((bin) => bin.map(({ receipt }) => receipt.import_id).sort());

const many = (count: number, options = {}) =>
  Array.from({ length: count }, (_, n) => batch(`b${n}`, [`r${n}`], options));

describe('the plan of a compaction', () => {
  it('leaves few batches alone', () => {
    expect(namesOf([])).toEqual([]);
    expect(namesOf(many(8))).toEqual([]);
  });

  it('merges many small batches of a source and day, and no others', () => {
    const others = [
      batch('other-day', ['x'], { day: '2026-03-11' }),
      batch('other-source', ['y'], { source: 'shop' }),
    ];

    expect(namesOf([...others, ...many(9)])).toEqual([many(9).map(({ receipt }) => receipt.import_id)]);
  });

  it('merges what shares a request, directly or through another, whatever its size', () => {
    const large = batch('large', ['r1', 'r2'], { items: 400_000 });
    expect(namesOf([large, batch('b', ['r2', 'r3']), batch('c', ['r3']), batch('d', ['r4'])])).toEqual([
      ['b', 'c', 'large'],
    ]);
  });

  it('rewrites no large batch for the sake of small ones, and makes none much larger than large', () => {
    const large = batch('large', ['big'], { items: 600_000 });
    expect(namesOf([large, ...many(9)]).flat()).not.toContain('large');
    const heavy = batch('heavy', ['big'], { bytes: 200 * 1024 * 1024 });
    expect(namesOf([heavy, ...many(9)]).flat()).not.toContain('heavy');

    const bins = mergePlan(many(12, { items: 200_000 }));

    expect(bins.map((bin) => bin.length)).toEqual([3, 3, 3, 3]);
  });

  it('has nothing to do once it is carried out', () => {
    const merged = mergePlan(many(40)).map((bin, n) =>
      batch(
        `m${n}`,
        bin.flatMap(({ receipt }) => receipt.requests.map(({ id }) => id)),
      ),
    );
    expect(merged).toHaveLength(1);
    expect(namesOf(merged)).toEqual([]);
  });
});
