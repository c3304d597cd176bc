import { describe, expect, it } from 'vitest';
import { StatementError } from '../../../functions/core/errors.ts';
import { type Kpi, readKpiDefinition } from '../../../functions/core/kpi-definition.ts';
import { locatedIn } from '../../../functions/core/statement-error.ts';
import { kpiStatements } from '../../../functions/use-cases/kpi-statements.ts';

function aKpi(id: string, sql: string): Kpi {
  const text = { tr: 'ad', en: 'name' };
  const file = `sql/kpis/${id}.sql`;
  const yaml = JSON.stringify({
    ...{
      kpi: id,
      version: 1,
      label: text,
      definition: text,
      formula: 'x',
      unit: 'ratio',
      better: 'up',
      group: 'g',
    },
  });
  return { definition: readKpiDefinition(yaml, file), sql, file };
}

const kpis = [aKpi('a', 'select 1\nfrom x'), aKpi('b', 'select 2\nfrom y'), aKpi('c', 'select 3\nfrom x')];
const reads = ({ definition }: Kpi) => (definition.kpi === 'b' ? ['y'] : ['x']);
const idsOf = (statement: { readonly kpis: readonly Kpi[] }) =>
  statement.kpis.map(({ definition }) => definition.kpi);

describe('kpiStatements', () => {
  it('puts KPIs that read the same relations together where a statement costs', () => {
    expect(kpiStatements(kpis, reads, true).map(idsOf)).toEqual([['a', 'c'], ['b']]);
    expect(kpiStatements(kpis, reads, false).map(idsOf)).toEqual([['a'], ['b'], ['c']]);
  });

  it('parts a group that is too large for one plan', () => {
    const many = Array.from({ length: 30 }, (_, index) => aKpi(`k${index}`, 'select 1'));

    expect(kpiStatements(many, () => ['x'], true).map((statement) => statement.kpis.length)).toEqual([
      12, 12, 6,
    ]);
  });

  it('knows which KPI an engine complains of by its line', async () => {
    const [first] = kpiStatements(kpis, reads, true);
    const { texts = [], sql = '' } = first ?? {};
    const line = sql.split('\n').findIndex((text) => text.includes('select 3')) + 1;
    const failing = (text: string) =>
      locatedIn(texts, () => Promise.reject(new StatementError(text, 'mend it')));

    await expect(failing(`line ${line}:8: Column 'q' cannot be resolved`)).rejects.toThrow(
      'sql/kpis/c.sql: line 1: ',
    );
    await expect(failing(`line 2:1: what`)).rejects.toThrow('sql/kpis/a.sql: line 2: ');
    await expect(failing('Query exhausted resources')).rejects.toThrow(
      'sql/kpis/a.sql, sql/kpis/c.sql: Query',
    );
  });
});
