import { describe, expect, it } from 'vitest';
import { LakeError, ModelError, StatementError } from '../../../functions/core/errors.ts';
import { located } from '../../../functions/core/statement-error.ts';

const errorOf = (thrown: unknown) =>
  located('sql/marts/orders.sql', async () => {
    throw thrown;
  }).catch((error: unknown) => error);

describe('the place of an error', () => {
  it.each([
    ["Parser Error: no\n\nLINE 12: select 'a'", 'sql/marts/orders.sql: line 12: Parser Error: no'],
    [
      "COLUMN_NOT_FOUND: line 7:9: Column 'amout' cannot be resolved",
      "sql/marts/orders.sql: line 7: COLUMN_NOT_FOUND: line 7:9: Column 'amout' cannot be resolved",
    ],
    ['out of luck', 'sql/marts/orders.sql: out of luck'],
  ])('is the file, and the line that the engine names: %j', async (text, message) => {
    const error = await errorOf(new Error(text));

    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ message, hint: expect.stringContaining('Mend the model') });
  });

  it('goes before what an engine far away says, and leaves its advice', async () => {
    const error = await errorOf(new StatementError('ran too long', 'Raise the limit.'));

    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ message: 'sql/marts/orders.sql: ran too long', hint: 'Raise the limit.' });
  });

  it('does not touch an error that has its own', async () => {
    const own = new LakeError('the lake is damaged', 'Look at it.');

    expect(await errorOf(own)).toBe(own);
  });
});
