import { ConcurrentModificationException } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { athenaClients } from '../../functions/adapters/athena-build.ts';
import { GlueTables } from '../../functions/adapters/glue-tables.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';

let lake: AthenaLake;

beforeAll(async () => {
  lake = await openAthenaLake(inject('bed'), 'kills-glue');
});

afterAll(() => lake.remove());

/** A catalogue in which others change the same table during the next `times` changes. */
function busyTables(times: number) {
  const { glue } = athenaClients(lake.settings);
  const sent: object[] = [];
  let left = times;
  glue.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'UpdateTableCommand') {
          sent.push(args.input);
          left -= 1;
          if (left >= 0) {
            throw new ConcurrentModificationException({
              message: 'busy',
              $metadata: { httpStatusCode: 400 },
            });
          }
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  return { tables: new GlueTables(glue, lake.settings.database), sent };
}

const at = (folder: string) => ({ columns: { n: 'integer' } as const, location: lake.store.address(folder) });

it('a declaration that meets another of the same table comes after it, and keeps no version of it', async () => {
  const { tables, sent } = busyTables(3);
  await tables.open('test');
  await tables.declare('one', at('first/'));

  await tables.declare('one', at('second/'));

  expect(sent).toHaveLength(4);
  expect(sent[0]).toMatchObject({ SkipArchive: true });
  expect(await tables.all()).toMatchObject([{ name: 'one', location: lake.store.address('second/') }]);
});

it('a table that is never free is an error', async () => {
  const { tables } = busyTables(1000);
  await tables.open('test');
  await tables.declare('two', at('first/'));

  await expect(tables.declare('two', at('second/'))).rejects.toThrow('busy');
});
