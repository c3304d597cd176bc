import { expect, it } from 'vitest';
import { checksOf } from '../../../functions/core/model-checks.ts';
import { readModelDefinition } from '../../../functions/core/model-definition.ts';

function namesOfChecks(keys: string): string[] {
  const definition = readModelDefinition(
    `model: visits\ndescription: Visits.\n${keys}columns: {}\n`,
    'visits.yml',
  );
  const model = { name: 'visits', layer: 'intermediate', file: 'visits.sql', sql: 'select 1' } as const;
  return checksOf({ ...model, definition }).map(({ name }) => name);
}

it('a table has one row of each grain, unless nothing makes its rows unique or it is never stored', () => {
  const grain = 'grain: [customer_id, started_at]\n';

  expect(namesOfChecks(grain)).toEqual(['one row per customer_id, started_at']);
  expect(namesOfChecks('grain: []\n')).toEqual([]);
  expect(namesOfChecks(`${grain}materialise: view\n`)).toEqual([]);
});
