import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kpi, type KpiDefinition, kpiColumnsOf } from '../../functions/core/kpi-definition.ts';
import type { Model } from '../../functions/core/model-definition.ts';
import type { CaseEngine } from './case-engines.ts';
import { type ColumnsOf, createRelations, rowsOfCase, runCase } from './model-cases.ts';
import { differenceOfRows } from './row-difference.ts';
import { WarehousePool } from './warehouse-pool.ts';

const knownGrains = ['day', 'week', 'month', 'quarter', 'year'];

type Lend = WarehousePool['with'];

/** Describes cases that run on an engine; where it gains from it, side by side. */
function describeOn(title: string, engine: CaseEngine, tests: (lend: Lend) => void): void {
  describe(`${title} on ${engine.name}`, { concurrent: engine.sideBySide > 1 }, () => {
    let pool: WarehousePool;

    beforeAll(async () => {
      pool = await WarehousePool.open(engine);
    });

    afterAll(() => pool?.close());

    tests((work) => pool.with(work));
  });
}

/** Every given/expect case of every model, and the columns that it yields. */
export function describeModelCases(engine: CaseEngine, models: readonly Model[], columnsOf: ColumnsOf): void {
  describeOn('models', engine, (lend) => {
    for (const { name: model, sql, definition } of models) {
      it(`${model} yields the columns that its YAML lists`, async () => {
        const listed = Object.entries(definition.columns).map(([name, { type }]) => ({ name, type }));

        const yielded = await lend(async ({ warehouse, columnsOf: columns }) => {
          await createRelations(warehouse, sql, {}, columnsOf);
          return columns(sql);
        });

        expect(yielded).toEqual(listed);
      });

      for (const { name, given, expect: rows, cte } of definition.cases) {
        it(`${model}: ${name}`, async () => {
          const sqlCase = { sql, given, expect: rows, cte };

          const difference = await lend(({ warehouse }) => runCase(warehouse, sqlCase, columnsOf));

          expect(difference).toBeUndefined();
        });
      }
    }
  });
}

/** Every case of every KPI, the columns that it yields, and that each value is one or says why there is none. */
export function describeKpiCases(engine: CaseEngine, kpis: readonly Kpi[], columnsOf: ColumnsOf): void {
  describeOn('KPI selects', engine, (lend) => {
    for (const { definition, sql } of kpis) {
      it(`${definition.kpi} yields the columns of a KPI in their types`, async () => {
        const yielded = await lend(async ({ warehouse, columnsOf: columns }) => {
          await createRelations(warehouse, sql, {}, columnsOf);
          return columns(sql);
        });

        expect(Object.fromEntries(yielded.map(({ name, type }) => [name, type]))).toEqual(
          kpiColumnsOf(definition),
        );
      });

      for (const kpiCase of definition.cases) {
        it(`${definition.kpi}: ${kpiCase.name}`, async () => {
          const yielded = await lend(({ warehouse }) =>
            rowsOfCase(warehouse, { ...kpiCase, sql }, columnsOf),
          );

          expect(differenceOfRows(yielded, kpiCase.expect)).toBeUndefined();
          expect(yielded.filter((row) => (row.value === null) !== (row.null_reason !== null))).toEqual([]);
          expect(yielded.filter((row) => !knownGrains.includes(String(row.grain)))).toEqual([]);
        });
      }
    }
  });
}

/** How many cases there are. */
export const countCases = (
  definitions: readonly { readonly cases: Model['definition']['cases'] | KpiDefinition['cases'] }[],
): number => definitions.reduce((sum, { cases }) => sum + cases.length, 0);
