import { loadKpis, loadModels } from '../../functions/adapters/model-files.ts';
import { checksOf } from '../../functions/core/model-checks.ts';
import { lifecyclesSql } from '../../functions/core/views/lifecycles.ts';
import { lifecycleViewSources, viewSources } from '../../functions/use-cases/publish-snapshot.ts';

export interface WrittenSelect {
  readonly file: string;
  /** Of a file with several, which one. */
  readonly name: string;
  readonly sql: string;
}

const label = { tr: 'l', en: 'l' };
const lifecycle = { id: 'l', version: 1, label, stages: [{ id: 's', label, order: 1 }] };

/** The views of the pages, those of lifecycles made for one. */
export function viewSelects(): readonly WrittenSelect[] {
  const sources = [...viewSources, ...lifecycleViewSources.map((make) => make(lifecycle))];
  const selects = [
    ...sources.map(({ id, sql }) => [id, sql] as const),
    ['lifecycles', lifecyclesSql] as const,
  ];
  return selects.map(([name, sql]) => ({ file: 'functions/core/views', name, sql }));
}

/** Every select that a run sends to its engine: models, KPIs, checks, views of the pages. */
export async function writtenSelects(): Promise<readonly WrittenSelect[]> {
  const [models, kpis] = await Promise.all([loadModels(), loadKpis()]);
  const checks = models.flatMap((model) =>
    checksOf(model).map(({ name, sql }) => ({ file: model.file.replace(/\.sql$/, '.yml'), name, sql })),
  );
  return [
    ...models.map(({ file, name, sql }) => ({ file, name, sql })),
    ...kpis.map(({ file, definition, sql }) => ({ file, name: definition.kpi, sql })),
    ...checks,
    ...viewSelects(),
  ];
}
