import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlFolder } from '../../functions/adapters/project-files.ts';
import { modelLayers } from '../../functions/core/model-definition.ts';
import { lifecyclesSql } from '../../functions/core/views/lifecycles.ts';
import { lifecycleViewSources, viewSources } from '../../functions/use-cases/publish-snapshot.ts';
import { denials, denialsIn, strippedSql } from '../support/deny-list.ts';

async function modelFiles(): Promise<readonly string[]> {
  const folders = await Promise.all(
    modelLayers.map(async (layer) =>
      (await readdir(join(sqlFolder, layer))).map((file) => `${layer}/${file}`),
    ),
  );
  return folders.flat().filter((file) => file.endsWith('.sql'));
}

describe.each(denials)('the deny-list: $name', (denial) => {
  const namesIn = (sql: string) => denialsIn(sql).filter((text) => text.startsWith(`${denial.name}: `));

  it('catches its example', () => {
    expect(namesIn(denial.example)).toHaveLength(1);
  });

  it('lets pass what only looks like it', () => {
    expect(namesIn(denial.allowed)).toEqual([]);
  });
});

describe('strippedSql', () => {
  it('leaves out comments and texts, and keeps what stands around them', () => {
    const sql = "select 'a -- b', \"C d\" -- now()\n/* ilike */ from T where x = 'it''s'";

    expect(strippedSql(sql)).toBe("select '', \"quoted\"  \n  from t where x = ''");
  });
});

describe('models', async () => {
  const files = await modelFiles();

  it('are found in every layer', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it.each(files)('%s holds nothing that the engines read differently', async (file) => {
    expect(denialsIn(await readFile(join(sqlFolder, file), 'utf8'))).toEqual([]);
  });
});

describe('views', () => {
  const label = { tr: 'l', en: 'l' };
  const lifecycle = { id: 'l', version: 1, label, stages: [{ id: 's', label, order: 1 }] };
  const ofLifecycle = lifecycleViewSources.map((make) => make(lifecycle));
  const selects = [...viewSources, ...ofLifecycle].map(({ id, sql }) => [id, sql] as const);

  it.each([...selects, ['lifecycles', lifecyclesSql] as const])(
    '%s holds nothing that the engines read differently',
    (_id, sql) => {
      expect(denialsIn(sql)).toEqual([]);
    },
  );
});
