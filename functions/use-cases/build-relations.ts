import type { Catalogue } from '../core/catalogue.ts';
import { errorText, ModelError } from '../core/errors.ts';
import { type Check, checksOf } from '../core/model-checks.ts';
import type { Model } from '../core/model-definition.ts';
import { buildOrder, type GraphNode, selectModels } from '../core/model-graph.ts';
import { runGraph } from '../core/run-graph.ts';
import type { CheckReport, ModelReport } from '../core/run-report.ts';
import { located, locatedIn } from '../core/statement-error.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { BuiltTable, Columns, TableShape, Warehouse } from '../ports/warehouse.ts';
import { computedRelations } from './computed-relations.ts';
import { type KpiStatement, kpiStatements } from './kpi-statements.ts';
import { inputColumns } from './prepare-inputs.ts';

/** The relation that collects the rows of every KPI select. */
const KPI_RESULTS = 'kpi_results';
/** The name of a KPI in the graph. */
export const kpiNode = (id: string): string => `kpi:${id}`;

/** What reads what: models and KPIs from their SQL, computed relations as their YAML says. */
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
  for (const { input, computed_from } of catalogue.inputs) {
    if (computed_from.length > 0) {
      nodes.push({ name: input, file: `sql/inputs/${input}.yml`, dependsOn: computed_from });
    }
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
  onBuilt: (report: ModelReport) => void = () => {},
): Promise<BuildResult> {
  const graph = await readGraph(warehouse, catalogue);
  const made = new Set([KPI_RESULTS, ...graph.map(({ name }) => name)]);
  const inputs = Object.keys(inputColumns(catalogue)).filter((name) => !made.has(name));
  const wanted = select === undefined ? undefined : withUpstream(selectModels(select, graph), graph);
  const order = buildOrder(graph, inputs).filter((name) => wanted?.has(name) ?? true);
  const models = await buildInOrder(warehouse, catalogue, order, graph, telemetry, onBuilt);
  telemetry.step('audits');
  const checks = catalogue.models
    .filter((model) => order.includes(model.name))
    .flatMap((model) => checksOf(model).map((check) => ({ ...check, place: placeOf(check) })));
  const built = new Set([...inputs, ...order, KPI_RESULTS]);
  const answerable = wanted ? await checksOfRelations(warehouse, checks, built) : checks;
  return { models, checks: await runChecks(warehouse, answerable, models) };
}

/** Independent models side by side where the engine gains from it. The reports are in the order of the graph. */
async function buildInOrder(
  warehouse: Warehouse,
  catalogue: Catalogue,
  order: readonly string[],
  graph: readonly GraphNode[],
  telemetry: Telemetry,
  onBuilt: (report: ModelReport) => void,
): Promise<readonly ModelReport[]> {
  const dependsOn = new Map(graph.map((node) => [node.name, node.dependsOn]));
  const reads = (name: string) => dependsOn.get(name) ?? [];
  const statements = kpiStatements(
    catalogue.kpis.filter(({ definition }) => order.includes(kpiNode(definition.kpi))),
    ({ definition }) => reads(kpiNode(definition.kpi)),
    warehouse.sideBySide > 1,
  );
  const namesOf = ({ kpis }: KpiStatement) => kpis.map(({ definition }) => kpiNode(definition.kpi));
  const statementOf = new Map(statements.map((statement) => [namesOf(statement)[0], statement]));
  // the first KPI of a statement stands for all of it
  const firsts = new Map(
    statements.flatMap((statement) => namesOf(statement).map((name, _, [first = name]) => [name, first])),
  );
  const reports = new Map<string, ModelReport>();
  const tasks = order
    .filter((name) => (firsts.get(name) ?? name) === name)
    .map((name) => ({
      name,
      dependsOn: [...new Set(reads(name).map((other) => firsts.get(other) ?? other))],
    }));
  await runGraph(tasks, warehouse.sideBySide, async ({ name }, index) => {
    telemetry.step(`model ${index + 1}/${tasks.length} ${name}`);
    const statement = statementOf.get(name);
    const report = statement
      ? await buildKpis(warehouse, statement)
      : await buildOne(warehouse, catalogue, name);
    if (report) {
      reports.set(name, report);
      onBuilt(report);
    }
  });
  return order.flatMap((name) => reports.get(name) ?? []);
}

function buildKpis(warehouse: Warehouse, { kpis, sql, texts }: KpiStatement): Promise<ModelReport> {
  const ids = kpis.map(({ definition }) => definition.kpi);
  return timed(warehouse, kpiNode(ids.join(', ')), () =>
    locatedIn(texts, () => warehouse.insertInto(KPI_RESULTS, ids[0] ?? '', sql)),
  );
}

function withUpstream(selected: ReadonlySet<string>, graph: readonly GraphNode[]): ReadonlySet<string> {
  return new Set([...selected].flatMap((name) => [...selectModels(`+${name}`, graph)]));
}

async function buildOne(
  warehouse: Warehouse,
  catalogue: Catalogue,
  name: string,
): Promise<ModelReport | undefined> {
  const columns = inputColumns(catalogue)[name];
  if (columns && name !== KPI_RESULTS) {
    return timed(warehouse, name, () => compute(warehouse, name, columns));
  }
  const model = catalogue.models.find((candidate) => candidate.name === name);
  return model && timed(warehouse, name, () => located(model.file, () => buildModel(warehouse, model)));
}

/** A relation that a step of the program computes from others, between the models that make and those that read them. */
async function compute(warehouse: Warehouse, name: string, columns: Columns): Promise<BuiltTable> {
  const step = computedRelations[name];
  if (!step) {
    throw new ModelError(
      `sql/inputs/${name}.yml: nothing computes it`,
      'Take `computed_from` out, or write the step in functions/use-cases/computed-relations.ts.',
    );
  }
  const rows = await step(warehouse);
  await warehouse.createFromRows(name, columns, rows);
  return { rows: rows.length, bytes: undefined };
}

async function buildModel(warehouse: Warehouse, model: Model): Promise<BuiltTable> {
  if (model.definition.materialise === 'view') {
    await warehouse.createView(model.name, model.sql);
    return { rows: 0, bytes: undefined };
  }
  return warehouse.replaceTable(model.name, model.sql, model.layer === 'marts', shapeOf(model));
}

/** How a model's table is declared. */
export function shapeOf({ definition }: Model): TableShape {
  const columns = Object.entries(definition.columns).map(([name, { type }]) => [name, type] as const);
  return { columns: Object.fromEntries(columns), partition: definition.partition };
}

async function timed(
  warehouse: Warehouse,
  model: string,
  work: () => Promise<BuiltTable>,
): Promise<ModelReport> {
  const started = performance.now();
  const cpuBefore = warehouse.cpuSeconds();
  const { rows, bytes, cost } = await work();
  const cpuAfter = warehouse.cpuSeconds();
  return {
    model,
    rows,
    bytes,
    milliseconds: Math.round(performance.now() - started),
    cpuSeconds:
      cpuBefore === undefined || cpuAfter === undefined
        ? undefined
        : Math.round((cpuAfter - cpuBefore) * 1000) / 1000,
    ...(cost && { cost }),
  };
}

/** Offending rows kept of a failed check: a few show what is wrong. A warning's are a list to work through. */
const SHOWN_ROWS = { block: 5, warn: 200 } as const;

/** A check with how messages name it. */
interface PlacedCheck extends Check {
  readonly place: string;
}

const placeOf = ({ name, model }: Check): string => `check "${name}" of ${model}`;

/** Those of relations that were built: a `--select` leaves some out. */
async function checksOfRelations(
  warehouse: Warehouse,
  checks: readonly PlacedCheck[],
  built: ReadonlySet<string>,
): Promise<readonly PlacedCheck[]> {
  const answerable: PlacedCheck[] = [];
  for (const check of checks) {
    const read = await dependenciesOf(warehouse, check.sql, check.place);
    if (read.every((name) => built.has(name))) {
      answerable.push(check);
    }
  }
  return answerable;
}

/** A check of an empty relation is not applicable. */
async function runChecks(
  warehouse: Warehouse,
  asked: readonly PlacedCheck[],
  models: readonly ModelReport[],
): Promise<readonly CheckReport[]> {
  const answers = await warehouse.firstRows(
    asked.map(({ sql, severity, place }) => ({ select: sql, limit: SHOWN_ROWS[severity], place })),
  );
  const rowsOf = new Map(models.map((model) => [model.model, model.rows]));
  return asked.map((check, index) => {
    const offending = answers[index] ?? [];
    const isEmpty = offending.length === 0 && rowsOf.get(check.model) === 0;
    const failure = check.severity === 'block' ? 'fail' : 'warn';
    const status = offending.length > 0 ? failure : isEmpty ? 'not applicable' : 'pass';
    return { model: check.model, check: check.name, status, offending };
  });
}
