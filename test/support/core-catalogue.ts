import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import type { Catalogue } from '../../functions/core/catalogue.ts';
import type { Configuration } from '../../functions/core/configuration.ts';
import { readGraph } from '../../functions/use-cases/build-relations.ts';

/** What the executive page and the lifecycles stand on. */
const coreMarts = [
  'touchpoints',
  'customer_identifiers',
  'customers',
  'orders',
  'cohort_retention',
  'activity_lifecycle',
  'rfm_segments',
  'stage_memberships',
  'stage_transitions',
  'stage_occupancy',
  'stage_flows',
  'stage_dropoffs',
  'stage_touchpoints',
  'spend',
  'kpi_values',
  'ingest_ledger',
];

/**
 * The catalogue cut to the core marts, with what they read and the KPIs that read no more: for tests that build some
 * hundred times and look at no mart beyond it, so that a new family of models does not make each of their builds longer.
 */
export async function coreCatalogue(configuration?: Configuration): Promise<Catalogue> {
  const catalogue = await loadCatalogue(configuration);
  const reads = await dependencies(catalogue);
  const kept = new Set<string>();
  const keep = (name: string): void => {
    if (kept.has(name)) return;
    kept.add(name);
    for (const read of reads.get(name) ?? []) if (read !== 'kpi_results') keep(read);
  };
  for (const mart of coreMarts) keep(mart);
  const models = catalogue.models.filter(({ name }) => kept.has(name));
  const names = new Set(catalogue.models.map(({ name }) => name));
  const isThere = (name: string): boolean => kept.has(name) || !names.has(name);
  const inputs = catalogue.inputs.filter(({ computed_from }) => computed_from.every(isThere));
  const kpis = catalogue.kpis.filter(({ definition }) =>
    (reads.get(`kpi:${definition.kpi}`) ?? []).every(isThere),
  );
  return { ...catalogue, models, kpis, inputs };
}

async function dependencies(catalogue: Catalogue): Promise<ReadonlyMap<string, readonly string[]>> {
  const warehouse = await DuckdbWarehouse.open(
    { memoryLimit: '256MB', threads: 1, temporaryDirectory: '' },
    'core-catalogue',
  );
  try {
    const graph = await readGraph(warehouse, catalogue);
    return new Map(graph.map(({ name, dependsOn }) => [name, dependsOn]));
  } finally {
    warehouse.close();
  }
}
