import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSeed } from '../../functions/adapters/project-files.ts';
import { feastYears } from '../../functions/core/simulation/feasts.ts';

const holidays = await readSeed('public_holidays');
const specials = await readSeed('special_days');

const daysOf = (isHalf: string) =>
  [...new Set(holidays.filter((row) => row.is_half_day === isHalf).map((row) => row.holiday_date))].sort();

/**
 * Days of Türkiye as the Python package `holidays` 0.109 (PyPI, MIT) gives them: `holidays.TR(years=range(2010, 2036))`
 * with its categories public and half_day. Nothing of it went into the seed.
 */
const [, ...packageLines] = readFileSync(new URL('../support/holidays-package.csv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const ofPackage = (kind: string) =>
  packageLines.flatMap((line) => {
    const [day = '', ofKind] = line.split(',');
    return ofKind === kind ? [day] : [];
  });

/**
 * First days of Ramazan and of both feasts as the sky gives them: the day after the first evening on which somewhere on
 * earth the moon stands 8 degrees from the sun and 5 degrees high at sunset, which is Diyanet's rule (Istanbul 1978),
 * computed with PyEphem 4 on a grid of 15 degrees. Where it differs Diyanet announced another day, and people kept that.
 */
const announcedOtherwise: Readonly<Record<string, string>> = {
  '2012-08-19': '2012-08-18',
  '2015-06-18': '2015-06-17',
  '2015-09-24': '2015-09-23',
  '2016-09-12': '2016-09-11',
  '2026-02-19': '2026-02-18',
};
const computedFirstDays =
  `2010-08-11 2010-09-09 2010-11-16 2011-08-01 2011-08-30 2011-11-06 2012-07-20 2012-08-18 2012-10-25
   2013-07-09 2013-08-08 2013-10-15 2014-06-28 2014-07-28 2014-10-04 2015-06-17 2015-07-17 2015-09-23
   2016-06-06 2016-07-05 2016-09-11 2017-05-27 2017-06-25 2017-09-01 2018-05-16 2018-06-15 2018-08-21
   2019-05-06 2019-06-04 2019-08-11 2020-04-24 2020-05-24 2020-07-31 2021-04-13 2021-05-13 2021-07-20
   2022-04-02 2022-05-02 2022-07-09 2023-03-23 2023-04-21 2023-06-28 2024-03-11 2024-04-10 2024-06-16
   2025-03-01 2025-03-30 2025-06-06 2026-02-18 2026-03-20 2026-05-27 2027-02-08 2027-03-09 2027-05-16
   2028-01-28 2028-02-26 2028-05-05 2029-01-16 2029-02-14 2029-04-24 2030-01-05 2030-02-04 2030-04-13
   2030-12-26 2031-01-24 2031-04-02 2031-12-15 2032-01-14 2032-03-22 2032-12-04 2033-01-02 2033-03-11
   2033-11-23 2033-12-23 2034-03-01 2034-11-12 2034-12-12 2035-02-18 2035-11-01 2035-12-01`
    .split(/\s+/)
    .sort();

describe('public holidays of Türkiye', () => {
  it.each([
    ['full', 'false'],
    ['half', 'true'],
  ])('agree with an independent package on every %s day of 26 years', (kind, isHalf) => {
    expect(ofPackage(kind).length).toBeGreaterThan(75);
    expect(daysOf(isHalf)).toEqual(ofPackage(kind).sort());
  });

  it('begin the feasts and Ramazan when the rule of the moon says, but for five announced days', () => {
    const firsts = [
      ...holidays.filter((row) => row.day_number === '1').map((row) => row.holiday_date ?? ''),
      ...specials.filter((row) => row.special_day === 'ramadan').map((row) => row.starts_on ?? ''),
    ];

    expect(firsts.map((day) => announcedOtherwise[day] ?? day).sort()).toEqual(computedFirstDays);
    expect(Object.keys(announcedOtherwise).every((day) => day < '2028')).toBe(true);
  });

  it('have a source on every row', () => {
    expect([...holidays, ...specials].filter((row) => !row.source)).toEqual([]);
  });

  it('are those of the simulated store', () => {
    for (const { year, ramadanStart, ramadanEve, sacrificeEve } of feastYears) {
      const eves = holidays.filter(
        (row) => row.holiday?.endsWith('_feast_eve') && row.holiday_date?.startsWith(String(year)),
      );
      const ramadan = specials.find(
        (row) => row.special_day === 'ramadan' && row.starts_on?.startsWith(String(year)),
      );

      expect(eves.map((row) => row.holiday_date)).toEqual([ramadanEve, sacrificeEve]);
      expect([ramadan?.starts_on, ramadan?.ends_on]).toEqual([ramadanStart, ramadanEve]);
    }
  });
});
