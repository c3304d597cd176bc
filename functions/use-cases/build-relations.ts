import type { Catalogue } from '../core/catalogue.ts';
import { DonguError, errorText, ModelError } from '../core/errors.ts';
import { type Kpi, kpiColumns } from '../core/kpi-definition.ts';
import { type Check, checksOf } from '../core/model-checks.ts';
import { buildOrder, type GraphNode, selectModels } from '../core/model-graph.ts';
import type { CheckReport, ModelReport } from '../core/run-report.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { BuiltTable, Warehouse } from '../ports/warehouse.ts';
import { inputColumns } from './prepare-inputs.ts';

/** The relation that collects the rows of every KPI select. */
const KPI_RESULTS = 'kpi_results';
const kpiNode = (id: string) => `kpi:${id}`;

/** What reads what, models and KPIs alike, from their SQL. */
export async function readGraph(warehouse: Warehouse, catalogue: Catalogue): Promise<readonly GraphNode[]> {
  const nodes: GraphNode[] = [];
  for (const model of catalogue.models) {
    nodes.push({
      name: model.name,
      file: model.file,
      dependsOn: await dependenciesOf(warehouse, model.sql, model.file),
    });
  }
  for (const kpi of catalogue.kpis) {
    nodes.push({
      name: kpiNode(kpi.definition.kpi),
      file: kpi.file,
      dependsOn: await dependenciesOf(warehouse, kpi.sql, kpi.file),
    });
  }
  const results = catalogue.kpis.map((kpi) => kpiNode(kpi.definition.kpi));
  return [...nodes, { name: KPI_RESULTS, file: 'sql/kpis', dependsOn: results }];
}

async function dependenciesOf(warehouse: Warehouse, sql: string, file: string): Promise<readonly string[]> {
  try {
    return await warehouse.dependencies(sql);
  } catch (error) {
    throw new ModelError(`${file}: ${errorText(error)}`, 'Mend the SQL at that line.', { cause: error });
  }
}

export interface BuildResult {
  readonly models: readonly ModelReport[];
  readonly checks: readonly CheckReport[];
}

/** Builds every model in order, or the selected ones with what they read, and runs the checks of each. */
export async function buildRelations(
  warehouse: Warehouse,
  catalogue: Catalogue,
  select: string | undefined,
  telemetry: Telemetry,
): Promise<BuildResult> {
  const graph = await readGraph(warehouse, catalogue);
  const inputs = Object.keys(inputColumns(catalogue)).filter((name) => name !== KPI_RESULTS);
  const wanted = select === undefined ? undefined : withUpstream(selectModels(select, graph), graph);
  const order = buildOrder(graph, inputs).filter((name) => wanted?.has(name) ?? true);
  const models: ModelReport[] = [];
  for (const [index, name] of order.entries()) {
    telemetry.step(`model ${index + 1}/${order.length} ${name}`);
    const report = await buildOne(warehouse, catalogue, name);
    if (report) {
      models.push(report);
    }
  }
  telemetry.step('audits');
  const checks = catalogue.models.filter((model) => order.includes(model.name)).flatMap(checksOf);
  return {
    models,
    checks: await runChecks(warehouse, checks, new Set([...inputs, ...order, KPI_RESULTS]), models),
  };
}

function withUpstream(selected: ReadonlySet<string>, graph: readonly GraphNode[]): ReadonlySet<string> {
  return new Set([...selected].flatMap((name) => [...selectModels(`+${name}`, graph)]));
}

async function buildOne(
  warehouse: Warehouse,
  catalogue: Catalogue,
  name: string,
): Promise<ModelReport | undefined> {
  const started = performance.now();
  const cpuBefore = warehouse.cpuSeconds();
  const report = ({ rows, bytes }: BuiltTable): ModelReport => ({
    model: name,
    rows,
    bytes,
    milliseconds: Math.round(performance.now() - started),
    cpuSeconds: Math.round((warehouse.cpuSeconds() - cpuBefore) * 1000) / 1000,
  });
  const kpi = catalogue.kpis.find(({ definition }) => kpiNode(definition.kpi) === name);
  if (kpi) {
    await located(kpi.file, () => warehouse.insertInto(KPI_RESULTS, kpiInsert(kpi)));
    return report({ rows: 0, bytes: undefined });
  }
  const model = catalogue.models.find((candidate) => candidate.name === name);
  if (!model) {
    return undefined;
  }
  if (model.definition.materialise === 'view') {
    await located(model.file, () => warehouse.createView(name, model.sql));
    return report({ rows: 0, bytes: undefined });
  }
  const built = await located(model.file, () =>
    warehouse.replaceTable(name, model.sql, model.layer === 'marts'),
  );
  return report(built);
}

/** The rows of one KPI as `kpi_results` takes them; without a lifecycle where none is meant. */
function kpiInsert({ definition, sql }: Kpi): string {
  const lifecycle = definition.per_lifecycle ? 'lifecycle_id' : 'cast(null as varchar)';
  const columns = Object.keys(kpiColumns).join(', ');
  return `select '${definition.kpi}' as kpi_id, ${lifecycle} as lifecycle_id, ${columns} from (${sql}\n) as kpi`;
}

/** Says the model's file and line in front of what the engine complains of. */
async function located<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DonguError) {
      throw error;
    }
    const text = errorText(error);
    const line = /LINE (\d+):/.exec(text)?.[1];
    throw new ModelError(
      `${file}${line ? `: line ${line}` : ''}: ${text.split('\n')[0] ?? ''}`,
      'Mend the model; what was published before stays as it is.',
      { cause: error },
    );
  }
}

/** Offending rows kept of a failed check: a few show what is wrong. A warning's are a list to work through. */
const SHOWN_ROWS = { block: 5, warn: 200 } as const;

/** A check of relations that a `--select` left out is not run; one of an empty relation is not applicable. */
async function runChecks(
  warehouse: Warehouse,
  checks: readonly Check[],
  built: ReadonlySet<string>,
  models: readonly ModelReport[],
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  const rowsOf = new Map(models.map((model) => [model.model, model.rows]));
  for (const check of checks) {
    const place = `check "${check.name}" of ${check.model}`;
    const read = await dependenciesOf(warehouse, check.sql, place);
    if (!read.every((name) => built.has(name))) {
      continue;
    }
    const rows = await located(place, () =>
      warehouse.rows(`select * from (${check.sql}\n) as offending limit ${SHOWN_ROWS[check.severity]}`),
    );
    const isEmpty = rows.length === 0 && rowsOf.get(check.model) === 0;
    const status =
      rows.length > 0 ? (check.severity === 'block' ? 'fail' : 'warn') : isEmpty ? 'not applicable' : 'pass';
    reports.push({ model: check.model, check: check.name, status, offending: rows });
  }
  return reports;
}
