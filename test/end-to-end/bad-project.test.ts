import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import { ConfigurationError, DonguError, ModelError } from '../../functions/core/errors.ts';
import { Home } from '../../functions/local/home.ts';
import { buildRelations } from '../../functions/use-cases/build-relations.ts';
import { refuse } from '../support/bad-file.ts';
import { withFolder } from '../support/engine.ts';
import { withModels } from '../support/reduced-catalogue.ts';

const SOURCE = `source: shop
version: 1
description: A source of the project's own.
format: csv
lawful_basis: contract
columns:
  id: { required: true }
  day: { required: true }
yields: [touchpoints]
`;
const SELECT = `select
    ingest_id,
    'order_completed' as event,
    day as occurred_at,
    id as user_id
from source_rows
`;
const DATA = 'id,day\n1,2024-03-08\n';

async function thrownBy(work: () => Promise<unknown>): Promise<DonguError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof DonguError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const refusedSource = (yaml: string, sql = SELECT) =>
  refuse('shop', DATA, { 'shop.yml': yaml, 'shop.sql': sql });

describe('a key of dongu.yaml that is not known', () => {
  const openWith = (text: string) =>
    thrownBy(() =>
      withFolder(async (folder) => {
        const config = join(folder, 'dongu.yaml');
        await writeFile(config, text);
        return Home.open({ home: join(folder, 'home'), config, telemetry: silentTelemetry });
      }),
    );

  it.each([
    [
      'reporting: { timezone: Europe/London }',
      'reporting: the key "timezone" is not known; did you mean "time_zone"?',
    ],
    ['sectr: saas', 'the key "sectr" is not known; did you mean "sector"?'],
    [
      'privacy: { minimum_groups: 20 }',
      'privacy: the key "minimum_groups" is not known; did you mean "minimum_group"?',
    ],
    ['warehouse: big', 'the key "warehouse" is not known; known: activity_event, benchmarks, '],
    ['reporting: { time_zone: Istanbul }', '"Istanbul" is not an IANA time zone such as Europe/Istanbul'],
    ['reporting: { currency: TL }', '"TL" is not an ISO 4217 code such as TRY'],
    ['privacy: { minimum_group: 1 }', 'privacy.minimum_group: '],
    ['reporting: { currency: TRY', 'line 1'],
    ['lifecycles: saas', 'lifecycles: say a list'],
    [
      'stage_targets: { ecommerce: { reach: 0.1 } }',
      'stage_targets.ecommerce.reach: say the keys advance_rate',
    ],
  ])('%s', async (text, message) => {
    const error = await openWith(text);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('dongu.yaml: ');
    expect(error.message).toContain(message);
    expect(error.hint).not.toBe('');
  });
});

describe('a source of the project that is wrong is an error, and nothing is landed', () => {
  it.each([
    [
      'an unknown key',
      SOURCE.replace('format: csv', 'format: csv\ntimezone: UTC'),
      'the key "timezone" is not known; did you mean "time_zone"?',
    ],
    [
      'an unknown key of a column',
      SOURCE.replace('required: true }', 'requird: true }'),
      'columns.id: the key "requird" is not known; did you mean "required"?',
    ],
    ['an unknown kind of personal field', `${SOURCE}personal: { id: mail }\n`, 'personal.id: '],
    ['an unknown format', SOURCE.replace('csv', 'xlsx'), 'format: '],
    [
      'a key column that is not there',
      `${SOURCE}key: [number]\n`,
      'key names number, which columns does not have',
    ],
    ['another name than its file', SOURCE.replace('source: shop', 'source: store'), 'says `source: store`'],
    ['a missing lawful basis', SOURCE.replace('lawful_basis: contract\n', ''), 'lawful_basis: '],
    ['an unknown time zone', SOURCE.replace('format: csv', 'format: csv\ntime_zone: Istanbul'), 'time_zone'],
    ['a yield that is nothing', SOURCE.replace('[touchpoints]', '[touchpoint]'), 'touchpoint'],
    ['a personal column that is not there', `${SOURCE}personal: { e_mail: email }\n`, 'e_mail'],
  ])('%s', async (_name, yaml, message) => {
    const refused = await refusedSource(yaml);

    expect(refused.message).toContain('shop');
    expect(refused.message).toContain(message);
    expect(refused.hint).not.toBe('');
    expect(refused.left).toEqual([]);
  });

  it.each([
    ['does not parse', SELECT.replace('from source_rows', 'form source_rows'), /shop.*syntax error/s],
    ['reads a column that is not there', SELECT.replace('day as', 'dya as'), /shop.*"dya"/s],
    [
      'fails on the data',
      SELECT.replace('id as user_id', 'cast(day as integer)::varchar as user_id'),
      /shop/,
    ],
    [
      'yields an unknown column',
      SELECT.replace('as user_id', 'as userid'),
      /yields "userid" is not known; did you mean "user_id"\?/,
    ],
    ['does not yield ingest_id', SELECT.replace('ingest_id,', ''), /does not yield ingest_id/],
  ])('a select that %s', async (_name, sql, message) => {
    const refused = await refusedSource(SOURCE, sql);

    expect(refused.message).toMatch(message);
    expect(refused.hint).not.toBe('');
    expect(refused.left).toEqual([]);
  });

  it('says the line of its select', async () => {
    const { message } = await refusedSource(SOURCE, SELECT.replace('day as', 'dya as'));

    expect(message).toMatch(/line 4/i);
  });

  it('a source that is not known is answered with the nearest one', async () => {
    const refused = await refuse('ordrs', DATA);

    expect(refused.message).toContain('"ordrs" is not known; did you mean "orders"?');
  });
});

describe('a model that is wrong', () => {
  const buildWith = async (sql: string): Promise<DonguError> => {
    const catalogue = await loadCatalogue();
    const models = catalogue.models
      .filter(({ name }) => name === 'touchpoints')
      .map((model) => ({ ...model, sql }));
    const warehouse = await DuckdbWarehouse.open({ memoryLimit: '512MB', temporaryDirectory: '' }, 'run');
    try {
      return await thrownBy(() =>
        buildRelations(warehouse, { ...withModels(catalogue, models), kpis: [] }, undefined, silentTelemetry),
      );
    } finally {
      warehouse.close();
    }
  };

  it.each([
    ['does not parse', 'select 1 as one\nfrom where x', /^sql\/marts\/touchpoints.sql: line 2: /],
    [
      'reads a column that is not there',
      'select\n    1 as one,\n    nothing\nfrom (select 1 as two) as given',
      /^sql\/marts\/touchpoints.sql: line 3: .*nothing/,
    ],
    ['reads a relation that is not there', 'select * from nowhere', /sql\/marts\/touchpoints.sql.*nowhere/],
    ['fails on its data', "select cast('x' as integer) as n", /^sql\/marts\/touchpoints.sql: .*x/],
  ])('that %s names its file, its line and what to do', async (_name, sql, message) => {
    const error = await buildWith(sql);

    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
  });
});
