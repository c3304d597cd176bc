import { errorText } from '../../../functions/core/errors.ts';
import type { Model } from '../../../functions/core/model-definition.ts';
import { shapeOf } from '../../../functions/use-cases/build-relations.ts';
import type { CaseWarehouse } from '../case-engines.ts';
import { type ColumnsOf, runCase } from '../model-cases.ts';
import type { TwoEngines } from './two-engines.ts';

/** A fault that somebody could write into a model without seeing it on DuckDB. */
export interface EngineMutation {
  readonly title: string;
  readonly model: string;
  /** Every pair of texts is replaced once. */
  readonly changes: readonly (readonly [from: string, to: string])[];
  /** A macro that is taken away from DuckDB. */
  readonly macro?: string;
  /** The column that a message has to name. */
  readonly column: string;
}

export const engineMutations: readonly EngineMutation[] = [
  {
    title: 'an integer division where a rate was meant',
    model: 'stage_dropoffs',
    changes: [
      [
        'cast(counted.count_advanced as double) / nullif(cast(counted.count_mature as double), 0)',
        'counted.count_advanced / nullif(counted.count_mature, 0)',
      ],
    ],
    column: 'advance_rate',
  },
  {
    title: 'a date_diff of days, which counts midnights',
    model: 'int_stay_durations',
    changes: [
      [
        "date_diff('millisecond', spans.entered_at, spans.advanced_at)",
        "date_diff('day', cast(spans.entered_at as date), cast(spans.advanced_at as date)) * 86400000",
      ],
    ],
    column: 'advance_milliseconds',
  },
  {
    title: 'an order by with ties',
    model: 'rfm_segments',
    changes: [
      ['order by days_since_last_purchase desc, customer_id asc', 'order by days_since_last_purchase desc'],
    ],
    column: 'recency_score',
  },
  {
    title: 'an average of decimals',
    model: 'stage_dropoffs',
    changes: [
      ['avg(cast(advance_milliseconds as double))', 'avg(cast(advance_milliseconds as decimal(18, 2)))'],
    ],
    column: 'median_days_to_advance',
  },
  {
    title: 'a macro of Trino’s functions removed',
    model: 'customer_identifiers',
    changes: [],
    macro: 'md5',
    column: 'customer_id',
  },
];

export function mutated(models: readonly Model[], { model: name, changes }: EngineMutation): Model {
  const model = models.find((candidate) => candidate.name === name);
  if (!model) {
    throw new Error(`there is no model ${name}`);
  }
  const sql = changes.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) {
      throw new Error(`"${from}" is ${parts.length - 1} times in ${name}: it must be there once`);
    }
    return parts.join(to);
  }, model.sql);
  return { ...model, sql };
}

/** Whether a difference is of that very column, and not of a row that happens to be told with all its cells. */
export function namesColumn(text: string, { model, column }: EngineMutation): boolean {
  const [line = ''] = text.split('\n');
  const ofCase = new RegExp(`^${model}: .*; other: (.*, )?${column}(,|$)`);
  return new RegExp(String.raw`^${model}\.${column}\b`).test(line) || ofCase.test(line);
}

const MUTANT = 'mutant';

/** What the tier says of the model: of its rows beside those of the other engine, and else of its cases on Athena. */
export async function failuresOf(
  model: Model,
  both: TwoEngines,
  cases: CaseWarehouse,
  columnsOf: ColumnsOf,
): Promise<readonly string[]> {
  const differences = await differencesOf(model, both);
  if (differences.length > 0) {
    return differences;
  }
  const failed: string[] = [];
  for (const { name, given, expect: rows, cte } of model.definition.cases) {
    const sqlCase = { sql: model.sql, given, expect: rows, cte };
    const difference = await runCase(cases.warehouse, sqlCase, columnsOf);
    if (difference !== undefined) {
      failed.push(`${model.name}: ${name}: ${difference}`);
    }
  }
  return failed;
}

async function differencesOf(model: Model, both: TwoEngines): Promise<readonly string[]> {
  try {
    await both.duckdb.warehouse.replaceTable(MUTANT, model.sql, false);
    await both.athena.warehouse.replaceTable(MUTANT, model.sql, false, shapeOf(model));
  } catch (error) {
    return [`${model.name}: ${errorText(error)}`];
  }
  const { differences } = await both.compareStored(model, MUTANT, `work/${MUTANT}`);
  return differences;
}
