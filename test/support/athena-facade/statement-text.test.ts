import { describe, expect, it } from 'vitest';
import { countStatements, maskedSql, trimmedStatement, withParameters } from './statement-text.ts';

describe('looking at a statement', () => {
  it('hides texts, names and comments and moves nothing', () => {
    const sql = `SELECT 'a;b''?', "C;d", İ -- ;x\n/* ? */ FROM t`;
    const masked = maskedSql(sql);
    expect(masked).toHaveLength(sql.length);
    expect(masked).not.toMatch(/[;?]/);
    expect(masked.indexOf('from')).toBe(sql.indexOf('FROM'));
  });

  it('counts statements, not semicolons', () => {
    expect(countStatements("select ';'; -- ;\n")).toBe(1);
    expect(countStatements('select 1; select 2')).toBe(2);
    expect(countStatements(' ; -- nothing')).toBe(0);
  });

  it('drops the one semicolon at the end, before a comment too', () => {
    expect(trimmedStatement('select 1 ; ')).toBe('select 1');
    expect(trimmedStatement("select ';'")).toBe("select ';'");
    expect(trimmedStatement('select 1; -- done')).toBe('select 1');
    // what is left is for the parser to refuse
    expect(trimmedStatement('select 1;;')).toBe('select 1;');
  });

  it('puts parameters where a question mark is one', () => {
    expect(withParameters("select '?', ?, ? -- ?", ["'a?'", '2'])).toBe("select '?', 'a?', 2 -- ?");
  });
});
