import { z } from 'zod';
import { ModelError } from './errors.ts';
import { readYaml } from './read-yaml.ts';

/** Types that mean the same on both engines. */
export const columnTypes = [
  'varchar',
  'date',
  'timestamp',
  'bigint',
  'integer',
  'double',
  'boolean',
  'decimal(18,2)',
  'decimal(18,4)',
  'decimal(18,8)',
  'decimal(38,2)',
  'decimal(38,10)',
] as const;
export type ColumnDataType = (typeof columnTypes)[number];

const ColumnCheck = z.union([
  z.enum(['not_null', 'unique']),
  z.strictObject({ accepted: z.array(z.union([z.string(), z.number(), z.boolean()])) }),
  z.strictObject({ relationship: z.string().regex(/^[a-z_]+\.[a-z_]+$/, { error: 'say relation.column' }) }),
]);
export type ColumnCheck = z.infer<typeof ColumnCheck>;

const ModelColumn = z.strictObject({
  type: z.enum(columnTypes),
  description: z.string().default(''),
  checks: z.array(ColumnCheck).default([]),
});

const Rows = z.array(z.record(z.string(), z.unknown()));

const ModelCheck = z.strictObject({
  name: z.string(),
  sql: z.string(),
  severity: z.enum(['block', 'warn']).default('block'),
});
export type ModelCheck = z.infer<typeof ModelCheck>;

const ModelCase = z.strictObject({
  name: z.string(),
  given: z.record(z.string(), Rows).default({}),
  /** A middle step of the model to look at instead of its `final`. */
  cte: z.string().optional(),
  expect: Rows,
});
export type ModelCase = z.infer<typeof ModelCase>;

/** How a stored table is cut into partitions: by the UTC month of a time, as text such as 2026-07. */
const TablePartition = z.strictObject({ by: z.literal('month'), of: z.string() });
export type TablePartition = z.infer<typeof TablePartition>;

/** The YAML beside a model: what the table means, and how it is checked. */
export const ModelDefinition = z.strictObject({
  model: z.string().regex(/^[a-z][a-z0-9_]*$/),
  description: z.string(),
  /** What makes a row unique; empty where nothing in it does, as among thin copies of other rows. */
  grain: z.array(z.string()),
  filters: z.string().default(''),
  logic: z.string().default(''),
  recompute: z.enum(['customer', 'all']).default('all'),
  /** `view`: never stored, read through by the models after it. */
  materialise: z.enum(['table', 'view']).default('table'),
  /** Of a mart so large that readers filter it by time: where the engine stores partitions. */
  partition: TablePartition.optional(),
  columns: z.record(z.string(), ModelColumn),
  checks: z.array(ModelCheck).default([]),
  cases: z.array(ModelCase).default([]),
});
export type ModelDefinition = z.infer<typeof ModelDefinition>;

/** A relation that models read and no model makes: the lake's zones, parameters, seeds. */
export const InputDefinition = z.strictObject({
  input: z.string(),
  description: z.string(),
  /** What a step of the run reads to compute it; without it, its rows are there before the run begins. */
  computed_from: z.array(z.string()).default([]),
  columns: z.record(
    z.string(),
    z.strictObject({ type: z.enum(columnTypes), description: z.string().default('') }),
  ),
});
export type InputDefinition = z.infer<typeof InputDefinition>;

export const modelLayers = ['staging', 'intermediate', 'marts', 'kpis'] as const;
export type ModelLayer = (typeof modelLayers)[number];

/** A model as an engine sees it. */
export interface ModelText {
  readonly name: string;
  /** Path from the project's root, for messages. */
  readonly file: string;
  readonly sql: string;
}

export interface Model extends ModelText {
  readonly layer: ModelLayer;
  readonly definition: ModelDefinition;
}

const problem = (message: string, hint: string): ModelError => new ModelError(message, hint);

export function readModelDefinition(text: string, file: string): ModelDefinition {
  return readYaml(text, file, ModelDefinition, problem);
}

export function readInputDefinition(text: string, file: string): InputDefinition {
  return readYaml(text, file, InputDefinition, problem);
}

/** The same model with another CTE as its result: the fixed last line is the contract that makes this possible. */
export function withResultOf(sql: string, cte: string): string {
  return sql.trimEnd().replace(/select \* from final\s*$/, `select * from ${cte}`);
}
