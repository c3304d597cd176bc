import {
  type LifecycleTemplate,
  LifecycleTemplate as Template,
} from '../../../functions/core/lifecycle-template.ts';
import type { Lifecycle, Touchpoint } from '../../oracle/lifecycle/types.ts';
import type { SourceLine } from '../../oracle/types.ts';
import { formatMinor } from '../../oracle/values.ts';
import { randomGroup } from '../random-lifecycle-world.ts';
import { randomWorld } from '../random-world.ts';
import { noIdentifiers } from '../world-people.ts';

const nothing: SourceLine = {
  ...noIdentifiers,
  touchpoint_id: null,
  kind: null,
  event: null,
  occurred_at: null,
  previous_id: null,
  channel: null,
  campaign_source: null,
  campaign_medium: null,
  campaign_name: null,
  order_id: null,
  product_id: null,
  category: null,
  quantity: null,
  amount: null,
  currency_code: null,
  device_type: null,
  country: null,
  city: null,
  group_id: null,
  session_id: null,
  properties: null,
};

const prefixed = (prefix: string, text: string | null): string | null =>
  text === null ? null : `${prefix}${text}`;

/** Nulls, ties, faults, crowds of identifiers, clock changes: many small worlds beside each other, with people of their own. */
export function worldLines(seeds: readonly number[]): readonly SourceLine[] {
  return seeds.flatMap((seed) =>
    randomWorld(seed)
      .files.flat()
      .map((line) => ({
        ...line,
        touchpoint_id: prefixed(`w${seed} `, line.touchpoint_id),
        // one world keeps its people's own values, so that blocked and shared ones stay what they are
        ...(seed === seeds[0]
          ? {}
          : {
              user_id: prefixed(`w${seed} `, line.user_id),
              email: prefixed(`w${seed}.`, line.email?.trim() ?? null),
              phone: null,
              loyalty_id: prefixed(`w${seed} `, line.loyalty_id),
              device_id: prefixed(`w${seed} `, line.device_id),
              anonymous_id: prefixed(`w${seed} `, line.anonymous_id),
              previous_id: prefixed(`w${seed} `, line.previous_id),
              order_id: prefixed(`w${seed} `, line.order_id),
            }),
      })),
  );
}

export interface LifecycleFile {
  readonly lines: readonly SourceLine[];
  readonly templates: readonly LifecycleTemplate[];
}

/** Worlds that are made to trouble rules, holds and windows, with the lifecycles that are held against them. */
export function lifecycleFile(group: number, count: number): LifecycleFile {
  const { worlds } = randomGroup(group, count);
  return {
    lines: worlds.flatMap(({ touchpoints }) => touchpoints.map(lineOfTouchpoint)),
    templates: worlds.flatMap(({ lifecycles }) => lifecycles.flatMap(templateOf)),
  };
}

function lineOfTouchpoint({
  customer_id,
  occurred_at,
  reporting_amount,
  ...touchpoint
}: Touchpoint): SourceLine {
  return {
    ...nothing,
    ...touchpoint,
    user_id: customer_id,
    occurred_at: new Date(occurred_at).toISOString(),
    amount: reporting_amount === null ? null : formatMinor(reporting_amount),
    currency_code: reporting_amount === null ? null : 'TRY',
  };
}

/** A world's lifecycle says only what is judged; one with a value that YAML has no number for is left out. */
function templateOf(lifecycle: Lifecycle): readonly LifecycleTemplate[] {
  const { success, data } = Template.safeParse({
    lifecycle: lifecycle.lifecycle.replace(/\W/g, '_'),
    ...(lifecycle.policy && { policy: lifecycle.policy }),
    label: { tr: lifecycle.lifecycle, en: lifecycle.lifecycle },
    stages: lifecycle.stages.map((stage) => ({
      category: 'customer',
      phase: 'value_creation',
      label: { tr: stage.id, en: stage.id },
      ...stage,
      benchmark: null,
      target: stage.target?.advance_rate === undefined ? null : stage.target,
    })),
  });
  return success ? [data] : [];
}

const order = (number: number, cells: Partial<SourceLine>): SourceLine => ({
  ...nothing,
  touchpoint_id: `order ${number}`,
  event: 'order_completed',
  channel: 'web',
  order_id: `o ${number}`,
  currency_code: 'TRY',
  ...cells,
});

const letters = [
  'İstanbul ışığı',
  'ISPARTA ılık',
  'ǅ ß ﬁ',
  '😀👩‍👩‍👧',
  "O'Brien; drop table x --",
  '"quoted", and so on',
  '{"not":"json"}',
  '$.a',
  '%_\\',
  ' \u00A0x\u200B',
  'a|b\u001Fc',
  'e\u0301',
  'null',
  'NaN',
  '0',
] as const;

const instants = [
  // leap days, their neighbours, and the year after
  '2024-02-28T23:59:59.999Z',
  '2024-02-29T00:00:00Z',
  '2024-02-29T21:00:00Z',
  '2024-03-01T00:00:00Z',
  '2020-02-29T12:00:00Z',
  '2023-03-01T05:00:00Z',
  // the hours that New York skips and repeats
  '2024-03-10T06:59:59.999Z',
  '2024-03-10T07:00:00Z',
  '2024-11-03T05:30:00Z',
  '2024-11-03T06:30:00Z',
  '2024-11-03T05:59:59.999Z',
  '2024-11-03T06:00:00Z',
  // ends of ISO years and of months
  '2023-12-31T23:59:59.999Z',
  '2024-01-01T00:00:00Z',
  '2024-01-01T04:59:59.999Z',
  '2024-01-01T05:00:00Z',
  '2024-10-31T03:59:59.999Z',
  '2024-10-31T04:00:00Z',
] as const;

const amounts = [
  '0.01',
  '0',
  '0.10',
  '19.99',
  '-5.00',
  '33.33',
  '66.67',
  '0.005',
  '99999999.99',
  '1e2',
  '10',
  '10',
] as const;

/** Texts, instants and amounts that engines are known to treat each in its own way. */
export function extremeLines(): readonly SourceLine[] {
  const ofLetters = letters.map((text, index) =>
    order(index, {
      user_id: text,
      occurred_at: '2024-09-01T10:00:00Z',
      category: text,
      city: text,
      campaign_name: text,
      campaign_source: text,
      amount: amounts[index % amounts.length] ?? null,
      properties: JSON.stringify({
        plan: text,
        referrer: `https://${index}.example/?q=${text}`,
        score: index / 3,
      }),
    }),
  );
  const ofInstants = instants.map((occurred_at, index) =>
    order(100 + index, {
      user_id: `ay ${index % 3}`,
      occurred_at,
      amount: amounts[index % amounts.length] ?? null,
      quantity: index % 2 === 0 ? '0.3333' : '12345678901234.5',
    }),
  );
  return [...ofLetters, ...ofInstants, ...ofProperties(), ...tiedLines(), ...largeLines(), ...futureLines()];
}

/** Texts that are no addresses, and JSON's many ways to write a number. */
const ofProperties = (): readonly SourceLine[] =>
  [
    '{"referrer":"the shop window","url":"/"}',
    '{"referrer":"","click_id_type":"","coupon":""}',
    '{"referrer":"https://Örnek.com/","url":"https://örnek.com/x","click_id_type":1.50}',
    '{"referrer":["https://a.example/"],"click_id_type":{"a":1},"plan":[1,2]}',
    '{"click_id_type":true,"coupon":1.50,"plan":1.50,"score":1E+2}',
    '{"click_id_type":null,"plan":12345678901234567890123,"score":0.1234567890123456789}',
    '{"plan":-0,"score":1e-7,"amount":1e300,"flag":"\\u0130\\ud83d\\ude00"}',
  ].map((properties, index) => ({
    ...nothing,
    touchpoint_id: `page ${index}`,
    event: 'page_viewed',
    channel: 'web',
    user_id: `pages ${index}`,
    occurred_at: `2024-10-0${index + 1}T10:00:00Z`,
    properties,
  }));

/** Twenty-four customers who differ in nothing but their names: every order has ties. */
function tiedLines(): readonly SourceLine[] {
  return Array.from({ length: 24 }, (_, index) =>
    ['2024-08-01T10:00:00Z', '2024-08-02T10:00:00Z', '2024-08-02T10:00:00Z'].map((occurred_at, turn) =>
      order(1000 + 10 * index + turn, { user_id: `tied ${index}`, occurred_at, amount: '10.01' }),
    ),
  ).flat();
}

/** Nearly the largest sum that a decimal of money holds, which a double does not, and the finest parts of one. */
function largeLines(): readonly SourceLine[] {
  return ['9000000000000000.01', '900000000000000.02', '0.01', '-0.02'].map((amount, index) =>
    order(2000 + index, { user_id: 'large', occurred_at: `2024-07-0${index + 1}T10:00:00Z`, amount }),
  );
}

/** Times that are still to come: landing knows better, and no figure counts them yet. */
const futureLines = (): readonly SourceLine[] =>
  ['2038-01-19T03:14:08Z', '2099-12-31T23:59:59.999Z', '2100-03-01T00:00:00Z'].map((occurred_at, index) =>
    order(3000 + index, { user_id: `gelecek ${index}`, occurred_at, amount: `${index}.50` }),
  );

/** A purchase in the first millisecond of all. */
export const firstLine = (): SourceLine =>
  order(0, { user_id: 'İlk', occurred_at: '1970-01-01T00:00:00.001Z', amount: '0.01', quantity: '1' });

/** Rates with as many digits as one may have, for some days and currencies and not for others. */
export const ratesCsv = [
  'day,from_currency_code,to_currency_code,rate',
  ...['2024-01-15', '2024-02-29', '2024-03-01', '2024-03-30', '2024-07-01'].flatMap((day) => [
    `${day},USD,TRY,32.12345678`,
    `${day},GBP,TRY,0.00000001`,
  ]),
  '2024-03-02,GBP,TRY,9999999999.99999999',
].join('\n');

export const spendCsv = [
  'day,marketing_channel,campaign_source,campaign_medium,campaign_name,ad_group,objective_stage,cost_type,amount,currency_code,impressions,clicks,reach,planned_amount',
  '2024-02-29,paid_search,google,cpc,"yaz, ""indirim""",ş,reach,media,0.01,TRY,3,1,,0.02',
  '2024-03-01,paid_search,google,cpc,yaz,ş,reach,media,33.33,USD,0,0,0,',
  '2024-03-30,paid_social,,,,,lead,,123456789.99,GBP,9007199254740993,7,1,1',
  '2024-08-01,email,,,İ,,customer,tool,-5.5,TRY,,,,',
].join('\n');
