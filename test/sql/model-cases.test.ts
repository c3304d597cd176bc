import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';
import { caseEngines } from '../support/case-engines.ts';
import { loadColumnsOf, runCase } from '../support/model-cases.ts';

const models = await loadModels();
const columnsOf = await loadColumnsOf();

describe.each(caseEngines)('models on $name', (engine) => {
  let warehouse: Warehouse;

  beforeAll(async () => {
    warehouse = await engine.open();
  });

  afterAll(() => warehouse.close());

  for (const model of models) {
    for (const { name, given, expect: rows, cte } of model.definition.cases) {
      it(`${model.name}: ${name}`, async () => {
        const difference = await runCase(warehouse, { sql: model.sql, given, expect: rows, cte }, columnsOf);

        expect(difference).toBeUndefined();
      });
    }
  }
});
