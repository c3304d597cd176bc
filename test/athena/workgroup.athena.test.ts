import {
  AthenaClient,
  CreateWorkGroupCommand,
  type CreateWorkGroupCommandInput,
} from '@aws-sdk/client-athena';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openAthenaBuild } from '../../functions/adapters/athena-build.ts';
import { runDatabase } from '../../functions/adapters/athena-settings.ts';
import { workgroupWarnings } from '../../functions/adapters/athena-workgroup.ts';
import { databasesNamed } from '../../functions/adapters/glue-tables.ts';
import { ulid } from '../../functions/core/identifiers.ts';
import { type AthenaLake, openAthenaLake } from '../support/athena/athena-lake.ts';
import { type Facade, startFacade } from '../support/athena-facade/facade.ts';

const bed = inject('bed');

let lake: AthenaLake;
/** One of this file's own, whose workgroups nobody else sees. */
let facade: Facade;
let client: AthenaClient;

beforeAll(async () => {
  lake = await openAthenaLake(bed, 'kills-groups');
  facade = await startFacade({ trinoUrl: bed.trinoUrl, awsEndpoint: bed.awsEndpoint, port: 0 });
  client = new AthenaClient({ endpoint: facade.endpoint });
});

afterAll(async () => {
  await facade.close();
  await lake.remove();
});

type Configuration = CreateWorkGroupCommandInput['Configuration'];
const safe: Configuration = {
  EnforceWorkGroupConfiguration: true,
  BytesScannedCutoffPerQuery: 10_000_000,
  ResultConfiguration: { OutputLocation: 's3://results/' },
};

it.each<readonly [string, Configuration, readonly RegExp[]]>([
  ['safe', safe, []],
  ['free', { ...safe, EnforceWorkGroupConfiguration: false }, [/workgroup free does not enforce/]],
  ['unlimited', { ...safe, BytesScannedCutoffPerQuery: undefined }, [/unlimited has no limit of bytes/]],
  ['placeless', { ...safe, ResultConfiguration: {} }, [/placeless has no place for results/]],
  ['bare', { EnforceWorkGroupConfiguration: false }, [/enforce/, /place/, /limit/]],
])('a workgroup that is %s', async (Name, Configuration, warnings) => {
  await client.send(new CreateWorkGroupCommand({ Name, Configuration }));

  const told = await workgroupWarnings(client, { workgroup: Name });

  expect(told).toEqual(warnings.map((text) => expect.stringMatching(text)));
});

it('is told when a build begins, and nothing where it may not be looked at', async () => {
  const clients = { ...lake.clients, athena: client };
  const toldOf = async (workgroup: string): Promise<readonly string[]> => {
    const told: string[] = [];
    const warn = (text: string): void => void told.push(text);
    const runId = ulid(new Date(), () => 5);
    const build = await openAthenaBuild({ ...lake.settings, workgroup }, clients, runId, { warn });
    await build.discard();
    return told;
  };

  expect(await toldOf('primary')).toHaveLength(3);
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'GetWorkGroupCommand') {
          throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  expect(await toldOf('primary')).toEqual([]);
});

it('that is not there ends a build before it begins', async () => {
  const clients = { ...lake.clients, athena: new AthenaClient({ endpoint: facade.endpoint }) };
  const runId = ulid(new Date(), () => 6);

  const opened = openAthenaBuild({ ...lake.settings, workgroup: 'nobodys' }, clients, runId);

  await expect(opened).rejects.toMatchObject({
    message: expect.stringContaining('nobodys is not found'),
    hint: expect.stringContaining('engine.athena.workgroup'),
  });
  const { database } = lake.settings;
  expect(await databasesNamed(lake.clients.glue, runDatabase(database, runId))).toEqual([]);
});
