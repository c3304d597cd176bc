import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { listLifecycles, loadLifecycleVocabulary } from '../../functions/adapters/lifecycle-files.ts';
import type { LifecycleVocabulary } from '../../functions/core/lifecycle-issue.ts';
import { LifecycleTemplate, operators } from '../../functions/core/lifecycle-template.ts';
import { readLifecycle } from '../../functions/core/read-lifecycle.ts';

const textOf = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const yamlIn = (text: string) =>
  Array.from(text.matchAll(/```yaml\n([\s\S]*?)```/g), ([, yaml = '']) => yaml);

let page: string;
let recipe: string;
let vocabulary: LifecycleVocabulary;

beforeAll(async () => {
  page = await textOf('docs/lifecycles.md');
  recipe = (await textOf('CONTRIBUTING.md')).split('## A new lifecycle')[1]?.split('\n## ')[0] ?? '';
  vocabulary = await loadLifecycleVocabulary();
});

const read = (text: string) => readLifecycle(text, 'example.yml', { vocabulary, origin: 'project' });

describe('docs/lifecycles.md', () => {
  it('shows a whole lifecycle that is taken', () => {
    expect(read(yamlIn(page)[0] ?? '').template.stages.map(({ id }) => id)).toEqual(['visitor', 'buyer']);
  });

  it('shows a split that is taken beside the other stages', async () => {
    const split = yamlIn(page)[1] ?? '';
    const whole = `lifecycle: shop\nlabel: { tr: D, en: S }\nstages:\n${split}`;
    const builtIn = read(await textOf('sql/lifecycles/ecommerce.yml')).template;
    const { parentLabels } = readLifecycle(whole, 'example.yml', { vocabulary, origin: 'project', builtIn });

    expect(parentLabels).toEqual({ retention: { tr: 'Elde tutma', en: 'Retention' } });
  });

  it('describes every key and operator', () => {
    const shape = LifecycleTemplate.shape;
    const stage = shape.stages.element.shape;
    const documented = new Set(Array.from(page.matchAll(/`([a-z_]+)`/g), ([, key]) => key));
    const rule = ['event', 'channel', 'where', 'at_least', 'count', 'within_days', 'after', 'property'];

    for (const key of [...Object.keys(shape), ...Object.keys(stage), ...rule, ...operators]) {
      expect(documented).toContain(key);
    }
  });

  it('lists the built-in lifecycles with their stages', async () => {
    for (const id of await listLifecycles()) {
      const { template } = read(await textOf(`sql/lifecycles/${id}.yml`));
      const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`)) ?? '';

      expect(row).toContain(
        `| ${template.policy} | ${template.stages.map((stage) => stage.id).join(', ')} |`,
      );
    }
  });
});

it('the recipe of CONTRIBUTING.md is a lifecycle that is taken', () => {
  expect(read(yamlIn(recipe)[0] ?? '').template).toMatchObject({ lifecycle: 'subscription_box' });
});
