import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databasesNamed } from '../../functions/adapters/glue-tables.ts';
import type { AthenaEngine } from '../../functions/core/configuration.ts';
import { type AthenaLake, bedEnvironment, openAthenaLake } from '../support/athena/athena-lake.ts';
import { type EndedProcess, runProcess, scriptPath } from '../support/athena/run-process.ts';

const bed = inject('bed');
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

let lake: AthenaLake;

beforeAll(async () => {
  lake = await openAthenaLake(bed, 'kills-cli');
});

afterAll(() => lake.remove());

interface Situation {
  readonly athena?: Partial<AthenaEngine> | null;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

let configurations = 0;

async function dongu(command: readonly string[], { athena, environment }: Situation): Promise<EndedProcess> {
  configurations += 1;
  const own = configurations;
  const config = join(lake.folder, `dongu-${own}.yaml`);
  const engine = athena === null ? {} : { athena: { ...lake.settings, ...athena } };
  await writeFile(config, JSON.stringify({ engine }));
  const args = ['--home', join(lake.folder, `home-${own}`), '--config', config, ...command];
  return runProcess(scriptPath('bin/dongu.mjs'), args, {
    folder: lake.folder,
    environment: { ...bedEnvironment(bed), ...environment },
  });
}

/** One message, what to do, and no trace of the program's insides. */
function expectTold({ code, output }: EndedProcess, message: string | RegExp, hint: string | RegExp): void {
  expect(output).toMatch(/\nerror: [^\n]+\nwhat to do: [^\n]+\n$/);
  expect(/\nerror: (?<text>.*)\n/.exec(output)?.groups?.text).toMatch(message);
  expect(/\nwhat to do: (?<text>.*)\n/.exec(output)?.groups?.text).toMatch(hint);
  expect(output).not.toMatch(/\n {4}at |please report/);
  expect(code).toBe(1);
}

const withoutCredentials = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
};

const cases: readonly (readonly [string, Situation, string | RegExp, string | RegExp])[] = [
  [
    'without a configuration',
    { athena: null },
    'engine.athena is not set up in dongu.yaml',
    'root: s3://your-bucket',
  ],
  [
    'of a bucket that is not there',
    { athena: { root: 's3://kills-no-such-bucket/a' } },
    /bucket does not exist/,
    'engine.athena.root',
  ],
  [
    'of a workgroup that is not there',
    { athena: { workgroup: 'nobodys' } },
    /nobodys is not found/,
    'engine.athena.workgroup',
  ],
  ['without credentials', { environment: withoutCredentials }, /credentials/i, 'AWS_PROFILE'],
  [
    'of a profile that is not there',
    { environment: { ...withoutCredentials, AWS_PROFILE: 'nobody' } },
    /nobody|credentials/i,
    'AWS_PROFILE',
  ],
  [
    'without a region',
    { environment: { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: '/nowhere' } },
    /Region is missing/,
    'engine.athena.region',
  ],
  [
    'where nothing answers',
    { environment: { AWS_ENDPOINT_URL: NOWHERE } },
    /ECONNREFUSED/,
    'AWS_ENDPOINT_URL',
  ],
  [
    'where only Athena does not answer',
    { environment: { AWS_ENDPOINT_URL_ATHENA: NOWHERE } },
    /ECONNREFUSED/,
    'AWS_ENDPOINT_URL',
  ],
  ['of a lake without touchpoints', {}, 'the lake holds no touchpoints yet', 'dongu import'],
];

describe('dongu run --engine athena', () => {
  it.concurrent.each(cases)('%s says what to do', async (name, situation, message, hint) => {
    // a lake of its own: runs of one lake take turns
    const root = `${lake.settings.root}/${name.replaceAll(' ', '-')}`;
    const athena = situation.athena === null ? null : { root, ...situation.athena };
    expectTold(await dongu(['run', '--engine', 'athena'], { ...situation, athena }), message, hint);
  });

  it('leaves no database of a run that could not begin', async () => {
    const { database } = lake.settings;

    await dongu(['run', '--engine', 'athena'], { athena: { workgroup: 'nobodys' } });

    expect(await databasesNamed(lake.clients.glue, `${database}_run_`)).toEqual([]);
  });
});

describe('dongu clean', () => {
  it('without a configuration says what to do', async () => {
    expectTold(
      await dongu(['clean'], { athena: null }),
      'engine.athena is not set up',
      'root: s3://your-bucket',
    );
  });

  it('of a damaged manifest says which and what to do', async () => {
    await lake.store.putText('runs/manifest.json', '{ "schema": "dongu.run/1"');

    expectTold(
      await dongu(['clean'], {}),
      `${lake.settings.root}/runs/manifest.json is damaged`,
      'Delete it',
    );

    await lake.store.delete('runs/manifest.json');
  });

  it('of nothing deletes nothing', async () => {
    const { code, output } = await dongu(['clean', '--older-than', '0'], {});

    expect(output).toContain('0 runs with 0 objects deleted');
    expect(code).toBe(0);
  });
});
