import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../support/engine.ts';
import { expectMrrPlaybook } from '../support/mrr-playbook.ts';
import {
  expectCdnow,
  expectCdnowValues,
  expectClickstream,
  expectedFigures,
  expectOnlineRetail,
  hasRealData,
  ledgerOf,
  realFiles,
} from '../support/real-data.ts';
import { TestLake } from '../support/test-lake.ts';

describe.skipIf(!hasRealData())('real data gives the figures computed independently of this project', () => {
  it('online-retail: every row, order, month and cohort, to the penny', () =>
    withFolder(async (folder) => {
      const expected = expectedFigures()['online-retail'];
      const lake = await TestLake.open(folder, undefined, 2);

      await lake.import('online-retail', realFiles.onlineRetail);

      expect(await ledgerOf(lake, 'online-retail')).toMatchObject({
        accepted: expected.rows,
        loaded: expected.rows - expected.rows_without_customer,
        duplicate: 0,
        quarantined: { no_identifier: expected.rows_without_customer },
        unaccounted: 0,
      });
      await expectOnlineRetail(lake);
    }));

  it('cdnow: every line, customer and cohort', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder, undefined, 2);

      await lake.import('cdnow', realFiles.cdnow);

      expect(await ledgerOf(lake, 'cdnow')).toMatchObject({
        accepted: expectedFigures().cdnow.lines,
        loaded: expectedFigures().cdnow.lines,
        unaccounted: 0,
      });
      await expectCdnow(lake);
      await expectCdnowValues(lake);
    }));

  it('ecom-clickstream: every event, and the sessions as given', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder, undefined, 2);

      await lake.import('ecom-clickstream', realFiles.clickstream);

      expect(await ledgerOf(lake, 'ecom-clickstream')).toMatchObject({
        loaded: expectedFigures()['ecom-clickstream'].events,
        unaccounted: 0,
      });
      await expectClickstream(lake, 'given_sessions');
    }));

  it('ecom-clickstream: the sessions of the 30-minute rule, once their ids are taken out', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder, undefined, 2);
      const path = join(folder, 'without-sessions.csv');
      const text = gunzipSync(readFileSync(realFiles.clickstream)).toString('utf8');
      await writeFile(path, text.replace(/(?<=^[^,\n]*,)sess_[^,]*/gm, ''));

      await lake.import('ecom-clickstream', path);

      expect(await lake.rowsOf('raw/touchpoints', 'select count(session_id) as n from zone')).toEqual([
        { n: '0' },
      ]);
      await expectClickstream(lake, 'sessions_by_30_minute_rule');
    }));

  it('mrr-playbook: every period loads, and its movements close month by month', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder, undefined, 2);

      await lake.import('mrr-playbook', realFiles.mrrPlaybook);

      expect(await ledgerOf(lake, 'mrr-playbook')).toMatchObject({
        accepted: 121,
        loaded: 121,
        quarantined: {},
        unaccounted: 0,
      });
      await expectMrrPlaybook(lake);
    }));
});
