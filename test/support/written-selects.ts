import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

const useCases = 'functions/use-cases';

/** The selects that stand in the text of a use case, `x` for what is put into them: good for looking at, not for running. */
export async function selectsInUseCases(): Promise<readonly WrittenSelect[]> {
  const files = (await readdir(useCases)).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(useCases, file), 'utf8')));
  return texts.flatMap((text, index) => {
    const selects = text.matchAll(/[`']\s*((?:select|with)\b[^`]*?)[`'](?=[,;)\n])/g);
    return [...selects].map(([, sql = '']) => ({
      file: `${useCases}/${files[index] ?? ''}`,
      name: sql.slice(0, 40).replace(/\s+/g, ' '),
      sql: sql.replace(/\$\{[^}]*\}/g, 'x'),
    }));
  });
}
