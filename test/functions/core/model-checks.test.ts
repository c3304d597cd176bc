import { expect, it } from 'vitest';
import { checksOf } from '../../../functions/core/model-checks.ts';
import { readModelDefinition } from '../../../functions/core/model-definition.ts';

function namesOfChecks(more: string): string[] {
  const text = `model: visits\ndescription: Visits.\ngrain: [customer_id, started_at]\n${more}columns: {}\n`;
  const definition = readModelDefinition(text, 'visits.yml');
  const model = { name: 'visits', layer: 'intermediate', file: 'visits.sql', sql: 'select 1' } as const;
  return checksOf({ ...model, definition }).map(({ name }) => name);
}

it('a table has one row of each grain, unless its definition says that rows repeat', () => {
  expect(namesOfChecks('')).toEqual(['one row per customer_id, started_at']);
  expect(namesOfChecks('repeats: true\n')).toEqual([]);
  expect(namesOfChecks('materialise: view\n')).toEqual([]);
});
