import { describe, expect, it } from 'vitest';
import { statementKind } from './statement-kind.ts';

describe('what a statement is', () => {
  it.each([
    ['-- why\nSELECT 1', 'DML', 'SELECT', 'csv'],
    ['with a as (select 1) select * from a', 'DML', 'SELECT', 'csv'],
    ['(select 1)', 'DML', 'SELECT', 'csv'],
    ['values (1)', 'DML', 'SELECT', 'csv'],
    ['INSERT INTO "db"."t" SELECT 1', 'DML', 'INSERT', 'none'],
    ['create table "t" as select 1 as a', 'DML', 'CREATE_TABLE_AS_SELECT', 'none'],
    [
      "create table t with (partitioned_by = ARRAY['k']) as select 1 as a",
      'DML',
      'CREATE_TABLE_AS_SELECT',
      'none',
    ],
    ['create external table t (a int) stored as parquet', 'DDL', 'CREATE_TABLE', 'txt'],
    ['create table t (a int)', 'DDL', 'CREATE_TABLE', 'txt'],
    ['create or replace view "db"."v" as select 1 as a', 'DDL', 'CREATE_VIEW', 'txt'],
    ['drop view if exists v', 'DDL', 'DROP_VIEW', 'txt'],
    ['explain (type validate) select 1', 'UTILITY', 'EXPLAIN', 'txt'],
    ['alter table t add if not exists partition (k = 1)', 'DDL', 'ALTER_TABLE_ADD_PARTITION', 'txt'],
    ['show partitions t', 'UTILITY', 'SHOW_PARTITIONS', 'txt'],
  ])('%s', (sql, type, substatement, output) => {
    expect(statementKind(sql)).toEqual({ type, substatement, output });
  });

  it.each([
    'set session a = 1',
    'use db',
    'call system.x()',
    'grant select on t to u',
    'revoke select on t from u',
    'start transaction',
    'commit',
    'rollback',
    'truncate table t',
    'analyze t',
    'comment on table t is null',
    'create materialized view v as select 1',
    'create function f() returns int return 1',
    'create role r',
    'show session',
    'show roles',
  ])('Athena knows nothing that begins like: %s', (sql) => {
    expect(statementKind(sql)).toBeUndefined();
  });
});
