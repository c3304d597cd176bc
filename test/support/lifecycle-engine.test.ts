import { afterEach, describe, expect, it } from 'vitest';
import type { Model } from '../../functions/core/model-definition.ts';
import { at, events } from '../oracle/lifecycle/build.ts';
import type { Lifecycle } from '../oracle/lifecycle/types.ts';
import { LifecycleEngine } from './lifecycle-engine.ts';

function aModel(name: string, sql: string, materialise: 'table' | 'view' = 'table'): Model {
  const definition = {
    model: name,
    description: '',
    grain: ['x'],
    filters: '',
    logic: '',
    repeats: false,
    recompute: 'all' as const,
    materialise,
    columns: {},
    checks: [],
    cases: [],
  };
  return { name, layer: 'marts', file: `sql/marts/${name}.sql`, sql, definition };
}

const lifecycle: Lifecycle = {
  lifecycle: 'l',
  policy: 'latest',
  stages: [
    {
      id: 'a',
      enter: [
        {
          event: ['x', '*'],
          channel: 'web',
          at_least: 2,
          count: 'days',
          within_days: 3,
          where: [
            { property: 'p', in: [0.1, 'x'], exists: true },
            { property: 'q', ne: true },
          ],
          after: { event: 'y', where: { property: 'amount', gte: 9007199254740992 } },
        },
      ],
      leave: [{ event: 'z' }],
      hold_days: 4,
      target: { advance_rate: 0.5 },
    },
    { id: 'b', enter: [{ event: 'x' }], target: { within_days: 7 }, benchmark: { advance_rate: 0.25 } },
  ],
};

const input = {
  run: { asOf: at('2024-03-31 12:00'), timeZone: 'Europe/London' },
  touchpoints: events(
    [
      '2024-03-30 10:00:00.005',
      'order_completed',
      { order_id: 'o', reporting_amount: -1050n, category: '', properties: '{"a":"it\'s \\"x\\"","n":0.10}' },
    ],
    ['2024-04-02 10:00', 'order_cancelled', { order_id: 'o', touchpoint_id: '\u{1F600}' }],
  ),
  lifecycles: [lifecycle],
};

const opened: LifecycleEngine[] = [];
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
});

async function engineOf(...models: readonly Model[]): Promise<LifecycleEngine> {
  const engine = await LifecycleEngine.open(models, ['wanted']);
  opened.push(engine);
  return engine;
}

const rowsOf = async (sql: string) => (await (await engineOf(aModel('wanted', sql))).relations(input)).wanted;

describe('models of the lifecycle worlds', () => {
  it('builds what is wanted with what it reads, in order, and nothing else', async () => {
    const engine = await engineOf(
      aModel('wanted', 'select n + 1 as n from int_b'),
      aModel('int_b', 'select n + 1 as n from int_a', 'view'),
      aModel('int_a', 'select count(*) as n from touchpoints'),
      aModel('unwanted', 'select count(*) as n from wanted'),
      aModel('touchpoints', 'select * from stg_touchpoints'),
    );

    expect(engine.order).toEqual(['int_a', 'int_b', 'wanted']);
    expect(await engine.relations(input)).toEqual({ wanted: [{ n: '4' }] });
    expect(await engine.relations({ ...input, touchpoints: [] })).toEqual({ wanted: [{ n: '2' }] });
  });

  it('tells of a relation that nobody gives', async () => {
    await expect(engineOf(aModel('wanted', 'select * from elsewhere'))).rejects.toThrow(/elsewhere/);
  });
});

describe('touchpoints of the lifecycle worlds', () => {
  it('gives touchpoints as they are, never cut, empty texts and every digit included', async () => {
    expect(
      await rowsOf(
        'select touchpoint_id, customer_id, event, category, channel, reporting_amount, properties, occurred_at, session_id from touchpoints',
      ),
    ).toEqual([
      {
        touchpoint_id: 't1',
        customer_id: 'c',
        event: 'order_completed',
        category: '',
        channel: 'web',
        reporting_amount: '-10.50',
        properties: '{"a":"it\'s \\"x\\"","n":0.10}',
        occurred_at: '2024-03-30 10:00:00.005',
        session_id: null,
      },
      {
        touchpoint_id: '\u{1F600}',
        customer_id: 'c',
        event: 'order_cancelled',
        category: null,
        channel: 'web',
        reporting_amount: null,
        properties: null,
        occurred_at: '2024-04-02 10:00:00',
        session_id: null,
      },
    ]);
  });
});

describe('the run of the lifecycle worlds', () => {
  it('gives the run and its local days', async () => {
    expect(await rowsOf('select * from run_parameters')).toEqual([
      {
        as_of_at: '2024-03-31 12:00:00',
        as_of_date: '2024-03-31',
        reporting_time_zone: 'Europe/London',
        reporting_currency: 'TRY',
        activity_event: 'order_completed',
      },
    ]);
    expect(
      await rowsOf(
        "select calendar_date, week_start, month_start, starts_at, ends_at from calendar_days where calendar_date = date '2024-03-31'",
      ),
    ).toEqual([
      {
        calendar_date: '2024-03-31',
        week_start: '2024-03-25',
        month_start: '2024-03-01',
        starts_at: '2024-03-31 00:00:00',
        ends_at: '2024-03-31 23:00:00',
      },
    ]);
    expect(
      await rowsOf(
        'select min(calendar_date) as first_day, max(calendar_date) as last_day, count(*) as n from calendar_days',
      ),
    ).toEqual([{ first_day: '2024-02-01', last_day: '2024-05-12', n: '102' }]);
  });
});

describe('lifecycles as tables', () => {
  it('gives lifecycles and stages, lapsed included', async () => {
    expect(await rowsOf('select lifecycle_id, policy, position from lifecycles')).toEqual([
      { lifecycle_id: 'l', policy: 'latest', position: 1 },
    ]);
    expect(
      await rowsOf(
        'select stage_id, stage_rank, hold_days, target_rate, within_days, benchmark_rate from lifecycle_stages order by stage_rank',
      ),
    ).toEqual([
      {
        stage_id: 'lapsed',
        stage_rank: 0,
        hold_days: null,
        target_rate: null,
        within_days: 30,
        benchmark_rate: null,
      },
      { stage_id: 'a', stage_rank: 1, hold_days: 4, target_rate: 0.5, within_days: 30, benchmark_rate: null },
      {
        stage_id: 'b',
        stage_rank: 2,
        hold_days: null,
        target_rate: null,
        within_days: 7,
        benchmark_rate: 0.25,
      },
    ]);
  });
});

describe('rules as tables', () => {
  it('gives rules with what they match', async () => {
    const entering = { lifecycle_id: 'l', rule_kind: 'enter' };
    expect(await rowsOf('select * from stage_rules order by rule_id')).toEqual([
      {
        ...entering,
        rule_id: 'l.a.1',
        stage_id: 'a',
        stage_rank: 1,
        rule_number: 1,
        at_least: 2,
        count_by: 'days',
        within_days: 3,
        has_after: true,
      },
      {
        ...entering,
        rule_id: 'l.a.leave.1',
        rule_kind: 'leave',
        stage_id: 'a',
        stage_rank: 1,
        rule_number: 1,
        at_least: 1,
        count_by: 'touchpoints',
        within_days: null,
        has_after: false,
      },
      {
        ...entering,
        rule_id: 'l.b.1',
        stage_id: 'b',
        stage_rank: 2,
        rule_number: 1,
        at_least: 1,
        count_by: 'touchpoints',
        within_days: null,
        has_after: false,
      },
    ]);
    expect(
      await rowsOf(
        "select rule_id || ' ' || matcher || ' ' || event as told from stage_rule_events order by 1",
      ),
    ).toEqual(
      ['l.a.1 after y', 'l.a.1 self *', 'l.a.1 self x', 'l.a.leave.1 self z', 'l.b.1 self x'].map((told) => ({
        told,
      })),
    );
    expect(await rowsOf('select * from stage_rule_channels')).toEqual([
      { rule_id: 'l.a.1', matcher: 'self', channel: 'web' },
    ]);
  });
});

describe('conditions as tables', () => {
  it('gives one test per operator, with a row for each listed value', async () => {
    const self = { matcher: 'self' };
    expect(
      await rowsOf(
        'select matcher, test_number, property, operator, value_type, value_text, value_number from stage_rule_tests order by 1, 2, value_type',
      ),
    ).toEqual([
      {
        matcher: 'after',
        test_number: 1,
        property: 'amount',
        operator: 'gte',
        value_type: 'number',
        value_text: null,
        value_number: '9007199254740992.0000000000',
      },
      {
        ...self,
        test_number: 1,
        property: 'p',
        operator: 'in',
        value_type: 'number',
        value_text: null,
        value_number: '0.1000000000',
      },
      {
        ...self,
        test_number: 1,
        property: 'p',
        operator: 'in',
        value_type: 'text',
        value_text: 'x',
        value_number: null,
      },
      {
        ...self,
        test_number: 2,
        property: 'p',
        operator: 'exists',
        value_type: 'text',
        value_text: 'true',
        value_number: null,
      },
      {
        ...self,
        test_number: 3,
        property: 'q',
        operator: 'ne',
        value_type: 'text',
        value_text: 'true',
        value_number: null,
      },
    ]);
  });
});
