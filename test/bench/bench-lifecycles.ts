import { loadLifecycleVocabulary } from '../../functions/adapters/lifecycle-files.ts';
import type { Lifecycle } from '../../functions/core/lifecycle-template.ts';
import { readLifecycle } from '../../functions/core/read-lifecycle.ts';

const stage = (id: string, rules: string, target = 'null') => `
  - id: ${id}
    label: { tr: ${id}, en: ${id} }
    category: customer
    phase: value_creation
    enter: ${rules}
    target: ${target}`;

const target = '{ advance_rate: 0.3, within_days: 30 }';

/** Five stages and seven rules over the bench lake: windows of touchpoints and of days, a JSON condition, channels, an `after`. */
const benchText = (id: string) => `
lifecycle: ${id}
label: { tr: ${id}, en: ${id} }
policy: furthest
stages:
${stage(
  'reach',
  '[{ event: [page_viewed, products_searched] }, { event: email_link_clicked, channel: [web, email] }]',
  target,
)}
    hold_days: 90
${stage(
  'interest',
  '[{ event: product_viewed, at_least: 2, within_days: 14 }, { event: product_viewed, where: { property: price, gte: 500 } }]',
  target,
)}
    hold_days: 90
${stage('purchase', '[{ event: order_completed }]', target)}
    hold_days: 365
${stage('retention', '[{ event: order_completed, at_least: 2, count: days, within_days: 365 }]', target)}
    hold_days: 365
${stage('advocacy', '[{ event: email_link_clicked, after: { event: order_completed } }]')}
    hold_days: 365
`;

export async function benchLifecycle(id: string): Promise<Lifecycle> {
  return readLifecycle(benchText(id), `${id}.yml`, {
    vocabulary: await loadLifecycleVocabulary(),
    origin: 'project',
  });
}
