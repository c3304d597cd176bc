import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInLifecycleText, loadLifecycles } from '../../../functions/adapters/lifecycle-files.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { lifecycleTables } from '../../../functions/core/lifecycle-tables.ts';
import type { Lifecycle } from '../../../functions/core/lifecycle-template.ts';
import { withFolder } from '../../support/engine.ts';
import { stageText, templateText } from '../../support/lifecycle-builder.ts';

/** The lifecycles of a project with this dongu.yaml and these files beside it. */
async function load(
  settings: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly Lifecycle[]> {
  return withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return loadLifecycles(readConfiguration(settings, 'dongu.yaml'), folder);
  });
}

const idsOf = (lifecycles: readonly Lifecycle[]) => lifecycles.map(({ template }) => template.lifecycle);
const shop = templateText([stageText('visit'), stageText('buy')]);

const refusals: readonly (readonly [string, string, Readonly<Record<string, string>>, string])[] = [
  [
    'an id that nobody has',
    '{ lifecycles: [ecomerce] }',
    {},
    'lifecycles: "ecomerce" is not known; did you mean "ecommerce"?',
  ],
  ['a path where nothing is', '{ lifecycles: [our/shop.yml] }', {}, 'lifecycles: our/shop.yml is not there'],
  ['one id twice', '{ lifecycles: [value, value] }', {}, 'lifecycles: "value" is named twice'],
  [
    'an own one with the id of another',
    '{ lifecycles: [shop, our/shop.yml] }',
    { 'lifecycles/shop.yml': shop, 'our/shop.yml': shop },
    'our/shop.yml has the id "shop", as lifecycles/shop.yml has',
  ],
  [
    'a file named otherwise',
    '{ lifecycles: [store] }',
    { 'lifecycles/store.yml': shop },
    'lifecycles/store.yml: says `lifecycle: shop`',
  ],
  [
    'a faulty file',
    '{ lifecycles: [shop] }',
    { 'lifecycles/shop.yml': shop.replace('visit,', 'lapsed,') },
    'lifecycles/shop.yml: stages.lapsed.id: "lapsed" is reserved',
  ],
  ['no lifecycle at all', '{ lifecycles: [] }', {}, 'lifecycles: name at least one lifecycle'],
  [
    'a target of an unknown lifecycle',
    '{ stage_targets: { saas: { trial: { advance_rate: 0.1 } } } }',
    {},
    'stage_targets: the lifecycle "saas" is not known; known: ecommerce',
  ],
  [
    'a target of a missing stage',
    '{ stage_targets: { ecommerce: { rech: { advance_rate: 0.1 } } } }',
    {},
    'stage_targets.ecommerce: the stage "rech" is not known; did you mean "reach"?',
  ],
  [
    'a target of the last stage',
    '{ stage_targets: { ecommerce: { advocacy: { advance_rate: 0.1 } } } }',
    {},
    'stage_targets.ecommerce.advocacy: from the last stage nobody can advance',
  ],
  [
    'a target above 1',
    '{ stage_targets: { ecommerce: { reach: { advance_rate: 3 } } } }',
    {},
    'stage_targets.ecommerce.reach.advance_rate: say a rate from 0 to 1',
  ],
  [
    'a target of a KPI that nobody knows',
    '{ targets: { refund_rat: 0.1 } }',
    {},
    'targets: "refund_rat" is no KPI, neither built nor planned; did you mean "refund_rate"?',
  ],
  [
    'a benchmark of a KPI that nobody knows',
    '{ benchmarks: { csta: { value: 0.8, source: A survey, year: 2024 } } }',
    {},
    'benchmarks: "csta" is no KPI, neither built nor planned; did you mean "csat"?',
  ],
  [
    'a benchmark of money',
    '{ benchmarks: { net_revenue: { value: 100, source: A survey, year: 2024 } } }',
    {},
    'benchmarks: net_revenue: an amount of money of one year cannot be held against that of another',
  ],
];

describe('the lifecycles of a project', () => {
  it.each(['ecommerce', 'saas', 'b2b', 'finance', 'general'])(
    'are by default that of its sector: %s',
    async (sector) => {
      expect(idsOf(await load(`{ sector: ${sector} }`))).toEqual([sector]);
    },
  );

  it('are those that it names, in their order', async () => {
    expect(idsOf(await load('{ sector: saas, lifecycles: [value, ecommerce] }'))).toEqual([
      'value',
      'ecommerce',
    ]);
  });

  it('may be its own, by id in lifecycles/ or by path', async () => {
    const byId = await load('{ lifecycles: [shop] }', { 'lifecycles/shop.yml': shop });
    const byPath = await load('{ lifecycles: [our/shop.yml, value] }', { 'our/shop.yml': shop });

    expect(byId.map(({ file, origin }) => [file, origin])).toEqual([['lifecycles/shop.yml', 'project']]);
    expect(byPath.map(({ file, origin }) => [file, origin])).toEqual([
      ['our/shop.yml', 'project'],
      ['sql/lifecycles/value.yml', 'built-in'],
    ]);
  });

  it('win over the built-in one of the same id', async () => {
    const own = shop.replace('lifecycle: shop', 'lifecycle: ecommerce');
    const [lifecycle] = await load('{ lifecycles: [ecommerce] }', { 'lifecycles/ecommerce.yml': own });

    expect(lifecycle?.template.stages.map(({ id }) => id)).toEqual(['visit', 'buy']);
  });

  it.each(refusals)('are refused for %s', async (_name, settings, files, message) => {
    const refused = await load(settings, files).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(ConfigurationError);
    expect((refused as ConfigurationError).message).toContain(message);
    expect((refused as ConfigurationError).hint).not.toBe('');
  });
});

describe('targets of stages', () => {
  const targetsOf = (lifecycles: readonly Lifecycle[]) =>
    lifecycleTables(lifecycles).lifecycle_stages.flatMap(
      ({ stage_id, target_rate, within_days, target_source }) =>
        target_rate === null ? [] : [[stage_id, target_rate, within_days, target_source]],
    );

  it('are the defaults of the lifecycle until the project says its own', async () => {
    const own = await load(
      '{ stage_targets: { ecommerce: { reach: { advance_rate: 0.05, within_days: 7 } } } }',
    );

    expect(targetsOf(own)).toEqual([
      ['reach', 0.05, 7, 'project'],
      ['acquisition', 0.3, 30, 'default'],
      ['nurture', 0.2, 90, 'default'],
      ['retention', 0.1, 180, 'default'],
    ]);
  });

  it('stay defaults in a copy, but for those that it changes', async () => {
    const copy = await builtInLifecycleText('ecommerce');
    const changed = copy.replace(
      'advance_rate: 0.03, within_days: 30',
      'advance_rate: 0.03, within_days: 14',
    );
    const lifecycles = await load('{}', { 'lifecycles/ecommerce.yml': changed });

    expect(targetsOf(lifecycles).map(([stage, , , source]) => [stage, source])).toEqual([
      ['reach', 'project'],
      ['acquisition', 'default'],
      ['nurture', 'default'],
      ['retention', 'default'],
    ]);
  });

  it('may all be commented out', async () => {
    expect(idsOf(await load('targets:\n  # csat: 0.85\nstage_targets:\n  # ecommerce:\n'))).toEqual([
      'ecommerce',
    ]);
  });
});

it('a stage that is split keeps the label of what it was, and the copy stays valid', async () => {
  const copy = await builtInLifecycleText('ecommerce');
  const first = '  - id: acquisition\n    label: { tr: Edinme ve dönüşüm, en: Acquisition and conversion }\n';
  const split = `  - id: first_order
    parent: acquisition
    label: { tr: İlk sipariş, en: First order }
    category: customer
    phase: value_creation
    enter: { event: order_completed }
    hold_days: 365
  - id: large_first_order
    parent: acquisition
    label: { tr: Büyük ilk sipariş, en: Large first order }
`;
  expect(copy).toContain(first);

  const lifecycles = await load('{}', { 'lifecycles/ecommerce.yml': copy.replace(first, split) });
  const rows = lifecycleTables(lifecycles).lifecycle_stages;

  expect(rows.map((row) => [row.stage_rank, row.stage_id, row.parent_stage_id, row.parent_label_tr])).toEqual(
    [
      [0, 'lapsed', null, null],
      [1, 'reach', null, null],
      [2, 'first_order', 'acquisition', 'Edinme ve dönüşüm'],
      [3, 'large_first_order', 'acquisition', 'Edinme ve dönüşüm'],
      [4, 'nurture', null, null],
      [5, 'retention', null, null],
      [6, 'advocacy', null, null],
    ],
  );
});
