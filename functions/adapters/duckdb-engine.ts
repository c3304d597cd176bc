import type { RunEngine } from '../ports/build.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { openDuckdbBuild, type WarehousePlace } from './duckdb-build.ts';
import type { DuckdbSettings } from './duckdb-connection.ts';
import { DuckdbWarehouse } from './duckdb-warehouse.ts';

/** Builds on this machine, over a lake whose objects are, or can be brought, here. */
export function duckdbEngine(
  store: ObjectStore,
  settings: DuckdbSettings,
  place?: WarehousePlace,
): RunEngine {
  return {
    store,
    openBuild: (id) =>
      openDuckdbBuild(store, id, (runId, path) => DuckdbWarehouse.open(settings, runId, path), place),
    prepare: async () => {},
    tidy: async () => {},
  };
}
