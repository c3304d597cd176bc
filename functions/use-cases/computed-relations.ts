import type { Warehouse, WarehouseRow } from '../ports/warehouse.ts';

/** Computes the rows of a relation from others, which are built by then. */
export type ComputedRelation = (warehouse: Warehouse) => Promise<readonly WarehouseRow[]>;

/**
 * Relations of `sql/inputs` that say `computed_from`: what no select can say, on few rows that selects have prepared, for
 * selects that go on. Loaded when a run comes to them, because nothing else needs the special functions.
 */
export const computedRelations: Readonly<Record<string, ComputedRelation>> = {
  value_model_parameters: async (warehouse) =>
    (await import('./compute-value-models.ts')).valueModelParameters(warehouse),
  value_model_expectations: async (warehouse) =>
    (await import('./compute-value-models.ts')).valueModelExpectations(warehouse),
};
