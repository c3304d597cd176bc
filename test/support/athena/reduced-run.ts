import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Catalogue } from '../../../functions/core/catalogue.ts';
import { ulid } from '../../../functions/core/identifiers.ts';
import { readModelDefinition } from '../../../functions/core/model-definition.ts';
import { engineOf } from '../../../functions/local/engines.ts';
import type { Home } from '../../../functions/local/home.ts';
import { type FinishedRun, runPipeline } from '../../../functions/use-cases/run-pipeline.ts';

/** Marts of the program with what they read: enough to have tables, views, audits and more than one view to switch. */
const MODELS = [
  'stg_repeated_rows',
  'stg_touchpoints',
  'stg_kept_facts',
  'stg_fx_rates',
  'spend',
  'ingest_ledger',
];

/** A mart that is parted by month, as a large one is. */
const monthsDefinition = `
model: touchpoint_times
description: Touchpoints as received, by month.
grain: [touchpoint_id]
partition: { by: month, of: occurred_at }
columns:
  touchpoint_id: { type: varchar, checks: [not_null] }
  occurred_at: { type: timestamp }
  event: { type: varchar }
`;

export const reducedMarts = ['ingest_ledger', 'spend', 'touchpoint_times'] as const;

export async function reducedCatalogue(home: Home): Promise<Catalogue> {
  const catalogue = await home.catalogue();
  const file = join('sql', 'marts', 'touchpoint_times.sql');
  const own = {
    name: 'touchpoint_times',
    layer: 'marts' as const,
    file,
    sql: "select touchpoint_id, occurred_at, event from raw_touchpoints where kind = 'touchpoint'",
    definition: readModelDefinition(monthsDefinition, file),
  };
  return {
    ...catalogue,
    models: [...catalogue.models.filter(({ name }) => MODELS.includes(name)), own],
    kpis: [],
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
