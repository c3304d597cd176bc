import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { denials } from '../support/deny-list.ts';
import { type Answer, type Engine, openDuckdb, openTrino } from '../support/engine-answers.ts';
import { knownDifferences } from '../support/known-differences.ts';

const { trinoUrl } = inject('bed');

let duckdb: Engine;
let trino: Engine;

beforeAll(async () => {
  duckdb = await openDuckdb();
  trino = openTrino(trinoUrl);
});

const listed = denials.flatMap((denial) => (denial.kind === 'difference' ? [denial] : []));
const examples = [...listed, ...knownDifferences].flatMap(({ name, differs }) =>
  differs.map((sql) => ({ name, sql })),
);

afterAll(() => {
  duckdb.close();
  console.info(
    `${examples.length} differences, of ${listed.length} entries and ${knownDifferences.length} known ones`,
  );
});

/** An error on one engine alone, or other columns, types or rows. */
function areDifferent(ours: Answer, theirs: Answer): boolean {
  return 'error' in ours || 'error' in theirs
    ? 'error' in ours !== 'error' in theirs
    : !isDeepStrictEqual(ours, theirs);
}

describe('what the deny-list says of the engines', () => {
  it.concurrent.for(examples)('$name: $sql', async ({ sql }, { expect }) => {
    const [ours, theirs] = await Promise.all([duckdb.answer(sql), trino.answer(sql)]);

    expect(areDifferent(ours, theirs), `both: ${JSON.stringify(ours)} ${JSON.stringify(theirs)}`).toBe(true);
  });
});
