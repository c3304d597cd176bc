import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import type { Model } from '../../functions/core/model-definition.ts';
import { type CaseWarehouse, duckdbCases } from '../support/case-engines.ts';
import { lifecycleMutations, type Mutation } from '../support/lifecycle-mutations.ts';
import { loadColumnsOf, runCase } from '../support/model-cases.ts';

const models = await loadModels();
const columnsOf = await loadColumnsOf();

function mutated({ model: name, from, to }: Mutation): Model {
  const model = models.find((candidate) => candidate.name === name);
  const parts = model?.sql.split(from) ?? [];
  if (model === undefined || parts.length !== 2)
    throw new Error(`"${from}" is ${parts.length - 1} times in ${name}: it must be there once`);
  return { ...model, sql: parts.join(to) };
}

const titled = lifecycleMutations.map((mutation) => ({
  ...mutation,
  title: `${mutation.model}: ${mutation.from.trim()} -> ${mutation.to.trim() || 'nothing'}`.replace(
    /\s+/g,
    ' ',
  ),
}));

/** Every fault that is planted here is noticed by a case of the model that it is planted in. */
describe('a fault in a lifecycle model', () => {
  let opened: CaseWarehouse;

  beforeAll(async () => {
    opened = await duckdbCases.open();
  });

  afterAll(() => opened.close());

  it.for(titled)('$title', async (mutation, { annotate }) => {
    const { sql, definition } = mutated(mutation);

    const caught: string[] = [];
    for (const { name, given, expect: rows, cte } of definition.cases) {
      const difference = await runCase(opened.warehouse, { sql, given, expect: rows, cte }, columnsOf).catch(
        String,
      );
      if (difference !== undefined) caught.push(`${name}: ${difference}`);
    }

    // a fault that no engine would run is no fault that somebody could overlook
    expect(caught.filter((text) => /syntax error|Binder Error|Catalog Error/.test(text))).toEqual([]);
    expect(caught).not.toEqual([]);
    await annotate(`noticed by ${caught[0]?.split('\n')[0]}`);
  });
});
