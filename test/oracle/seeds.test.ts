import { describe, expect, it } from 'vitest';
import { aLine } from './build.ts';
import { seedsFrom } from './seeds.ts';

const seeds = seedsFrom({
  channels: 'channel,label_en,visit_kind\nweb,Website,visit\nemail,"E-mail, all",touch\n',
  eventVisitKinds: 'event,visit_kind\norder_refunded,none\n',
  marketingChannelRules: [
    'rule_number,marketing_channel,medium_pattern,campaign_pattern,referrer_pattern,channel,event,needs',
    '10,paid_search,^(cpc|ppc)$,,,,,',
    '2,paid_shopping,^(cpc|ppc)$,shopping,,,,',
    '11,referral,,,.,,,',
  ].join('\n'),
  rfmSegments: ['recency_score,frequency_score,segment', '4-5,5,champions', ',,other'].join('\n'),
});

describe('seedsFrom', () => {
  it('knows how a channel is visited', () => {
    expect(['web', 'email', 'kiosk'].map(seeds.visitKindOf)).toEqual(['visit', 'touch', undefined]);
  });

  it('knows which events count in another way than their channel says', () => {
    expect(['order_refunded', 'page_viewed'].map(seeds.visitKindOfEvent)).toEqual(['none', undefined]);
  });

  it.each([
    [{ campaign_medium: 'CPC', campaign_name: 'yaz-Shopping' }, 'paid_shopping'],
    [{ campaign_medium: 'ppc' }, 'paid_search'],
    [{ properties: '{"referrer":"https://x.example/"}' }, 'referral'],
    [{ properties: '{"referrer":null}' }, 'direct'],
    [{ properties: '{"referrer":"https://x.example/a","url":"https://x.example/b"}' }, 'direct'],
  ])('%j is brought by %s', (values, channel) => {
    expect(seeds.marketingChannelOf(aLine(values))).toBe(channel);
  });

  it('takes the first segment whose scores hold', () => {
    const scores = { recencyScore: 4, frequencyScore: 5, monetaryScore: 1 };

    expect(seeds.segmentOf(scores)).toBe('champions');
    expect(seeds.segmentOf({ ...scores, frequencyScore: 4 })).toBe('other');
  });
});
