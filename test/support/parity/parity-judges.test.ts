import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { hasRealData } from '../real-data.ts';
import { TestLake } from '../test-lake.ts';
import { engineMutations, namesColumn } from './engine-mutations.ts';
import { compareRelation } from './relation-difference.ts';

let folder: string;
let warehouse: DuckdbWarehouse;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-judges-'));
  warehouse = await DuckdbWarehouse.open((await TestLake.open(folder)).settings, 'judges');
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  warehouse.close();
  await rm(folder, { recursive: true, force: true });
});

it('a relation of which not all differing rows were looked at is no same one', async () => {
  const path = join(folder, 'athena.parquet');
  const columns = { id: 'bigint', share: 'double' } as const;
  const select = (factor: string) =>
    `select n as id, (n / 7.0::double) * ${factor} as share from range(1, 5) as t (n)`;
  await warehouse.rows(`create table told as ${select('1.0::double')}`);
  await warehouse.rows(`copy (${select('1.000000000000001::double')}) to '${path}' (format parquet)`);
  const relation = { name: 'told', columns, key: ['id'], duckdb: 'told', athena: [path] };

  expect(await compareRelation(warehouse, relation)).toMatchObject({ rows: 4, cells: 8, differences: [] });
  expect((await compareRelation(warehouse, relation, 4)).differences).toEqual([
    'told: at least 4 rows differ, and only so many are looked at',
  ]);
});

it.each([
  ['stage_dropoffs.advance_rate at stage "a": duckdb 0.5, athena 0', true],
  ['stage_dropoffs at stage "a": only duckdb has the row { advance_rate 0.5 }', false],
  ['stage_dropoffs: advance_rate is not there', false],
  ['stage_dropoffs: of two: 2 rows, 2 expected; other: count_mature, advance_rate\nmissing:', true],
  ['stage_dropoffs: of two: 2 rows, 2 expected; other: count_mature\nmissing:\n  { advance_rate: 1 }', false],
  ['stage_dropoffs.advance_rates at stage "a": duckdb 1, athena 2', false],
])('a difference names its column in front: %s', (text, isNamed) => {
  const [mutation] = engineMutations;
  expect(mutation && namesColumn(text, mutation)).toBe(isNamed);
});

it('real data that is missing skips tests, and fails in CI', () => {
  vi.stubEnv('DONGU_CI', '');
  vi.spyOn(console, 'warn').mockReturnValueOnce();
  expect(hasRealData('/nowhere')).toBe(false);

  vi.stubEnv('DONGU_CI', '1');
  expect(() => hasRealData('/nowhere')).toThrow('DONGU_CI');
});
