import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import type { Catalogue } from '../../functions/core/catalogue.ts';
import type { Configuration } from '../../functions/core/configuration.ts';
import { type GraphNode, selectModels } from '../../functions/core/model-graph.ts';
import { kpiNode, readGraph } from '../../functions/use-cases/build-relations.ts';
import { withModels } from './reduced-catalogue.ts';

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
  const graph = await graphOf(catalogue);
  const models = new Set(catalogue.models.map(({ name }) => name));
  // kpi_results would bring every KPI, and with them every model
  const nodes = graph.filter(({ name }) => models.has(name));
  const kept = new Set(coreMarts.flatMap((mart) => [...selectModels(`+${mart}`, nodes)]));
  const reads = new Map(graph.map(({ name, dependsOn }) => [name, dependsOn]));
  const isThere = (name: string): boolean => kept.has(name) || !models.has(name);
  return {
    ...withModels(
      catalogue,
      catalogue.models.filter(({ name }) => kept.has(name)),
    ),
    kpis: catalogue.kpis.filter(({ definition }) => reads.get(kpiNode(definition.kpi))?.every(isThere)),
  };
}

async function graphOf(catalogue: Catalogue): Promise<readonly GraphNode[]> {
  const settings = { memoryLimit: '256MB', threads: 1, temporaryDirectory: '' };
  const warehouse = await DuckdbWarehouse.open(settings, 'core-catalogue');
  try {
    return await readGraph(warehouse, catalogue);
  } finally {
    warehouse.close();
  }
}
