import type { Lifecycle } from '../../functions/core/lifecycle-template.ts';
import { readLifecycleTemplate } from '../../functions/core/read-lifecycle.ts';

/** Five stages and seven rules over the bench lake: windows of touchpoints and of days, a JSON condition, channels, an `after`. */
function benchTemplate(id: string): string {
  const describe = (name: string) => `
    label: { tr: ${name}, en: ${name} }
    category: customer
    phase: value_creation
    role: { responsible: marketing, supporting: [] }
    question: { tr: ${name}, en: ${name} }
    customer_goal: { tr: ${name}, en: ${name} }
    channels: [web]
    marketing_channels: [email]
    strategies: []
    kpis: []
    benchmark: none`;
  return `
lifecycle: ${id}
version: 1
label: { tr: ${id}, en: ${id} }
sector: null
policy: furthest
stages:
  - id: reach${describe('reach')}
    enter:
      - event: [page_viewed, products_searched]
      - event: email_link_clicked
        channel: [web, email]
    hold_days: 90
    target: { advance_rate: 0.3, within_days: 30 }
  - id: interest${describe('interest')}
    enter:
      - event: product_viewed
        at_least: 2
        within_days: 14
      - event: product_viewed
        where: { property: price, gte: 500 }
    hold_days: 90
    target: { advance_rate: 0.3, within_days: 30 }
  - id: purchase${describe('purchase')}
    enter:
      - event: order_completed
    hold_days: 365
    target: { advance_rate: 0.3, within_days: 90 }
  - id: retention${describe('retention')}
    enter:
      - event: order_completed
        at_least: 2
        count: days
        within_days: 365
    hold_days: 365
    target: { advance_rate: 0.3, within_days: 90 }
  - id: advocacy${describe('advocacy')}
    enter:
      - event: email_link_clicked
        after: { event: order_completed }
    hold_days: 365
    target: null
`;
}

export function benchLifecycle(id: string): Lifecycle {
  return {
    template: readLifecycleTemplate(benchTemplate(id), `${id}.yml`),
    file: `${id}.yml`,
    origin: 'built-in',
    parentLabels: {},
    ownTargets: [],
  };
}
