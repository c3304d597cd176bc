import { expect, it } from 'vitest';
import { loadCatalogue, loadKpis, loadModels } from '../../../functions/adapters/model-files.ts';

it('a catalogue has of every model and KPI all but the cases', async () => {
  const [catalogue, models, kpis] = await Promise.all([loadCatalogue(), loadModels(), loadKpis()]);
  const isWithCases = ({ definition }: { definition: { cases: readonly unknown[] } }) =>
    definition.cases.length > 0;
  const without = <T extends { definition: { cases: readonly unknown[] } }>(one: T) => ({
    ...one,
    definition: { ...one.definition, cases: [] },
  });

  expect([...models, ...kpis].filter(isWithCases).length).toBeGreaterThan(100);
  expect(catalogue.models).toEqual(models.map(without));
  expect(catalogue.kpis).toEqual(kpis.map(without));
});
