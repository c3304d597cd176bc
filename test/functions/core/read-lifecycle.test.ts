import { describe, expect, it } from 'vitest';
import { ConfigurationError, errorText } from '../../../functions/core/errors.ts';
import { readSmall, stageText, templateText } from '../../support/lifecycle-builder.ts';

/** The message of the refusal; what a rule or stage says else is right. */
function refusal(text: string, builtInText?: string): string {
  const builtIn = builtInText === undefined ? undefined : readSmall(builtInText).template;
  try {
    readSmall(text, builtIn);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return errorText(error);
  }
  throw new Error('the template was taken, though it should be refused');
}

const stageWith = (keys: string): string => templateText([stageText('only', keys)]);
const ruleWith = (rule: string): string => stageWith(`enter: { event: order_completed, ${rule} }`);
const whereOf = (condition: string): string => ruleWith(`where: ${condition}`);

const wrongStages = [
  [
    'no stages',
    'lifecycle: shop\nlabel: { tr: D, en: S }\nstages: []',
    'stages: a lifecycle has at least one stage',
  ],
  [
    '31 stages',
    templateText(Array.from({ length: 31 }, (_, index) => stageText(`s${index}`))),
    'stages: a lifecycle has at most 30 stages',
  ],
  ['a reserved id', templateText([stageText('lapsed')]), 'stages.lapsed.id: "lapsed" is reserved'],
  ['the other reserved id', templateText([stageText('outside')]), 'stages.outside.id: "outside" is reserved'],
  [
    'one id twice',
    templateText([stageText('first'), stageText('first')]),
    'stages.2.id: "first" is already the id of stage 1',
  ],
  [
    'an id that is not snake_case',
    templateText([stageText('First-Stage')]),
    '"First-Stage" is no id in snake_case',
  ],
  [
    'a lifecycle id that is not snake_case',
    templateText([stageText('a')]).replace('shop', 'Shop'),
    'lifecycle: "Shop" is no id',
  ],
  [
    'an unknown key',
    stageWith('enter: { event: a }, hold_day: 3'),
    'stages.only: the key "hold_day" is not known; did you mean "hold_days"?',
  ],
  [
    'an unknown key of a rule',
    ruleWith('atleast: 2'),
    'stages.only.enter: the key "atleast" is not known; did you mean "at_least"?',
  ],
  ['an unknown policy', templateText([stageText('a')], 'policy: newest\n'), 'policy: say furthest or latest'],
  ['an unknown sector', templateText([stageText('a')], 'sector: retail\n'), 'sector: '],
  ['no rule', stageWith('hold_days: 3'), 'stages.only.enter: is missing'],
  [
    'an empty list of rules',
    stageWith('enter: []'),
    'stages.only.enter: a stage without a rule is never entered',
  ],
  [
    'an empty list of leaves',
    stageWith('enter: { event: a }, leave: []'),
    'stages.only.leave: an empty list says nothing',
  ],
  [
    'a hold of no days',
    stageWith('enter: { event: a }, hold_days: 0'),
    'stages.only.hold_days: say a whole number of at least 1',
  ],
  [
    'half a day',
    stageWith('enter: { event: a }, hold_days: 1.5'),
    'stages.only.hold_days: say a whole number of at least 1',
  ],
  [
    'a window of no days',
    ruleWith('within_days: 0'),
    'stages.only.enter.within_days: say a whole number of at least 1',
  ],
  ['at least none', ruleWith('at_least: 0'), 'stages.only.enter.at_least: say a whole number of at least 1'],
  ['an unknown count', ruleWith('count: weeks'), 'stages.only.enter.count: say touchpoints or days'],
  [
    'a missing label',
    'lifecycle: shop\nlabel: { tr: D, en: S }\nstages: [{ id: a, category: lead, phase: value_creation, enter: { event: a } }]',
    'stages.a.label: is missing',
  ],
  [
    'a label in one language',
    templateText([stageText('a').replace(', en: a', '')]),
    'stages.a.label.en: is missing',
  ],
  [
    'a text in place of a label',
    templateText([stageText('a').replace(/label: \{[^}]*\}/, 'label: A')]),
    'stages.a.label: say the keys tr, en',
  ],
  [
    'a label without a letter',
    templateText([stageText('a').replace(/label: \{[^}]*\}/, 'label: { tr: "", en: A }')]),
    'stages.a.label.tr: is empty',
  ],
  [
    'a number in place of a target',
    stageWith('enter: { event: a }, target: 0.2'),
    'stages.only.target: say the keys advance_rate, within_days',
  ],
  [
    'a hold beyond the calendar',
    stageWith('enter: { event: a }, hold_days: 36501'),
    'stages.only.hold_days: say at most 36500 days (100 years); left out, it has no end',
  ],
  [
    'a window beyond the calendar',
    ruleWith('within_days: 99999999999'),
    'stages.only.enter.within_days: say at most 36500 days',
  ],
  [
    'more touchpoints than can be counted',
    ruleWith('at_least: 99999999999'),
    'stages.only.enter.at_least: is larger than can be kept',
  ],
  ['a list in place of a template', '- a', 'shop.yml: say the keys lifecycle, version, label'],
  ['a file that is not a template', 'true', 'shop.yml: '],
  ['text that is not YAML', 'stages: [', 'line 1'],
] as const;

describe('a stage that is wrong is refused with file, key and reason', () => {
  it.each(wrongStages)('%s', (_name, text, message) => {
    expect(refusal(text)).toContain(message);
    expect(refusal(text)).toMatch(/^shop\.yml: /);
  });
});

const plain = 'enter: { event: a }';

const unknownNames = [
  [
    'a category',
    stageText('a').replace('customer', 'custmer'),
    'stages.a.category: "custmer" is no category; did you mean "customer"?',
  ],
  [
    'a phase',
    stageText('a').replace('value_creation', 'value_creating'),
    'stages.a.phase: "value_creating" is no phase; did you mean "value_creation"?',
  ],
  [
    'a role',
    stageText('a', `${plain}, role: { responsible: markting }`),
    'stages.a.role.responsible: "markting" is no role; did you mean "marketing"?',
  ],
  [
    'a supporting role',
    stageText('a', `${plain}, role: { responsible: sales, supporting: [marketing, saels] }`),
    'stages.a.role.supporting.2: "saels" is no role; did you mean "sales"?',
  ],
  [
    'a supporting role named twice',
    stageText('a', `${plain}, role: { responsible: sales, supporting: [marketing, marketing] }`),
    'stages.a.role.supporting.2: "marketing" is named twice',
  ],
  [
    'a channel of the description',
    stageText('a', `${plain}, channels: [web, mobil]`),
    'stages.a.channels.2: "mobil" is no channel; did you mean "mobile"?',
  ],
  [
    'a marketing channel',
    stageText('a', `${plain}, marketing_channels: [radio]`),
    'stages.a.marketing_channels.1: "radio" is no marketing channel; known: email, paid_search',
  ],
  [
    'a marketing channel named twice',
    stageText('a', `${plain}, marketing_channels: [email, email]`),
    'stages.a.marketing_channels.2: "email" is named twice',
  ],
  [
    'a KPI',
    stageText('a', `${plain}, kpis: [visit]`),
    'stages.a.kpis.1: "visit" is no KPI, neither built (sql/kpis) nor planned (sql/seeds/known_kpis.csv); did you mean "visits"?',
  ],
  [
    'a KPI named twice',
    stageText('a', `${plain}, kpis: [nps, nps]`),
    'stages.a.kpis.2: "nps" is named twice',
  ],
  [
    'a channel of a rule',
    stageText('a', 'enter: { event: a, channel: [web, stor] }'),
    'stages.a.enter.channel.2: "stor" is no channel; did you mean "store"?',
  ],
  [
    'a channel of a leave',
    stageText('a', `${plain}, leave: [{ event: b, channel: wep }]`),
    'stages.a.leave.1.channel: "wep" is no channel; did you mean "web"?',
  ],
  [
    'a channel of after',
    stageText('a', 'enter: [{ event: a, after: { event: b, channel: wep } }]'),
    'stages.a.enter.1.after.channel: "wep" is no channel',
  ],
] as const;

describe('a name that is not known is answered with the nearest one', () => {
  it.each(unknownNames)('%s', (_name, stage, message) => {
    expect(refusal(templateText([stage]))).toContain(message);
  });
});

describe('an event of a rule', () => {
  it.each([
    ['is required', 'enter: { at_least: 2 }', 'stages.only.enter.event: is missing'],
    [
      'is required in after',
      'enter: { event: a, after: { channel: web } }',
      'stages.only.enter.after.event: is missing',
    ],
    [
      'is required in leave',
      'enter: { event: a }, leave: [{ channel: web }]',
      'stages.only.leave.1.event: is missing',
    ],
    ['is at least one', 'enter: { event: [] }', 'stages.only.enter.event: an empty list matches no event'],
    [
      'is at least one in after',
      'enter: { event: a, after: { event: [] } }',
      'stages.only.enter.after.event: an empty list matches no event',
    ],
    ['is a name', 'enter: { event: " a" }', 'stages.only.enter.event: say a name'],
    ['is named once', 'enter: [{ event: [a, b, a] }]', 'stages.only.enter.1.event.3: "a" is named twice'],
    [
      'is * alone',
      'enter: { event: [a, "*"] }',
      'stages.only.enter.event.2: * is every event: leave the other names out',
    ],
    [
      'is a touchpoint',
      'enter: { event: identify }',
      'stages.only.enter.event: the rule can never fire on identify',
    ],
    [
      'is a touchpoint in after',
      'enter: { event: a, after: { event: [b, group] } }',
      'stages.only.enter.after.event.2: the rule can never fire on group',
    ],
  ])('%s', (_name, keys, message) => {
    expect(refusal(stageWith(keys))).toContain(message);
  });

  it('may be one that nobody knows: it is data', () => {
    expect(
      readSmall(stageWith('enter: { event: [robot_hugged, "Page Viewed"] }')).template.stages,
    ).toHaveLength(1);
  });
});

describe('channels of a rule', () => {
  it.each([
    ['an empty list', 'channel: []', 'stages.only.enter.channel: an empty list matches no channel'],
    ['one named twice', 'channel: [web, web]', 'stages.only.enter.channel.2: "web" is named twice'],
  ])('%s', (_name, rule, message) => {
    expect(refusal(ruleWith(rule))).toContain(message);
  });
});

const wrongConditions = [
  [
    'no operator',
    '{ property: plan }',
    'enter.where: says nothing of "plan": add one of eq, ne, in, gte, lte, exists',
  ],
  [
    'no operator, in a list',
    '[{ property: a, eq: 1 }, { property: plan }]',
    'enter.where.2: says nothing of "plan"',
  ],
  [
    'an unknown operator',
    '{ property: plan, gt: 3 }',
    'enter.where: the key "gt" is not known; did you mean "gte"?',
  ],
  ['an empty list of conditions', '[]', 'enter.where: an empty list says nothing'],
  ['no property', '{ eq: 1 }', 'enter.where.property: is missing'],
  [
    'a property that keys cannot be',
    '{ property: planName, eq: 1 }',
    'enter.where.property: "planName" is no property',
  ],
  ['gte of a text', '{ property: rating, gte: "4" }', 'enter.where.gte: gte and lte compare numbers'],
  ['lte of true', '{ property: rating, lte: true }', 'enter.where.lte: gte and lte compare numbers'],
  ['in with nothing', '{ property: plan, in: [] }', 'enter.where.in: an empty list matches nothing'],
  ['in with one value', '{ property: plan, in: trial }', 'enter.where.in: say a list of values'],
  ['in with a value twice', '{ property: plan, in: [a, b, a] }', 'enter.where.in.3: a is listed twice'],
  ['eq of nothing', '{ property: plan, eq: null }', 'enter.where.eq: say a text, a number, true or false'],
  ['eq of a list', '{ property: plan, eq: [a] }', 'enter.where.eq: say a text, a number, true or false'],
  ['exists that is a text', '{ property: plan, exists: "yes" }', 'enter.where.exists: say true or false'],
  [
    'a number with too many decimals',
    '{ property: rate, eq: 0.12345678901 }',
    'enter.where.eq: 0.12345678901 has more than 10 decimals',
  ],
  [
    'a number that is too large',
    '{ property: rate, in: [1, 9007199254740993] }',
    'is larger than can be compared exactly',
  ],
] as const;

describe('a condition that is wrong', () => {
  it.each(wrongConditions)('%s', (_name, condition, message) => {
    expect(refusal(whereOf(condition))).toContain(
      `stages.only.${message.startsWith('enter') ? message : ''}`,
    );
    expect(refusal(whereOf(condition))).toContain(message);
  });
});

const impossible = [
  [
    'missing and equal',
    '{ property: plan, exists: false, eq: trial }',
    '"plan" would have to be missing (exists: false) and eq "trial"',
  ],
  [
    'missing and present',
    '[{ property: plan, exists: false }, { property: plan, exists: true }]',
    '"plan" would have to be missing (exists: false) and exists true',
  ],
  [
    'missing and other',
    '{ property: plan, exists: false, ne: trial }',
    '"plan" would have to be missing (exists: false) and ne "trial"',
  ],
  [
    'equal to two values',
    '[{ property: plan, eq: a }, { property: plan, eq: b }]',
    'no value of "plan" is eq "a" and eq "b"',
  ],
  ['equal and not equal', '{ property: plan, eq: a, ne: a }', 'no value of "plan" is eq "a" and ne "a"'],
  [
    'true and not "true"',
    '{ property: paid, eq: true, ne: "true" }',
    'no value of "paid" is eq true and ne "true"',
  ],
  [
    'a number and its text',
    '[{ property: n, eq: 1 }, { property: n, eq: "1" }]',
    'no value of "n" is eq 1 and eq "1"',
  ],
  [
    'lists without a common value',
    '[{ property: plan, in: [a, b] }, { property: plan, in: [c] }]',
    'no value of "plan" is in ["a", "b"] and in ["c"]',
  ],
  [
    'a list of which all is refused',
    '[{ property: plan, in: [a, b], ne: a }, { property: plan, ne: b }]',
    'no value of "plan" is ne "a" and in ["a", "b"] and ne "b"',
  ],
  ['above and below', '{ property: rating, gte: 4, lte: 3 }', 'no value of "rating" is gte 4 and lte 3'],
  [
    'between one value and not it',
    '{ property: rating, gte: 4, lte: 4, ne: 4 }',
    'no value of "rating" is ne 4 and gte 4 and lte 4',
  ],
  ['equal but below', '{ property: rating, eq: 3, gte: 4 }', 'no value of "rating" is eq 3 and gte 4'],
  [
    'a text in a range',
    '{ property: rating, eq: good, gte: 4 }',
    'no value of "rating" is eq "good" and gte 4',
  ],
  [
    'a text column in a range',
    '{ property: category, gte: 4 }',
    'the column "category" holds texts, which gte 4 never fits',
  ],
  [
    'a text column and a number',
    '{ property: product_id, eq: 12 }',
    'the column "product_id" holds texts, which eq 12 never fits',
  ],
  [
    'a text column and numbers',
    '{ property: campaign_name, in: [1, 2] }',
    'the column "campaign_name" holds texts, which in [1, 2] never fits',
  ],
  [
    'the amount and a text',
    '{ property: amount, eq: "12" }',
    'the column "amount" holds numbers, which eq "12" never fits',
  ],
] as const;

describe('a rule that can never fire', () => {
  it.each(impossible)('%s', (_name, condition, reason) => {
    expect(refusal(whereOf(condition))).toContain(`: the rule can never fire: ${reason}`);
  });

  it('is found in after and leave too, at the last condition that takes part', () => {
    const after = stageWith(
      'enter: { event: a, after: { event: b, where: { property: p, gte: 2, lte: 1 } } }',
    );
    const leave = stageWith(
      'enter: { event: a }, leave: [{ event: b, where: [{ property: p, eq: 1 }, { property: q, eq: 1 }, { property: p, eq: 2 }] }]',
    );

    expect(refusal(after)).toContain(
      'stages.only.enter.after.where: the rule can never fire: no value of "p"',
    );
    expect(refusal(leave)).toContain('stages.only.leave.1.where.3: the rule can never fire: no value of "p"');
  });

  it('wants more days than its window touches', () => {
    const text = ruleWith('at_least: 9, count: days, within_days: 7');

    expect(refusal(text)).toContain(
      'stages.only.enter.at_least: the rule can never fire: 7 × 24 hours touch at most 8 local days',
    );
  });

  it.each([
    ['as many days as a window can touch', 'at_least: 8, count: days, within_days: 7'],
    ['many days without a window', 'at_least: 900, count: days'],
    ['many touchpoints in a day', 'at_least: 900, within_days: 1'],
    ['a range of one value', 'where: { property: rating, gte: 4, lte: 4 }'],
    ['a list with a value in the range', 'where: { property: rating, in: [1, 5], gte: 4 }'],
    ['a text column that is refused a number', 'where: { property: category, ne: 4 }'],
    ['a text column that may be a number or a text', 'where: { property: category, in: [4, four] }'],
    ['the amount in a range', 'where: { property: amount, gte: 100.5, lte: 200 }'],
    [
      'a value that is missing',
      'where: [{ property: coupon, exists: false }, { property: coupon, exists: false }]',
    ],
    ['an empty text', 'where: { property: coupon, eq: "" }'],
    ['conditions on two properties', 'where: [{ property: a, eq: 1 }, { property: b, eq: 2 }]'],
    ['the smallest number', 'where: { property: a, gte: 0.0000000001 }'],
  ])('is not: %s', (_name, rule) => {
    expect(readSmall(ruleWith(rule)).template.stages).toHaveLength(1);
  });
});

const first = (keys: string) =>
  templateText([stageText('a', `enter: { event: a }, ${keys}`), stageText('b')]);

const wrongRates = [
  [
    'a rate above 1',
    first('target: { advance_rate: 30 }'),
    'stages.a.target.advance_rate: say a rate from 0 to 1',
  ],
  [
    'a rate below 0',
    first('target: { advance_rate: -0.1 }'),
    'stages.a.target.advance_rate: say a rate from 0 to 1',
  ],
  ['no rate', first('target: { within_days: 3 }'), 'stages.a.target.advance_rate: is missing'],
  [
    'a window of no days',
    first('target: { advance_rate: 0.1, within_days: 0 }'),
    'stages.a.target.within_days: say a whole number of at least 1',
  ],
  [
    'the last stage',
    stageWith('enter: { event: a }, target: { advance_rate: 0.1 }'),
    'stages.only.target: from the last stage nobody can advance',
  ],
  [
    'a benchmark without a source',
    first('benchmark: { value: 0.3, year: 2024 }'),
    'stages.a.benchmark.source: is missing',
  ],
  [
    'a benchmark without a year',
    first('benchmark: { value: 0.3, source: Us }'),
    'stages.a.benchmark.year: is missing',
  ],
  [
    'a benchmark that is no rate',
    first('benchmark: { value: 3, source: Us, year: 2024 }'),
    'stages.a.benchmark.value: say a rate from 0 to 1',
  ],
  [
    'a benchmark that is a number',
    first('benchmark: 0.3'),
    'stages.a.benchmark: say none, or value, source and year',
  ],
] as const;

describe('a target or benchmark', () => {
  it.each(wrongRates)('%s', (_name, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('is none, missing, or complete', () => {
    const text = templateText([
      stageText('a', 'enter: { event: a }, benchmark: none, target: null'),
      stageText(
        'b',
        'enter: { event: b }, benchmark: { value: 0.3, source: Us, year: 2024 }, target: { advance_rate: 0.5 }',
      ),
      stageText('c'),
    ]);

    expect(readSmall(text).template.stages.map(({ target, benchmark }) => [target, benchmark])).toEqual([
      [null, null],
      [
        { advance_rate: 0.5, within_days: 30 },
        { value: 0.3, source: 'Us', year: 2024 },
      ],
      [null, null],
    ]);
  });
});

describe('parent, the stage that a stage was split from', () => {
  const builtIn = templateText([stageText('reach'), stageText('buy')]);
  const child = (id: string, parent: string) => stageText(id, `enter: { event: ${id} }, parent: ${parent}`);

  it('is a stage of the built-in lifecycle of the same id, with its label', () => {
    const text = templateText([child('see', 'reach'), child('visit', 'reach'), stageText('buy')]);
    const { parentLabels } = readSmall(text, readSmall(builtIn).template);

    expect(parentLabels).toEqual({ reach: { tr: 'reach', en: 'reach' } });
  });

  it('is a stage of the file, whose label wins over the built-in one', () => {
    const text = templateText([
      stageText('reach').replace('tr: reach', 'tr: Tanışma'),
      child('visit', 'reach'),
      stageText('buy'),
    ]);

    expect(readSmall(text, readSmall(builtIn).template).parentLabels.reach?.tr).toBe('Tanışma');
  });

  it.each([
    [
      'nowhere to be found',
      [child('see', 'rech'), stageText('buy')],
      'stages.see.parent: "rech" is no stage of the built-in lifecycle or of this file; did you mean "reach"?',
    ],
    [
      'itself',
      [child('reach', 'reach'), stageText('buy')],
      'stages.reach.parent: a stage is not split from itself',
    ],
    [
      'split itself',
      [child('see', 'reach'), child('visit', 'see')],
      'stages.visit.parent: "see" is itself split from "reach": name that one',
    ],
    [
      'of children that are apart',
      [child('see', 'reach'), stageText('buy'), child('visit', 'reach')],
      'stages.visit.parent: the parts of "reach" are neighbours in rank, but "buy" stands between',
    ],
    [
      'apart from its child',
      [child('visit', 'reach'), stageText('buy'), stageText('reach')],
      'stages.reach.id: the parts of "reach" are neighbours in rank, but "buy" stands between',
    ],
  ])('is an error when it is %s', (_name, stages, message) => {
    expect(refusal(templateText(stages), builtIn)).toContain(message);
  });

  it('is a stage of the file alone where no built-in lifecycle has the id', () => {
    expect(refusal(templateText([child('see', 'reach'), stageText('buy')]))).toContain(
      '"reach" is no stage of this file',
    );
  });
});

it('says all faults at once', () => {
  const text = templateText([
    stageText('lapsed', 'enter: { event: [a, a] }, kpis: [visit]'),
    stageText('b', 'enter: { event: b, where: { property: p, gte: 2, lte: 1 } }'),
  ]);

  expect(refusal(text).split('; ')).toHaveLength(5);
});
