import type { Catalogue } from '../../functions/core/catalogue.ts';

/** The catalogue with these models only: what is computed from others is not there either. */
export function withModels<Cut extends Pick<Catalogue, 'models' | 'inputs'>>(
  catalogue: Cut,
  models: Catalogue['models'],
): Cut {
  const names = new Set(models.map(({ name }) => name));
  const inputs = catalogue.inputs.filter(({ computed_from }) =>
    computed_from.every((name) => names.has(name)),
  );
  return { ...catalogue, models, inputs };
}
