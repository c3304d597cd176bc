import { describe, expect, it } from 'vitest';
import { localDayOf } from '../../../../functions/core/calendar.ts';
import type { RuleFacts, Taken } from '../../../../functions/core/explain/evidence.ts';
import { missingFor } from '../../../../functions/core/explain/missing.ts';
import { missingWords } from '../../../../functions/core/explain/missing-words.ts';
import type { EnterRule } from '../../../../functions/core/lifecycle-template.ts';

const localDay = localDayOf('Europe/Istanbul');
const now = Date.parse('2026-03-10T09:00:00Z');

const taken = (occurred_at: string, position: number): Taken => ({
  position,
  at: Date.parse(occurred_at),
  touchpoint: {
    touchpoint_id: `t${position}`,
    occurred_at,
    event: 'order_completed',
    channel: null,
    order_id: null,
    amount: null,
    values: [],
  },
});

function facts(
  rule: Partial<EnterRule>,
  own: readonly string[] = [],
  openers: readonly string[] = [],
): RuleFacts {
  return {
    ruleId: 'shop.buyer.1',
    kind: 'enter',
    stageRank: 1,
    ruleNumber: 1,
    rule: { event: ['order_completed'], at_least: 1, count: 'touchpoints', ...rule },
    own: own.map(taken),
    openers: openers.map(taken),
    firedAt: [],
  };
}

function words(given: RuleFacts): readonly [tr: string, en: string] {
  const missing = missingFor(given, now, localDay);
  const say = (language: 'tr' | 'en') =>
    missingWords(missing, given.rule, {
      language,
      timeZone: 'Europe/Istanbul',
      currency: 'TRY',
      channel: (channel) => channel,
    });
  return [say('tr'), say('en')];
}

const after = { event: ['first'] };

const cases: readonly (readonly [name: string, given: RuleFacts, tr: string, en: string])[] = [
  ['the thing itself', facts({}), 'order_completed', 'order_completed'],
  [
    'another day, before the one that counts leaves the window',
    facts({ at_least: 2, count: 'days', within_days: 365 }, ['2026-03-01T07:00:00Z', '2026-03-01T10:00:00Z']),
    'başka bir günde daha order_completed, 1 Mart 2027 13:00 öncesinde (gereken 2 gün, şu an sayılan 1)',
    'order_completed on 1 more day, before 1 March 2027 13:00 (1 of 2 days counts now)',
  ],
  [
    'two more days of three, when the others have left the window',
    facts({ at_least: 3, count: 'days', within_days: 30 }, ['2026-01-01T10:00:00Z', '2026-03-01T10:00:00Z']),
    'başka 2 günde daha order_completed, 31 Mart 2026 13:00 öncesinde (gereken 3 gün, şu an sayılan 1)',
    'order_completed on 2 more days, before 31 March 2026 13:00 (1 of 3 days counts now)',
  ],
  [
    'all days',
    facts({ at_least: 2, count: 'days', within_days: 30 }),
    '2 ayrı günde order_completed, 30 gün içinde (gereken 2 gün, şu an sayılan 0)',
    'order_completed on 2 different days, within 30 days (0 of 2 days count now)',
  ],
  [
    'all touchpoints',
    facts({ at_least: 3, within_days: 1 }),
    '3 kez order_completed, 1 gün içinde (gereken 3, şu an sayılan 0)',
    '3 × order_completed, within 1 day (0 of 3 count now)',
  ],
  [
    'one more, with no window',
    facts({ at_least: 3 }, ['2020-01-01T10:00:00Z', '2026-03-01T10:00:00Z']),
    '1 kez daha order_completed (gereken 3, şu an sayılan 2)',
    '1 more order_completed (2 of 3 count now)',
  ],
  [
    'one more where enough count: it is relied upon the latest ones',
    facts({ at_least: 2, within_days: 30 }, [
      '2026-02-20T10:00:00Z',
      '2026-03-01T10:00:00Z',
      '2026-03-05T10:00:00Z',
    ]),
    '1 kez daha order_completed, 4 Nisan 2026 13:00 öncesinde (gereken 2, şu an sayılan 3)',
    '1 more order_completed, before 4 April 2026 13:00 (3 count now, 2 are enough)',
  ],
  [
    'what must come first',
    facts({ after }),
    'önce first, sonra order_completed',
    'first first, then order_completed',
  ],
  [
    'what must come first and has',
    facts({ after }, [], ['2026-03-01T10:00:00Z']),
    'order_completed; öncesinde gereken first var',
    'order_completed; the first it needs is there',
  ],
  [
    'what must come first and came after the instant',
    facts({ after }, [], ['2026-03-11T10:00:00Z']),
    'önce first, sonra order_completed',
    'first first, then order_completed',
  ],
];

describe('what a rule still needs', () => {
  it.each(cases)('%s', (_name, given, tr, en) => {
    expect(words(given)).toEqual([tr, en]);
  });

  it('does not count what lies exactly at the far end of the window', () => {
    const given = facts({ at_least: 2, within_days: 9 }, ['2026-03-01T09:00:00Z']);

    expect(missingFor(given, now - 1, localDay).count_counted).toBe(1);
    expect(missingFor(given, now, localDay).count_counted).toBe(0);
  });

  it('parts days by the reporting zone', () => {
    const given = facts({ at_least: 3, count: 'days' }, ['2026-03-01T20:59:00Z', '2026-03-01T21:00:00Z']);

    expect(missingFor(given, now, localDay)).toMatchObject({ count_counted: 2, count_missing: 1 });
  });
});
