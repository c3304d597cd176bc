import { describe, expect, it } from 'vitest';
import { pulseOf } from '../../../dashboards/views/activity-lifecycle.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot, lifecycleView } from '../../support/snapshot-fixture.ts';

function section(rows: Parameters<typeof lifecycleView>[0], language: 'tr' | 'en' = 'tr'): string {
  return sectionOf(renderedPage(aSnapshot([lifecycleView(rows)]), language), 'lifecycle');
}

const two = [
  ['2026-09-01', 30, 50, 6, 40, true],
  ['2026-10-01', 10, 20, 2, 90, false],
] as const;

describe('pulseOf', () => {
  const period = {
    start: '2026-09-01',
    isNew: 30,
    returning: 50,
    resurrected: 6,
    dormant: 40,
    isComplete: true,
  };

  it('is incoming over outgoing', () => {
    expect(pulseOf(period)).toBeCloseTo(0.9);
  });

  it('is unknown when nobody left, a part is hidden, or the period still runs', () => {
    expect(pulseOf({ ...period, dormant: 0 })).toBeNull();
    expect(pulseOf({ ...period, dormant: null })).toBeNull();
    expect(pulseOf({ ...period, isNew: null })).toBeNull();
    expect(pulseOf({ ...period, isComplete: false })).toBeNull();
  });
});

describe('the activity lifecycle', () => {
  it('names the pulse of the last complete period in its title', () => {
    expect(visibleText(section({ rows: two }))).toContain(
      'Müşteri tabanı sızdırıyor mu? Nabız 0,90 Eylül 2026',
    );
    expect(visibleText(section({ rows: two }, 'en'))).toContain('Pulse 0.90 September 2026');
  });

  it('draws the unfinished period hatched, with a word', () => {
    const drawn = section({ rows: two });

    expect(drawn).toContain('seg f-new open');
    expect(drawn).toContain('fill="url(#lifecycle-wide-hatch)"');
    expect(drawn).toMatch(/partial-label"[^>]*>kısmi</);
  });

  it('says in one sentence what the picture shows', () => {
    expect(section({ rows: two })).toContain(
      'aria-label="Etkinlik döngüsü. Eylül 2026: 30 yeni, 6 geri kazanılan, 50 devam eden, 40 uyuyan müşteri"',
    );
  });

  it('stacks from zero: the heights of a column add up to its total', () => {
    const drawn = section({ rows: [two[0]] });
    const wide = drawn.slice(
      drawn.indexOf('<svg class="chart'),
      drawn.indexOf('</svg>', drawn.indexOf('<svg class="chart')),
    );
    const height = (kind: string): number =>
      Number(new RegExp(`f-${kind}"[^>]*height="([\\d.]+)"`).exec(wide)?.[1]);

    expect(height('returning') / height('dormant')).toBeCloseTo(50 / 40, 1);
    expect(height('new') / height('resurrected')).toBeCloseTo(30 / 6, 0);
  });

  it('shows the newest 24 periods, sorted, whatever the order of the rows', () => {
    const view = lifecycleView({}, 30);
    const drawn = section({ rows: view.rows.toReversed() });

    expect(drawn.match(/<tr>/g)).toHaveLength(25);
    expect(drawn.indexOf('Ekim 2026')).toBeGreaterThan(0);
  });

  it.each([
    ['one customer', [['2026-09-01', 1, 0, 0, 0, true]]],
    ['nobody at all', [['2026-09-01', 0, 0, 0, 0, true]]],
    ['hidden numbers', [['2026-09-01', null, null, null, null, true]]],
    ['only an unfinished period', [['2026-10-01', 3, 0, 0, 0, false]]],
  ] as const)('survives %s', (_case, rows) => {
    expect(section({ rows })).not.toMatch(/NaN|Infinity|undefined/);
  });
});
