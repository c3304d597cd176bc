import { describe, expect, it } from 'vitest';
import { AthenaError } from '../../../functions/adapters/athena-faults.ts';
import { withColumnNamed } from '../../../functions/adapters/mismatched-columns.ts';
import { errorText } from '../../../functions/core/errors.ts';

const columns = ['id', 'amount', 'at', 'n'];

function told(table: string, query: string, names: readonly string[] = columns): string {
  const text = `TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [${table}], Query: [${query}]`;
  return errorText(withColumnNamed(new AthenaError(text, { isPassing: false, queryId: 'q' }), names));
}

describe('a column of another type than its YAML says', () => {
  it('is named, and only it', () => {
    expect(
      told('varchar, decimal(18,2), timestamp(3), bigint', 'varchar(9), decimal(18,2), date, integer'),
    ).toBe('the types of columns differ: at: the select gives date, its YAML says timestamp(3)');
  });

  it('may be several', () => {
    const text = told('varchar, decimal(18,2), timestamp(3), bigint', 'bigint, double, timestamp(3), bigint');

    expect(text).toContain('id: the select gives bigint, its YAML says varchar');
    expect(text).toContain('amount: the select gives double, its YAML says decimal(18,2)');
    expect(text).not.toContain('at:');
  });

  it('is not one whose values fit without a loss, nor a null without a type', () => {
    expect(
      told(
        'varchar, decimal(18,2), timestamp(3), bigint',
        'unknown, decimal(10,1), timestamp(3), varchar(1)',
      ),
    ).toBe('the types of columns differ: n: the select gives varchar(1), its YAML says bigint');
  });

  it.each([
    ['decimal(18,4)', 'decimal(18,2)'],
    ['decimal(20,2)', 'decimal(18,2)'],
  ])('may differ in its digits: %s for %s', (given, declared) => {
    expect(told(`varchar, ${declared}`, `varchar, ${given}`, ['id', 'amount'])).toContain(
      `amount: the select gives ${given}, its YAML says ${declared}`,
    );
  });

  it('does not confuse the commas within a type', () => {
    expect(
      told('row(a integer, b decimal(3,1)), bigint', 'row(a integer, b decimal(3,1)), date', ['r', 'n']),
    ).toBe('the types of columns differ: n: the select gives date, its YAML says bigint');
  });

  it('may be missing, or one too many', () => {
    expect(told('varchar, bigint', 'varchar', ['id', 'n'])).toBe(
      'the select yields 1 columns, its table has 2: id, n',
    );
  });

  it('leaves every other error as it is', () => {
    const other = new AthenaError('DIVISION_BY_ZERO', { isPassing: false });
    const strange = new Error('mismatched column types: Table: [a], Query: [b]');
    const unclear = new AthenaError('mismatched column types: Table: [bigint], Query: [bigint]', {
      isPassing: false,
    });

    expect(withColumnNamed(other, columns)).toBe(other);
    expect(withColumnNamed(strange, columns)).toBe(strange);
    expect(withColumnNamed(unclear, ['n'])).toBe(unclear);
  });
});
