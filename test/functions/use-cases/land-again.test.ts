import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../../support/engine.ts';
import { describeLandAgainCrashes } from '../../support/land-again-crashes.ts';
import { TestLake } from '../../support/test-lake.ts';
import { first, fixed, importedWith, stateOf, stricter, writeSource } from '../../support/till-source.ts';

const afterImport = {
  raw: ['2 2024-03-08 v1'],
  items: [2],
  quarantine: ['3 invalid_time', '4 invalid_time', '5 invalid_time', '6 no_identifier', '7 malformed_row'],
};

describe('replay', () => {
  it('lands what a corrected mapping can read, keeps the rest, and changes nothing when repeated', () =>
    importedWith(first, async (lake, folder) => {
      expect(await stateOf(lake)).toMatchObject({
        ...afterImport,
        ledger: { accepted: 6, loaded: 1, unaccounted: 0 },
      });
      await writeSource(folder, fixed);

      const done = await lake.landAgain('replay', 'till');

      const state = await stateOf(lake);
      expect(done).toEqual({ imports: 1, quarantinedBefore: 5, quarantinedAfter: 3 });
      expect(state).toMatchObject({
        raw: ['2 2024-03-08 v1', '3 2024-03-09 v2', '4 2024-03-10 v2'],
        items: [2, 3, 4],
        quarantine: ['5 invalid_time', '6 no_identifier', '7 malformed_row'],
        ledger: { accepted: 6, loaded: 3, duplicate: 0, unaccounted: 0 },
      });

      await lake.landAgain('replay', 'till');

      expect(await stateOf(lake)).toEqual(state);
    }));

  it('changes nothing while the mapping is the same', () =>
    importedWith(first, async (lake) => {
      const before = await stateOf(lake);

      await lake.landAgain('replay', 'till');

      expect(await stateOf(lake)).toEqual(before);
    }));

  it('gives a recovered row the id that a clean import would have given it', async () => {
    const ids = 'select touchpoint_id, identity_id, email_key, line_number from zone order by line_number';
    const clean = await importedWith(fixed, (lake) => lake.rowsOf('raw/touchpoints', ids));
    const replayed = await importedWith(first, async (lake, folder) => {
      await writeSource(folder, fixed);
      await lake.landAgain('replay', 'till');
      return lake.rowsOf('raw/touchpoints', ids);
    });

    expect(replayed).toEqual(clean);
  });

  it('takes several imports, and leaves those alone that have nothing in quarantine', () =>
    importedWith(first, async (lake, folder) => {
      await writeFile(join(folder, 'more.csv'), 'number,day,person,mail,total\n7,11.03.2024,C-7,,1\n');
      await writeFile(join(folder, 'good.csv'), 'number,day,person,mail,total\n8,2024-03-11,C-8,,1\n');
      await lake.import('till', join(folder, 'more.csv'), join(folder, 'good.csv'));
      await writeSource(folder, fixed);

      const done = await lake.landAgain('replay', 'till');

      expect(done).toEqual({ imports: 2, quarantinedBefore: 6, quarantinedAfter: 3 });
      expect(await stateOf(lake)).toMatchObject({ ledger: { accepted: 8, loaded: 5, unaccounted: 0 } });
    }));
});

describe('remap', () => {
  it('moves rows between raw and quarantine in both directions, and changes nothing when repeated', () =>
    importedWith(fixed, async (lake, folder) => {
      await writeSource(folder, stricter);

      const done = await lake.landAgain('remap', 'till');

      const state = await stateOf(lake);
      expect(done).toMatchObject({ imports: 1, quarantinedBefore: 3, quarantinedAfter: 6 });
      expect(state).toMatchObject({
        raw: [],
        items: [],
        quarantine: [
          '2 too_small',
          '3 invalid_time',
          '4 invalid_time',
          '5 invalid_time',
          '6 no_identifier',
          '7 malformed_row',
        ],
        ledger: { accepted: 6, loaded: 0, unaccounted: 0 },
      });
      await lake.landAgain('remap', 'till');
      expect(await stateOf(lake)).toEqual(state);

      await writeSource(folder, fixed);
      await lake.landAgain('remap', 'till');

      expect(await stateOf(lake)).toMatchObject({
        raw: ['2 2024-03-08 v2', '3 2024-03-09 v2', '4 2024-03-10 v2'],
        items: [2, 3, 4],
        quarantine: ['5 invalid_time', '6 no_identifier', '7 malformed_row'],
        ledger: { accepted: 6, loaded: 3, unaccounted: 0 },
      });
    }));

  it('writes loaded rows anew, with the version of the mapping', () =>
    importedWith(first, async (lake, folder) => {
      await writeSource(folder, { ...first, version: 4, event: 'product_viewed' });

      await lake.landAgain('remap', 'till');

      expect(await lake.rowsOf('raw/touchpoints', 'select event, mapping_version from zone')).toEqual([
        { event: 'product_viewed', mapping_version: 4 },
      ]);
    }));

  it('lands nothing in the clear that the first landing had hashed', () =>
    importedWith(first, async (lake, folder) => {
      await writeSource(folder, fixed);
      await lake.landAgain('remap', 'till');

      const texts = [
        ...(await lake.rowsOf('raw/touchpoints')),
        ...(await lake.rowsOf('raw/items')),
        ...(await lake.rowsOf('quarantine')),
      ];
      expect(JSON.stringify(texts)).not.toMatch(/ornek/i);
      expect(JSON.stringify(texts)).toMatch(/pk_[0-9a-f]{32}/);
    }));
});

describe('remap of a fact source', () => {
  it('takes every row away that a fact source no longer yields', () =>
    withFolder(async (folder) => {
      const yaml = `source: costs\nversion: 1\ndescription: d\nformat: csv\nlawful_basis: contract\ncolumns: { day: {}, channel: {}, amount: {} }\nyields: [spend]\n`;
      const sql =
        "select ingest_id, day, channel as marketing_channel, amount, 'TRY' as currency_code, 'media' as cost_type";
      await mkdir(join(folder, 'sources'));
      await writeFile(join(folder, 'sources', 'costs.yml'), yaml);
      await writeFile(join(folder, 'sources', 'costs.sql'), `${sql} from source_rows`);
      await writeFile(
        join(folder, 'costs.csv'),
        'day,channel,amount\n2024-03-08,email,10\n2024-03-09,email,20\n',
      );
      const lake = await TestLake.open(folder);
      await lake.import('costs', join(folder, 'costs.csv'));
      expect(await lake.rowsOf('raw/spend')).toHaveLength(2);
      await writeFile(
        join(folder, 'sources', 'costs.sql'),
        `${sql}, 'unpaid' as reject_reason from source_rows`,
      );

      await lake.landAgain('remap', 'costs');

      expect(await lake.rowsOf('raw/spend')).toEqual([]);
      expect(await lake.ledger()).toMatchObject([
        { accepted: 2, quarantined: { unpaid: 2 }, unaccounted: 0 },
      ]);
    }));
});

// test/worlds tries every call
describeLandAgainCrashes({ moments: ['before'], step: 17 });
