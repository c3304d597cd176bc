import { describe, expect, it } from 'vitest';
import { type Names, ruleWords, valueWords } from '../../../../functions/core/explain/rule-words.ts';
import type { EnterRule, Matcher } from '../../../../functions/core/lifecycle-template.ts';

const labels: Readonly<Record<string, readonly [tr: string, en: string]>> = {
  web: ['Web sitesi', 'Website'],
  store: ['Mağaza', 'Store'],
};
const names = (language: 'tr' | 'en'): Names => ({
  language,
  channel: (channel) => labels[channel]?.[language === 'tr' ? 0 : 1] ?? channel,
});

const enter = (rule: Partial<EnterRule> & Pick<EnterRule, 'event'>): EnterRule => ({
  at_least: 1,
  count: 'touchpoints',
  ...rule,
});

const cases: readonly (readonly [name: string, rule: Matcher | EnterRule, tr: string, en: string])[] = [
  ['one event', enter({ event: ['order_completed'] }), 'order_completed', 'order_completed'],
  ['a leave', { event: ['a', 'b'] }, 'a veya b', 'a or b'],
  ['every event, whatever stands beside it', { event: ['a', '*'] }, 'herhangi bir olay', 'any event'],
  ['four events are all named', { event: ['a', 'b', 'c', 'd'] }, 'a, b, c veya d', 'a, b, c or d'],
  [
    'of five events the first three are named',
    { event: ['a', 'b', 'c', 'd', 'e'] },
    'a, b, c veya diğer 2 olaydan biri',
    'a, b, c or one of 2 others',
  ],
  ['a repeated event is one', { event: ['a', 'a'] }, 'a', 'a'],
  [
    'days within a window',
    enter({ event: ['order_completed'], at_least: 2, count: 'days', within_days: 365 }),
    '365 gün içinde en az 2 ayrı günde order_completed',
    'order_completed on at least 2 different days within 365 days',
  ],
  [
    'touchpoints within a day',
    enter({ event: ['feature_used'], at_least: 8, within_days: 1 }),
    '1 gün içinde en az 8 kez feature_used',
    'feature_used at least 8 times within 1 day',
  ],
  [
    'touchpoints ever',
    enter({ event: ['order_completed'], at_least: 1000 }),
    'en az 1.000 kez order_completed',
    'order_completed at least 1,000 times',
  ],
  [
    'a window of a rule that one touchpoint fires says nothing',
    enter({ event: ['x'], within_days: 3 }),
    'x',
    'x',
  ],
  [
    'channels by their labels',
    { event: ['page_viewed'], channel: ['web', 'store', 'kiosk'] },
    'page_viewed (kanal: Web sitesi, Mağaza veya kiosk)',
    'page_viewed (channel: Website, Store or kiosk)',
  ],
  [
    'conditions that must all hold',
    {
      event: ['product_reviewed'],
      where: [
        { property: 'verified_purchase', eq: true },
        { property: 'rating', gte: 4 },
      ],
    },
    'product_reviewed (koşul: verified_purchase = evet ve rating en az 4)',
    'product_reviewed where verified_purchase is yes and rating is at least 4',
  ],
  [
    'the other operators',
    {
      event: ['x'],
      where: [
        { property: 'flow', in: ['welcome', 'post_purchase'] },
        { property: 'plan', ne: 'trial', exists: true },
        { property: 'score', gte: 1.5, lte: 10 },
        { property: 'amount', lte: 1000 },
        { property: 'reason', exists: false },
      ],
    },
    'x (koşul: flow = welcome veya post_purchase ve plan ≠ trial ve plan belirtilmiş ve score 1,5 ile 10 arasında ve amount en çok 1.000 ve reason belirtilmemiş)',
    'x where flow is welcome or post_purchase and plan is not trial and plan is given and score is from 1.5 to 10 and amount is at most 1,000 and reason is not given',
  ],
  [
    'what must come before',
    enter({ event: ['referral_sent'], after: { event: ['order_completed'] } }),
    'order_completed sonrasında referral_sent',
    'referral_sent, after order_completed',
  ],
  [
    'all of it',
    enter({
      event: ['used'],
      channel: ['web'],
      where: [{ property: 'plan', eq: 'pro' }],
      at_least: 3,
      within_days: 30,
      after: { event: ['started', 'signed'] },
    }),
    'started veya signed sonrasında 30 gün içinde en az 3 kez used (kanal: Web sitesi; koşul: plan = pro)',
    'used (channel: Website) where plan is pro at least 3 times within 30 days, after started or signed',
  ],
];

describe('a rule in words', () => {
  it.each(cases)('%s', (_name, rule, tr, en) => {
    expect(ruleWords(rule, names('tr'))).toBe(tr);
    expect(ruleWords(rule, names('en'))).toBe(en);
  });
});

describe('a value in words', () => {
  it.each([
    [true, 'evet', 'yes'],
    ['false', 'hayır', 'no'],
    [0.25, '0,25', '0.25'],
    [12_500, '12.500', '12,500'],
    ['', '""', '""'],
    ['pro', 'pro', 'pro'],
  ])('%s', (value, tr, en) => {
    expect(valueWords(value, 'tr')).toBe(tr);
    expect(valueWords(value, 'en')).toBe(en);
  });
});
