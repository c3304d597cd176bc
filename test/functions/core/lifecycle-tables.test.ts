import { describe, expect, it } from 'vitest';
import { lifecycleTables } from '../../../functions/core/lifecycle-tables.ts';
import { readSmall } from '../../support/lifecycle-builder.ts';

const text = `
lifecycle: shop
version: 3
label: { tr: Dükkân, en: Shop }
policy: latest
stages:
  - id: visitor
    label: { tr: Ziyaretçi, en: Visitor }
    category: lead
    phase: value_creation
    enter: { event: "*", channel: [web, store] }
    hold_days: 30
    target: { advance_rate: 0.25, within_days: 14 }
    benchmark: { value: 0.2, source: Someone, year: 2023 }
  - id: buyer
    label: { tr: Alıcı, en: Buyer }
    category: customer
    phase: value_creation
    parent: visitor
    role: { responsible: sales, supporting: [marketing, customer_service] }
    question: { tr: "Kim alıyor?", en: "Who buys?" }
    customer_goal: { tr: Almak, en: Buy }
    channels: [web]
    marketing_channels: [email, paid_search]
    strategies: [{ tr: Bir, en: One }, { tr: İki, en: Two }]
    kpis: [orders, visits]
    enter:
      - event: order_completed
        at_least: 2
        count: days
        within_days: 365
      - event: [trial_started, demo_requested]
        where: [{ property: plan, in: [a, "2", 2, true] }, { property: score, gte: 0.5, lte: 9, ne: 7 }]
        after: { event: lead_created, channel: mobile, where: { property: note, exists: false } }
    leave:
      - event: account_closed
        where: { property: coupon, eq: "" }
      - event: contract_ended
        channel: web
`;
const tables = lifecycleTables([readSmall(text)]);

const textTest = (rule_id: string, matcher: string, test_number: number) => ({
  rule_id,
  matcher,
  test_number,
  value_type: 'text',
  value_number: null,
});
const numberTest = (property: string, operator: string, test_number: number, value_number: number) => ({
  rule_id: 'shop.buyer.2',
  matcher: 'self',
  test_number,
  property,
  operator,
  value_type: 'number',
  value_text: null,
  value_number,
});

describe('the tables of a lifecycle', () => {
  it('have one row per lifecycle', () => {
    expect(tables.lifecycles).toEqual([
      {
        lifecycle_id: 'shop',
        lifecycle_version: 3,
        policy: 'latest',
        label_tr: 'Dükkân',
        label_en: 'Shop',
        position: 1,
      },
    ]);
  });

  it('number lifecycles in the order that is given', () => {
    const second = readSmall(text.replace('lifecycle: shop', 'lifecycle: mall'));

    expect(
      lifecycleTables([second, readSmall(text)]).lifecycles.map((row) => [row.lifecycle_id, row.position]),
    ).toEqual([
      ['mall', 1],
      ['shop', 2],
    ]);
  });
});

describe('the table of stages', () => {
  it('has the stages in rank order after lapsed, which says nothing of itself', () => {
    expect(
      tables.lifecycle_stages.map((row) => [row.stage_id, row.stage_rank, row.label_tr, row.label_en]),
    ).toEqual([
      ['lapsed', 0, 'Pasif', 'Lapsed'],
      ['visitor', 1, 'Ziyaretçi', 'Visitor'],
      ['buyer', 2, 'Alıcı', 'Buyer'],
    ]);
    expect(tables.lifecycle_stages[0]).toMatchObject({
      category: null,
      hold_days: null,
      within_days: 30,
      kpis: '[]',
      strategies_tr: '[]',
      responsible_role: null,
      question_tr: null,
    });
  });

  it('gives a stage its target with its window, and a benchmark with its source and year', () => {
    expect(tables.lifecycle_stages[1]).toMatchObject({
      hold_days: 30,
      target_rate: 0.25,
      within_days: 14,
      target_source: 'project',
      benchmark_rate: 0.2,
      benchmark_source: 'Someone (2023)',
      parent_stage_id: null,
      parent_label_tr: null,
    });
  });

  it('gives a stage its parent, role, texts and lists, and no target where it has none', () => {
    expect(tables.lifecycle_stages[2]).toEqual({
      lifecycle_id: 'shop',
      stage_id: 'buyer',
      stage_rank: 2,
      label_tr: 'Alıcı',
      label_en: 'Buyer',
      parent_stage_id: 'visitor',
      parent_label_tr: 'Ziyaretçi',
      parent_label_en: 'Visitor',
      category: 'customer',
      phase: 'value_creation',
      hold_days: null,
      target_rate: null,
      within_days: 30,
      target_source: null,
      benchmark_rate: null,
      benchmark_source: null,
      responsible_role: 'sales',
      supporting_roles: '["marketing","customer_service"]',
      question_tr: 'Kim alıyor?',
      question_en: 'Who buys?',
      customer_goal_tr: 'Almak',
      customer_goal_en: 'Buy',
      channels: '["web"]',
      marketing_channels: '["email","paid_search"]',
      strategies_tr: '["Bir","İki"]',
      strategies_en: '["One","Two"]',
      kpis: '["orders","visits"]',
    });
  });
});

describe('the tables of rules', () => {
  it('number the rules of a stage, and its leaves apart', () => {
    const of = { lifecycle_id: 'shop', stage_id: 'buyer', stage_rank: 2 };
    const plain = { at_least: 1, count_by: 'touchpoints', within_days: null, has_after: false };

    expect(tables.stage_rules).toEqual([
      {
        rule_id: 'shop.visitor.1',
        ...of,
        stage_id: 'visitor',
        stage_rank: 1,
        rule_number: 1,
        rule_kind: 'enter',
        ...plain,
      },
      {
        rule_id: 'shop.buyer.1',
        ...of,
        rule_number: 1,
        rule_kind: 'enter',
        at_least: 2,
        count_by: 'days',
        within_days: 365,
        has_after: false,
      },
      { rule_id: 'shop.buyer.2', ...of, rule_number: 2, rule_kind: 'enter', ...plain, has_after: true },
      { rule_id: 'shop.buyer.leave.1', ...of, rule_number: 1, rule_kind: 'leave', ...plain },
      { rule_id: 'shop.buyer.leave.2', ...of, rule_number: 2, rule_kind: 'leave', ...plain },
    ]);
  });

  it('list the events and channels of each matcher', () => {
    expect(tables.stage_rule_events).toEqual([
      { rule_id: 'shop.visitor.1', matcher: 'self', event: '*' },
      { rule_id: 'shop.buyer.1', matcher: 'self', event: 'order_completed' },
      { rule_id: 'shop.buyer.2', matcher: 'self', event: 'trial_started' },
      { rule_id: 'shop.buyer.2', matcher: 'self', event: 'demo_requested' },
      { rule_id: 'shop.buyer.2', matcher: 'after', event: 'lead_created' },
      { rule_id: 'shop.buyer.leave.1', matcher: 'self', event: 'account_closed' },
      { rule_id: 'shop.buyer.leave.2', matcher: 'self', event: 'contract_ended' },
    ]);
    expect(tables.stage_rule_channels).toEqual([
      { rule_id: 'shop.visitor.1', matcher: 'self', channel: 'web' },
      { rule_id: 'shop.visitor.1', matcher: 'self', channel: 'store' },
      { rule_id: 'shop.buyer.2', matcher: 'after', channel: 'mobile' },
      { rule_id: 'shop.buyer.leave.2', matcher: 'self', channel: 'web' },
    ]);
  });

  it('make each operator a test of its own, and each value of a list a row', () => {
    const listed = { ...textTest('shop.buyer.2', 'self', 1), property: 'plan', operator: 'in' };

    expect(tables.stage_rule_tests).toEqual([
      { ...listed, value_text: 'a' },
      { ...listed, value_text: '2' },
      numberTest('plan', 'in', 1, 2),
      { ...listed, value_text: 'true' },
      numberTest('score', 'ne', 2, 7),
      numberTest('score', 'gte', 3, 0.5),
      numberTest('score', 'lte', 4, 9),
      { ...textTest('shop.buyer.2', 'after', 1), property: 'note', operator: 'exists', value_text: 'false' },
      { ...textTest('shop.buyer.leave.1', 'self', 1), property: 'coupon', operator: 'eq', value_text: '' },
    ]);
  });
});
