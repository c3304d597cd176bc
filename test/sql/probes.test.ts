import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlFolder } from '../../functions/adapters/project-files.ts';
import { denials, denialsIn } from '../support/deny-list.ts';
import { probes } from '../support/probes/probes.ts';
import { featuresOf, unitsOf } from '../support/sql-features.ts';
import { selectsInUseCases, writtenSelects } from '../support/written-selects.ts';

const usedBy = (sql: string): ReadonlySet<string> => new Set([...featuresOf(sql), ...unitsOf(sql)]);

describe('featuresOf', () => {
  it('names functions, types, frames and syntax, and no common table', () => {
    const sql = `with a (b) as (select sum(cast(c as decimal(18, 2))) over (
        order by d rows between unbounded preceding and 1 preceding) as e from t as u (c, d)
        where c not in (1, 2) and f is distinct from date '2024-01-01')
      select * from a left join g on a.b = g.b -- lower(x)`;

    expect([...featuresOf(sql)].sort()).toEqual([
      'date literal',
      'frame rows between unbounded preceding and 1 preceding',
      'function cast',
      'function sum',
      'is distinct from',
      'left join',
      'not in a list',
      'type decimal(18, 2)',
    ]);
  });

  it('tells the units of date functions apart', () => {
    expect([...unitsOf("select date_diff('day', a, b), date_add( 'month', 1, a) from t")]).toEqual([
      'date_diff of day',
      'date_add of month',
    ]);
  });
});

describe('probes', async () => {
  const probed = new Set(probes.flatMap(({ sql }) => [...usedBy(sql)]));
  const inUseCases = await selectsInUseCases();
  const written = [...(await writtenSelects()), ...inUseCases];

  it('have names of their own', () => {
    expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
  });

  it('are there for everything that a model, a KPI, a check, a page or a use case uses', () => {
    const unprobed = written.flatMap(({ file, name, sql }) =>
      [...usedBy(sql)]
        .filter((feature) => !probed.has(feature))
        .map((feature) => `${file} ${name}: ${feature}`),
    );

    expect(written.length).toBeGreaterThan(300);
    expect(inUseCases.length).toBeGreaterThan(10);
    expect(unprobed).toEqual([]);
  });

  it('are there for every function that sql/duckdb/trino.sql supplies', async () => {
    const macros = await readFile(join(sqlFolder, 'duckdb', 'trino.sql'), 'utf8');
    const supplied = [...macros.matchAll(/^create temp macro (\w+)/gm)].map(([, name]) => `function ${name}`);

    expect(supplied.length).toBeGreaterThan(20);
    expect(supplied.filter((feature) => !probed.has(feature))).toEqual([]);
  });
});

describe('what use cases ask', async () => {
  it.each(await selectsInUseCases())(
    '$file: $name holds nothing that the engines read differently',
    ({ sql }) => {
      expect(denialsIn(sql)).toEqual([]);
    },
  );
});

describe('what is said to differ', () => {
  const said = denials.flatMap((denial) =>
    denial.kind === 'rule' ? [] : denial.differs.map((sql) => [denial.name, sql] as const),
  );

  it.each(said)('%s: %s is caught', (name, sql) => {
    expect(denialsIn(sql).filter((text) => text.startsWith(`${name}: `))).toHaveLength(1);
  });
});
