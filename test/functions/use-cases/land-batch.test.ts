import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../functions/core/errors.ts';
import { requestItemId } from '../../../functions/core/ingest-id.ts';
import type { Landing, LandRequest } from '../../../functions/ports/landing.ts';
import { verifyLake } from '../../../functions/use-cases/verify-lake.ts';
import { messageOf, noon, request, track } from '../../support/collected-messages.ts';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';

const withLake = (work: (lake: TestLake, folder: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => work(await TestLake.open(folder), folder));

const DAY = 86_400_000;

describe('a batch of messages', () => {
  it('lands each item under the id and the time of its request', () =>
    withLake(async (lake) => {
      const requests = [
        request(1, [track('a'), track('b')]),
        request(2, [track('c')], { receivedAt: new Date(noon + 5) }),
      ];

      const { done, failed, items } = await lake.landBatch(requests.map((each) => messageOf(each)));

      expect([done.length, failed, items]).toEqual([2, [], 3]);
      const rows = await lake.rowsOf(
        'raw/touchpoints',
        "select touchpoint_id, ingest_id, line_number, strftime(received_at, '%H:%M:%S.%g') as received from zone order by 1",
      );
      const [one, two] = requests.map(({ id }) => id);
      expect(rows).toEqual([
        { touchpoint_id: 'a', ingest_id: `${one}:0000000000`, line_number: '0', received: '12:00:01.000' },
        { touchpoint_id: 'b', ingest_id: `${one}:0000000001`, line_number: '1', received: '12:00:01.000' },
        { touchpoint_id: 'c', ingest_id: `${two}:0000000000`, line_number: '0', received: '12:00:00.005' },
      ]);
      expect(await lake.ledger()).toMatchObject([{ accepted: 3, loaded: 3, unaccounted: 0 }]);
      expect(await verifyLake(lake.store)).toEqual([]);
    }));

  it('is parted by source and by UTC day of receipt', () =>
    withLake(async (lake) => {
      const requests = [
        request(1, [track('a')], { receivedAt: new Date('2026-03-10T23:59:59.999Z') }),
        request(2, [track('b')], { receivedAt: new Date('2026-03-11T00:00:00.000Z') }),
        request(3, [track('c')], { receivedAt: new Date(noon - 400 * DAY) }),
      ];

      await lake.landBatch(requests.map((each) => messageOf(each)));

      const days = (await lake.store.list('lake/raw/items')).map(
        (key) => /received_date=([\d-]+)/.exec(key)?.[1],
      );
      expect(days).toEqual(['2025-02-03', '2026-03-10', '2026-03-11']);
    }));

  it('is nothing new when it comes again, in whatever order and however often', () =>
    withLake(async (lake) => {
      const messages = [1, 2, 3].map((n) => messageOf(request(n, [track(`m-${n}`)])));
      await lake.landBatch(messages);
      const keys = await lake.store.list('lake');

      const again = await lake.landBatch([...messages.toReversed(), ...messages]);

      expect(again.done).toHaveLength(6);
      expect(await lake.store.list('lake')).toEqual(keys);
    }));

  it('of nothing lands nothing', () =>
    withLake(async (lake) => {
      expect(await lake.landBatch([])).toEqual({ done: [], failed: [], items: 0 });
      expect(await lake.store.list('lake')).toEqual([]);
    }));

  it('keeps personal values out, and what is no item in quarantine', () =>
    withLake(async (lake) => {
      const items = [
        track('a', { type: 'identify', userId: 'C-1', traits: { email: 'Ayse@ornek.example' } }),
        '{"type":"track","event":"x","messageId":"b","anonymousId":"9","timestamp":"2024-02-30"}',
        '{"type":"track","messageId":"c","userId":"\\ud800"}',
        '{"type":"track","event":"x","messageId":"d","anonymousId":"9","timestamp":"2026-03-10","properties":{"n":9007199254740993}}',
      ];

      await lake.landBatch([messageOf(request(1, items))]);

      const quarantine = await lake.rowsOf('quarantine', 'select line_number, reason from zone order by 1');
      expect(quarantine).toEqual([
        { line_number: '1', reason: 'invalid_time' },
        { line_number: '2', reason: 'invalid_json' },
      ]);
      const kept = JSON.stringify([await lake.rowsOf('raw/items'), await lake.rowsOf('raw/touchpoints')]);
      expect(kept).not.toMatch(/ornek/i);
      expect(kept).toContain('9007199254740993');
      expect(await lake.rowsOf('identities', 'select clear_value from zone')).toEqual([
        { clear_value: 'ayse@ornek.example' },
      ]);
      expect(await lake.ledger()).toMatchObject([{ accepted: 4, loaded: 2, unaccounted: 0 }]);
    }));
});

describe('a message that cannot be landed', () => {
  it.each([
    ['damaged', 'no header'],
    ['of an unknown source', undefined],
    ['of a source that reads files only', 'orders'],
  ])('because it is %s fails alone', (what, given) =>
    withLake(async (lake) => {
      const good = messageOf(request(1, [track('a')]));
      const source = given ?? 'nowhere';
      const bad =
        what === 'damaged'
          ? { ...messageOf(request(2, [track('b')])), body: 'no header' }
          : messageOf(request(2, [track('b')], { source }));

      const { done, failed } = await lake.landBatch([bad, good]);

      expect(done).toEqual([good]);
      expect(failed.map(({ message }) => message)).toEqual([bad]);
      expect(failed[0]?.reason).not.toBe('');
      expect(await lake.ledger()).toMatchObject([{ source: 'segment', accepted: 1, unaccounted: 0 }]);
    }),
  );
});

/** A source whose select fails at what is no number, as a project's own may. */
async function writeFragileSource(folder: string, cast: string): Promise<void> {
  await mkdir(join(folder, 'sources'), { recursive: true });
  await writeFile(
    join(folder, 'sources', 'fragile.yml'),
    `source: fragile\nversion: 1\ndescription: d\nformat: ndjson\nlawful_basis: contract
columns: { id: {}, n: {}, mail: {} }\npersonal: { mail: email }\nyields: [touchpoints]\n`,
  );
  await writeFile(
    join(folder, 'sources', 'fragile.sql'),
    `select ingest_id, id as touchpoint_id, 'page_viewed' as event, '2026-03-01T00:00:00Z' as occurred_at,
      'u' || id as user_id, mail as email, ${cast}(n as bigint)::varchar as amount from source_rows`,
  );
}

const fragile = (id: number, n: string): string =>
  JSON.stringify({ id: String(id), n, mail: `k${id}@ornek.example` });

describe('an item at which landing fails', () => {
  it.each([10, 100, 1000])('among %d is quarantined, and all others load', (count) =>
    withLake(async (lake, folder) => {
      await writeFragileSource(folder, 'cast');
      const items = Array.from({ length: count }, (_, n) => fragile(n, n === count - 3 ? 'poison' : '7'));
      const requests = Array.from({ length: Math.ceil(count / 50) }, (_, n) =>
        request(n, items.slice(n * 50, n * 50 + 50), { source: 'fragile' }),
      );
      const warnings: string[] = [];

      const { failed } = await lake.landBatch(
        requests.map((each) => messageOf(each)),
        undefined,
        (text) => warnings.push(text),
      );

      expect(failed).toEqual([]);
      expect(warnings).toHaveLength(1);
      expect(await lake.ledger()).toMatchObject([
        { accepted: count, loaded: count - 1, quarantined: { landing_failed: 1 }, unaccounted: 0 },
      ]);
      expect(await verifyLake(lake.store)).toEqual([]);
    }),
  );

  it('loads by a replay once the select is mended, and is never in the clear', () =>
    withLake(async (lake, folder) => {
      await writeFragileSource(folder, 'cast');
      await lake.landBatch([
        messageOf(request(1, [fragile(1, 'x'), fragile(2, '2')], { source: 'fragile' })),
      ]);
      const [kept] = await lake.rowsOf('quarantine', 'select payload, ingest_id from zone');
      expect(kept?.payload).toMatch(/pk_[0-9a-f]{32}/);
      await writeFragileSource(folder, 'try_cast');

      await lake.landAgain('replay', 'fragile');

      expect(await lake.ledger()).toMatchObject([{ accepted: 2, loaded: 2, unaccounted: 0 }]);
      const rows = await lake.rowsOf(
        'raw/touchpoints',
        "select ingest_id from zone where touchpoint_id = '1'",
      );
      expect(rows).toEqual([{ ingest_id: kept?.ingest_id }]);
    }));

  it('is no excuse for a source of which nothing can be landed', () =>
    withLake(async (lake, folder) => {
      await writeFragileSource(folder, 'no_such_function');

      const { done, failed } = await lake.landBatch([
        messageOf(request(1, [fragile(1, '1')], { source: 'fragile' })),
      ]);

      expect([done.length, failed.length]).toEqual([0, 1]);
      expect(await lake.store.list('lake/quarantine')).toEqual([]);
    }));
});

/** The engine fails at this text, whatever is done with it, unless it is withheld. */
function failingAt(real: Landing, killer: string): Landing {
  const isHit = ({ input }: LandRequest): boolean =>
    input.kind === 'requests' &&
    input.requests.some(({ id, items }) =>
      items.some(
        (item, index) => item === killer && !input.refused.get(requestItemId(id, index))?.isWithheld,
      ),
    );
  return Object.assign(Object.create(real), {
    land: (wanted: LandRequest) =>
      isHit(wanted) ? Promise.reject(new SourceError('the engine failed', '')) : real.land(wanted),
  });
}

/** Every landing takes so long, on a clock that nothing else moves. */
function slowLanding(real: Landing, seconds: number) {
  const clock = { seconds: 0, landings: 0 };
  const landing: Landing = Object.assign(Object.create(real), {
    land: (wanted: LandRequest) => {
      clock.seconds += seconds;
      clock.landings += 1;
      return real.land(wanted);
    },
  });
  return { clock, landing };
}

describe('a batch for which the time does not suffice', () => {
  const LIMIT_SECONDS = 300;
  const MARGIN_SECONDS = 60;
  const requests = [
    request(1, [track('a')]),
    request(2, [fragile(1, '1'), fragile(2, 'x'), fragile(3, '3')], { source: 'fragile' }),
    request(3, [track('b')], { receivedAt: new Date(noon + DAY) }),
  ];

  it('gives back what it has not landed, and begins no landing that the end would break off', () =>
    withLake(async (lake, folder) => {
      await writeFragileSource(folder, 'cast');
      const { clock, landing } = slowLanding(await lake.landing(), 50);
      const hasTime = () => clock.seconds < LIMIT_SECONDS - MARGIN_SECONDS;

      const { done, failed } = await lake.landBatch(
        requests.map((each) => messageOf(each)),
        landing,
        undefined,
        hasTime,
      );

      expect(done.map(({ id }) => id)).toEqual([requests[0]?.id]);
      expect(failed.map(({ reason }) => reason)).toEqual(failed.map(() => 'no time is left for landing it'));
      expect(failed).toHaveLength(2);
      // the fifth began at 200 s
      expect(clock).toEqual({ seconds: 250, landings: 5 });
      expect(await lake.ledger()).toMatchObject([
        expect.anything(),
        { source: 'segment', loaded: 1, unaccounted: 0 },
      ]);

      const again = await lake.landBatch(failed.map(({ message }) => ({ ...message, receiveCount: 2 })));

      expect(again.failed).toEqual([]);
      expect(await lake.ledger()).toMatchObject([
        { source: 'fragile', accepted: 3, loaded: 2, quarantined: { landing_failed: 1 }, unaccounted: 0 },
        { source: 'segment', accepted: 2, loaded: 2, unaccounted: 0 },
      ]);
    }));
});

describe('an item whose text cannot even be cleaned', () => {
  it('leaves length and keyed hash', () =>
    withLake(async (lake) => {
      const killer = track('killer');
      const items = [track('a'), killer, track('b')];

      await lake.landBatch([messageOf(request(1, items))], failingAt(await lake.landing(), killer));

      const [kept] = await lake.rowsOf(
        'quarantine',
        'select ingest_id, line_number, reason, payload from zone',
      );
      expect(kept).toMatchObject({ line_number: '1', reason: 'landing_failed' });
      expect(kept?.payload).toMatch(/^withheld: \d+ characters, pk_[0-9a-f]{32}$/);
      expect(await lake.ledger()).toMatchObject([{ accepted: 3, loaded: 2, unaccounted: 0 }]);
    }));
});
