import { loadInputs, loadModels } from '../../functions/adapters/model-files.ts';
import { loadFacts, readSeed } from '../../functions/adapters/project-files.ts';
import { calendarDays } from '../../functions/core/calendar.ts';
import { withResultOf } from '../../functions/core/model-definition.ts';
import { unknownNameText } from '../../functions/core/nearest-name.ts';
import { mapSideBySide } from '../../functions/core/run-graph.ts';
import type { Columns, Warehouse, WarehouseRow } from '../../functions/ports/warehouse.ts';
import { inputColumns } from '../../functions/use-cases/prepare-inputs.ts';
import { differenceOfRows } from './row-difference.ts';

export interface SqlCase {
  readonly sql: string;
  readonly given: Readonly<Record<string, readonly WarehouseRow[]>>;
  readonly expect: readonly WarehouseRow[];
  /** A middle step to look at instead of `final`. */
  readonly cte?: string | undefined;
}

export type ColumnsOf = Readonly<Record<string, Columns>>;

/** The day, zone and currency that cases are told in unless they say otherwise. */
export const caseParameters: WarehouseRow = {
  as_of_at: '2024-06-30 21:00:00',
  as_of_date: '2024-06-30',
  reporting_time_zone: 'Europe/Istanbul',
  reporting_currency: 'TRY',
  activity_event: 'order_completed',
};

const seedNames = [
  'channels',
  'event_visit_kinds',
  'known_kpis',
  'kpi_targets',
  'roles',
  'stage_categories',
  'stage_phases',
  'marketing_channel_rules',
  'marketing_channels',
  'rfm_segment_map',
  'segments',
];

const calendar: readonly WarehouseRow[] = calendarDays('Europe/Istanbul', '2023-12-01', '2024-08-31').map(
  (day) => ({
    ...day,
  }),
);

/** Column types of every relation that a model or a KPI may read: all models and all inputs. */
export async function loadColumnsOf(): Promise<ColumnsOf> {
  const [models, inputs, facts] = await Promise.all([loadModels(), loadInputs(), loadFacts()]);
  const ofModels = models.map(({ name, definition }) => {
    const types = Object.entries(definition.columns).map(([column, { type }]) => [column, type] as const);
    return [name, Object.fromEntries(types)] as const;
  });
  return {
    ...inputColumns({ inputs, facts }),
    ...Object.fromEntries(ofModels),
  };
}

/**
 * Runs a select on the rows of its case. Answers what differs from the expected rows, or undefined.
 * A relation that the case does not give is empty, but for parameters, calendar and seeds.
 */
export async function runCase(
  warehouse: Warehouse,
  sqlCase: SqlCase,
  columnsOf: ColumnsOf,
): Promise<string | undefined> {
  return differenceOfRows(await rowsOfCase(warehouse, sqlCase, columnsOf), sqlCase.expect);
}

/** What the select, or the step of it that the case looks at, yields on the rows of its case. */
export async function rowsOfCase(
  warehouse: Warehouse,
  sqlCase: SqlCase,
  columnsOf: ColumnsOf,
): Promise<readonly WarehouseRow[]> {
  const select = sqlCase.cte === undefined ? sqlCase.sql : withResultOf(sqlCase.sql, sqlCase.cte);
  if (sqlCase.cte !== undefined && sqlCase.cte !== 'final' && select === sqlCase.sql.trimEnd()) {
    throw new Error(
      `The step ${sqlCase.cte} cannot be looked at: the last line is not \`select * from final\`.`,
    );
  }
  await createRelations(warehouse, sqlCase.sql, sqlCase.given, columnsOf);
  return warehouse.rows(select);
}

/** Creates everything that the select reads. */
export async function createRelations(
  warehouse: Warehouse,
  sql: string,
  given: SqlCase['given'],
  columnsOf: ColumnsOf,
): Promise<void> {
  const read = await warehouse.dependencies(sql);
  const unread = Object.keys(given).find((name) => !read.includes(name));
  if (unread !== undefined) {
    throw new Error(`The case gives a relation that the SQL does not read: ${unknownNameText(unread, read)}`);
  }
  await mapSideBySide(read, warehouse.sideBySide, async (name) => {
    const columns = columnsOf[name];
    if (columns === undefined) {
      throw new Error(
        `The SQL reads a relation without column types: ${unknownNameText(name, Object.keys(columnsOf))}`,
      );
    }
    await warehouse.createFromRows(name, columns, await rowsOf(name, given[name], columns));
  });
}

async function rowsOf(
  name: string,
  given: readonly WarehouseRow[] | undefined,
  columns: Columns,
): Promise<readonly WarehouseRow[]> {
  if (name === 'run_parameters') {
    return (given ?? [{}]).map((row) => ({ ...caseParameters, ...cellsOf(name, row, columns) }));
  }
  if (given !== undefined) {
    return given.map((row) => cellsOf(name, row, columns));
  }
  if (name === 'calendar_days') {
    return calendar;
  }
  return seedNames.includes(name) ? await readSeed(name) : [];
}

/** A row as the warehouse takes it: JSON written as YAML becomes text, and a mistyped column is told. */
function cellsOf(name: string, row: WarehouseRow, columns: Columns): WarehouseRow {
  const entries = Object.entries(row).map(([column, value]) => {
    if (!(column in columns)) {
      throw new Error(`${name}: the given column ${unknownNameText(column, Object.keys(columns))}`);
    }
    const isTree = typeof value === 'object' && value !== null && !(value instanceof Date);
    return [column, isTree ? JSON.stringify(value) : value] as const;
  });
  return Object.fromEntries(entries);
}
