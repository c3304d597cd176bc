import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadInputs } from '../../../functions/adapters/model-files.ts';
import { loadFacts, sqlFolder } from '../../../functions/adapters/project-files.ts';
import type { Catalogue } from '../../../functions/core/catalogue.ts';
import { ulid } from '../../../functions/core/identifiers.ts';
import { type Model, readModelDefinition } from '../../../functions/core/model-definition.ts';
import { engineOf } from '../../../functions/local/engines.ts';
import type { Home } from '../../../functions/local/home.ts';
import { type FinishedRun, runPipeline } from '../../../functions/use-cases/run-pipeline.ts';
import { withModels } from '../reduced-catalogue.ts';

/** Of the program's own: a mart that joins, and what it reads. */
const OWN = [
  ['staging', 'stg_fx_rates'],
  ['marts', 'spend'],
] as const;

/** A mart that is parted by month, as a large one is, and one that counts: so there is more than one view to switch. */
const MORE = [
  {
    sql: "select touchpoint_id, occurred_at, event from raw_touchpoints where kind = 'touchpoint'",
    yaml: `
model: touchpoint_times
description: Touchpoints as received, by month.
grain: [touchpoint_id]
partition: { by: month, of: occurred_at }
columns:
  touchpoint_id: { type: varchar, checks: [not_null] }
  occurred_at: { type: timestamp }
  event: { type: varchar }
`,
  },
  {
    sql: 'select source, count(*) as count_items from raw_items group by 1',
    yaml: `
model: items_received
description: Items by source.
grain: [source]
columns:
  source: { type: varchar, checks: [unique] }
  count_items: { type: bigint }
`,
  },
] as const;

export const reducedMarts = ['items_received', 'spend', 'touchpoint_times'] as const;

/** Few relations, and files: a process of its own begins with them in no time. */
export async function reducedCatalogue(): Promise<Catalogue> {
  const own = OWN.map(async ([layer, name]): Promise<Model> => {
    const path = join(sqlFolder, layer, name);
    const file = `sql/${layer}/${name}.sql`;
    const [sql, yaml] = await Promise.all([readFile(`${path}.sql`, 'utf8'), readFile(`${path}.yml`, 'utf8')]);
    return { name, layer, file, sql: sql.trim(), definition: readModelDefinition(yaml, file) };
  });
  const more = MORE.map(({ sql, yaml }): Model => {
    const definition = readModelDefinition(yaml, 'reduced-run.ts');
    const file = `sql/marts/${definition.model}.sql`;
    return { name: definition.model, layer: 'marts', file, sql, definition };
  });
  const { spend, fx_rates } = await loadFacts();
  const models = [...(await Promise.all(own)), ...more];
  return {
    ...withModels({ models, inputs: await loadInputs() }, models),
    kpis: [],
    facts: { ...(spend && { spend }), ...(fx_rates && { fx_rates }) },
    lifecycles: [],
    seeds: {},
  };
}

/** All that `dongu run --engine athena` does but for the pages, over few models. */
export async function reducedRun(home: Home, catalogue: Catalogue): Promise<FinishedRun> {
  return home.exclusively(async () => {
    const { prepare, tidy, store, openBuild } = await engineOf(home, 'athena');
    await prepare();
    const runId = ulid(home.clock.now(), () => randomInt(32));
    const { configuration, clock, telemetry } = home;
    const asOf = new Date('2026-02-01T00:00:00Z');
    const run = await home.underLease(store, (lease) =>
      runPipeline(
        { runId, asOf, select: undefined, catalogue, configuration },
        { store, clock, telemetry, lease, openBuild },
        async () => {},
      ),
    );
    await tidy();
    return run;
  });
}
