import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DuckdbConnection } from '../../../functions/adapters/duckdb-connection.ts';
import { ModelError } from '../../../functions/core/errors.ts';
import { systemFailure } from '../../../functions/local/system-failures.ts';
import { withFolder } from '../../support/engine.ts';

const failureOf = async (work: () => Promise<unknown>) =>
  systemFailure(
    await work().then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

describe('a failure of the machine', () => {
  it('of a folder that is a file says where to look', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'home'), '');

      const failure = await failureOf(() => mkdir(join(folder, 'home', 'runs'), { recursive: true }));

      expect(failure?.hint).toContain('--home');
    }));

  it('of too little memory names the setting', async () => {
    const settings = { memoryLimit: '1MB', threads: 1, temporaryDirectory: '' };
    const failure = await failureOf(async () => {
      const connection = await DuckdbConnection.open(':memory:', settings);
      await connection.run(
        'create table numbers as select i, md5(i::varchar) as h from range(1000000) as r (i)',
      );
    });

    expect(failure?.hint).toContain('engine.memory_limit');
  });

  it('of a damaged object points to verify, and not to the model that reads it', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'rows.parquet');
      await writeFile(path, 'PAR1 and then nothing that is Parquet');
      const settings = { memoryLimit: '512MB', threads: 1, temporaryDirectory: folder };
      const failure = await failureOf(async () => {
        const connection = await DuckdbConnection.open(':memory:', settings);
        try {
          await connection.run(`select * from read_parquet('${path}')`);
        } catch (error) {
          throw new ModelError('sql/marts/orders.sql: failed', 'Mend the model.', { cause: error });
        }
      });

      expect(failure?.message).toBe('sql/marts/orders.sql: failed');
      expect(failure?.hint).toContain('dongu verify');
    }));

  it('is not what a fault of the program is', () => {
    expect(systemFailure(new TypeError('x is not a function'))).toBeUndefined();
    expect(
      systemFailure(new ModelError('sql/marts/orders.sql: Binder Error', 'Mend the model.')),
    ).toBeUndefined();
  });
});

describe('a failure of the cloud', () => {
  const named = (name: string, text = 'said by the service') => Object.assign(new Error(text), { name });

  it('that nobody answers says so, wherever in the chain of causes', async () => {
    const failure = await failureOf(async () => {
      const connection = await once(connect(9, '127.0.0.1'), 'connect').catch((error: unknown) => error);
      throw new ModelError('sql/marts/orders.sql: nobody answers', 'Mend the model.', { cause: connection });
    });

    expect(failure?.message).toBe('sql/marts/orders.sql: nobody answers');
    expect(failure?.hint).toContain('AWS_ENDPOINT_URL');
  });

  it.each([
    ['CredentialsProviderError', 'AWS_PROFILE'],
    ['ExpiredTokenException', 'AWS_PROFILE'],
    ['AccessDeniedException', 'docs/athena.md'],
    ['AccessDenied', 'docs/athena.md'],
    ['NoSuchBucket', 'engine.athena.root'],
    ['PermanentRedirect', 'engine.athena.region'],
    ['TooManyRequestsException', 'run the command again later'],
    ['SlowDown', 'run the command again later'],
  ])('of the kind %s has its own advice', (name, advice) => {
    expect(systemFailure(named(name))?.hint).toContain(advice);
  });

  it('without words is told by its name', () => {
    expect(systemFailure(named('NoSuchBucket', ''))?.message).toBe('NoSuchBucket');
  });

  it('of another kind is none', () => {
    expect(systemFailure(named('InvalidRequestException'))).toBeUndefined();
  });
});
