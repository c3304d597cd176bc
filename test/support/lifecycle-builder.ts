import type { LifecycleVocabulary } from '../../functions/core/lifecycle-issue.ts';
import type { Lifecycle, LifecycleTemplate } from '../../functions/core/lifecycle-template.ts';
import { readLifecycle } from '../../functions/core/read-lifecycle.ts';

/** A few names of each kind, as sql/ has them. */
export const smallVocabulary: LifecycleVocabulary = {
  kpis: ['visits', 'orders', 'nps'],
  roles: ['marketing', 'sales', 'customer_service'],
  categories: ['lead', 'customer', 'retained', 'advocate'],
  phases: ['value_creation', 'value_expansion'],
  channels: ['web', 'mobile', 'store'],
  marketingChannels: ['email', 'paid_search'],
};

/** A stage in YAML's flow form: only what every stage must say, and what the test adds. */
export const stageText = (id: string, keys = 'enter: { event: page_viewed }'): string =>
  `{ id: ${id}, label: { tr: ${id}, en: ${id} }, category: customer, phase: value_creation, ${keys} }`;

/** A template of these stages. */
export const templateText = (stages: readonly string[], head = ''): string =>
  `lifecycle: shop\nlabel: { tr: Dükkân, en: Shop }\n${head}stages:\n${stages.map((stage) => `  - ${stage}\n`).join('')}`;

export function readSmall(text: string, builtIn?: LifecycleTemplate): Lifecycle {
  return readLifecycle(text, 'shop.yml', { vocabulary: smallVocabulary, origin: 'project', builtIn });
}
