import { describe, expect, it } from 'vitest';
import { absentFunctions, refuseAbsentFunctions } from './absent-functions.ts';
import { planStatement } from './plan-statement.ts';
import { refuseSyntax } from './refused-syntax.ts';
import { longestStatement, refuseBadText } from './refused-text.ts';
import { statementKind } from './statement-kind.ts';

function plan(sql: string, isEnforced = true): void {
  const kind = statementKind(sql);
  if (kind === undefined) {
    throw new Error(`no kind of statement: ${sql}`);
  }
  planStatement(sql, kind, isEnforced);
}

describe('texts that Athena refuses', () => {
  it('counts bytes, not letters', () => {
    const fits = `select '${'ş'.repeat((longestStatement - 9) / 2)}'`;
    expect(Buffer.byteLength(fits)).toBeLessThanOrEqual(longestStatement);
    expect(() => refuseBadText(fits)).not.toThrow();
    expect(() => refuseBadText(`${fits}  `)).toThrow('262144');
  });

  it('takes one statement', () => {
    expect(() => refuseBadText('select 1; select 2')).toThrow('Only one sql statement is allowed');
    expect(() => refuseBadText('select 1;')).not.toThrow();
    expect(() => refuseBadText(' -- nothing')).toThrow('Queries of this type are not supported');
  });
});

describe('syntax that Trino has and Athena has not', () => {
  it.each([
    ['with function f() returns int return 1 select f()', "line 1:6: mismatched input 'function'"],
    ["select *\nfrom t, JSON_TABLE(a, 'lax $' columns (b int))", "line 2:9: mismatched input 'JSON_TABLE'"],
    ['create or replace table t as select 1 as a', "line 1:19: mismatched input 'table'"],
    ['select 1 union corresponding select 2', "line 1:16: mismatched input 'corresponding'"],
  ])('%s', (sql, message) => {
    expect(() => refuseSyntax(sql)).toThrow(message);
  });

  it.each([
    "select 'json_table(' as a from function_calls",
    'with functions as (select 1 as a) select a from functions',
    'create or replace view v as select 1 as table_count',
  ])('is not seen in: %s', (sql) => {
    expect(() => refuseSyntax(sql)).not.toThrow();
  });

  it('fails on functions that Athena is not known to have', () => {
    for (const name of absentFunctions) {
      expect(() => refuseAbsentFunctions(`select ${name}(a) from t`)).toThrow(
        `FUNCTION_NOT_FOUND: line 1:8: Function '${name}' not registered`,
      );
    }
    expect(() => refuseAbsentFunctions("select 'dot_product(' as dot_product from t")).not.toThrow();
  });
});

describe('statements that are refused before they run', () => {
  it('a managed table', () => {
    expect(() => plan('create table t (a int)')).toThrow('External keyword required');
  });

  it('a table of its own place in a work group that enforces its own', () => {
    const sql = "create table t with (external_location = 's3://b/x/') as select 1 as a";
    expect(() => plan(sql)).toThrow('enforces a centralized output location');
    expect(() => plan(sql, false)).not.toThrow();
  });

  it('double quotes where Hive reads a text', () => {
    expect(() => plan('drop table "t"')).toThrow(`line 1:12: mismatched input '"t"'`);
    expect(() => plan('drop table `t`')).not.toThrow();
  });

  it.each([
    'optimize t rewrite data using bin_pack',
    "create table t (a int) location 's3://b/x/' tblproperties ('table_type' = 'ICEBERG')",
    "create table t with (table_type = 'ICEBERG', is_external = false) as select 1 as a",
    'show create table t',
    'prepare p from select 1',
    'show functions',
  ])('what the facade does not translate, by its own name: %s', (sql) => {
    expect(() => plan(sql)).toThrow('athena-facade');
  });

  it.each([
    "create external table t (a int) row format serde 'x' location",
    "create external table t (a array<int) location 's3://b/'",
    'show tables in db extra words',
    'drop table if exists t purge',
    'alter table t add partition k = 1',
    'alter table t rename to u',
    "create external table t (a int) location 's3://b/' stored as parquet",
    "unload (select 1) to 's3://b/'",
  ])('what Hive would not parse: %s', (sql) => {
    expect(() => plan(sql)).toThrow(/^line 1:\d+: mismatched input/);
  });
});
