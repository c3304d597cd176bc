import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BedBuild, openBedBuild } from '../support/bed-build.ts';
import {
  type Answer,
  type Cell,
  type Engine,
  normalCell,
  openDuckdb,
  openTrino,
} from '../support/engine-answers.ts';
import { probes } from '../support/probes/probes.ts';

const bed = inject('bed');

/** What a mathematical library may differ by: the last bits. */
const CLOSE = 1e-12;

let duckdb: Engine;
let trino: Engine;
let build: BedBuild;

beforeAll(async () => {
  duckdb = await openDuckdb();
  trino = openTrino(bed.trinoUrl);
  build = await openBedBuild(bed, 'probes');
});

afterAll(async () => {
  duckdb.close();
  await build.discard();
  console.info(`${probes.length} probes`);
});

/** The other's cell, or this one where the two are as close as a mathematical library allows. */
function settled(cell: Cell, other: Cell | undefined): Cell {
  return typeof cell === 'number' &&
    typeof other === 'number' &&
    Math.abs(cell - other) <= CLOSE * Math.max(Math.abs(cell), Math.abs(other))
    ? other
    : cell;
}

function settledTo(answer: Answer, other: Answer): Answer {
  if ('error' in answer || 'error' in other) {
    return answer;
  }
  const rows = answer.rows.map((row, at) => row.map((cell, index) => settled(cell, other.rows[at]?.[index])));
  return { ...answer, rows };
}

/** The same through Athena's API, as a run reads it; arrays come as one text there, so they are left to Trino's protocol. */
async function throughAthena(sql: string, duckdbAnswer: Answer): Promise<Answer> {
  if ('error' in duckdbAnswer) {
    return duckdbAnswer;
  }
  const rows = await build.warehouse.rows(sql);
  const { columns } = duckdbAnswer;
  return {
    columns,
    rows: rows.map((row, at) =>
      columns.map(({ name, type }, index) =>
        type.startsWith('array(') ? (duckdbAnswer.rows[at]?.[index] ?? null) : normalCell(row[name], type),
      ),
    ),
  };
}

describe('probes', () => {
  it('are many', () => {
    expect(probes.length).toBeGreaterThanOrEqual(200);
  });

  it.concurrent.for(probes)('$name', async ({ sql, doubles }, context) => {
    const [ours, theirs] = await Promise.all([duckdb.answer(sql), trino.answer(sql)]);
    const athenas = await throughAthena(sql, ours);

    context.expect(ours).not.toHaveProperty('error');
    context.expect(doubles === 'close' ? settledTo(theirs, ours) : theirs).toEqual(ours);
    context.expect(doubles === 'close' ? settledTo(athenas, ours) : athenas).toEqual(ours);
  });
});
