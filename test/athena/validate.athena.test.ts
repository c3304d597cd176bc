import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mapSideBySide } from '../../functions/core/run-graph.ts';
import { located } from '../../functions/core/statement-error.ts';
import { type BedBuild, openBedBuild } from '../support/bed-build.ts';
import { loadColumnsOf } from '../support/model-cases.ts';
import { type WrittenSelect, writtenSelects } from '../support/written-selects.ts';

const SIDE_BY_SIDE = 4;

const bed = inject('bed');
const selects = await writtenSelects();

let build: BedBuild;

beforeAll(async () => {
  build = await openBedBuild(bed, 'validate');
  const relations = Object.entries(await loadColumnsOf());
  await mapSideBySide(relations, SIDE_BY_SIDE, ([name, columns]) =>
    build.warehouse.createEmpty(name, columns),
  );
});

afterAll(() => build.discard());

/**
 * Asks Athena to read a select without running it. It begins on the first line, so that lines are the file's. What makes
 * relations is planned too, which finds what only the planner refuses; checks are many and simple, and are read alone.
 */
function validate({ file, name, sql }: WrittenSelect): Promise<unknown> {
  const isCheck = file.endsWith('.yml');
  return located(file.endsWith('.sql') ? file : `${file}: ${name}`, () =>
    build.warehouse.rows(`explain (type ${isCheck ? 'validate' : 'distributed'}) ${sql}`),
  );
}

describe('Athena accepts', () => {
  it.concurrent.for(selects)('$file $name', async (select) => {
    await validate(select);
  });

  it('nothing that only DuckDB plans', async () => {
    const sql = `select a from (values (1), (2)) as t (a)
      where exists (select 1 as one from (values (1), (2)) as u (b) where u.b < t.a limit 1)`;

    await expect(validate({ file: 'sql/marts/x.sql', name: 'x', sql })).rejects.toThrow(
      /^sql\/marts\/x\.sql: line 2: .*correlated subquery/,
    );
  });

  it('nothing that it cannot read, and says where', async () => {
    const sql = '-- a comment\nselect\n    lifecycle_id,\n    no_such_column\nfrom lifecycles';

    await expect(validate({ file: 'sql/marts/x.sql', name: 'x', sql })).rejects.toThrow(
      /^sql\/marts\/x\.sql: line 4: .*no_such_column/,
    );
  });
});
