import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WriteKeyFile } from '../../../functions/adapters/write-key-file.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { publicKey, serverKey, writeKeys } from '../../support/collector.ts';

describe('WriteKeyFile', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dongu-keys-'));
    path = join(folder, 'keys', 'write-keys.yml');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('reads what it wrote, into a file for its owner only', async () => {
    const keys = writeKeys(serverKey(), publicKey());
    const file = new WriteKeyFile(path);

    await file.write(keys);

    expect(await file.list()).toEqual(keys);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'keys'))).toEqual(['write-keys.yml']);
  });

  it('says what to do where there is no key', async () => {
    const file = new WriteKeyFile(path);

    await expect(file.list()).rejects.toThrow(ConfigurationError);
    await expect(file.list()).rejects.toMatchObject({ hint: expect.stringContaining('collect keys new') });
  });

  it('takes a list without keys for none', async () => {
    const file = new WriteKeyFile(path);
    await file.write([]);

    await expect(file.list()).rejects.toThrow('there is no write key');
  });

  it('sees a change within a second', async () => {
    const [serving, changing] = [new WriteKeyFile(path), new WriteKeyFile(path)];
    await changing.write(writeKeys(serverKey()));
    await serving.list();

    await changing.write(writeKeys(serverKey({ valid_until: '2026-01-01T00:00:00Z' })));
    await new Promise((done) => setTimeout(done, 600));

    expect((await serving.list())[0]).toHaveProperty('valid_until');
  });

  it('goes on with nothing but an error when the file is damaged, and recovers', async () => {
    const file = new WriteKeyFile(path);
    await file.write(writeKeys(serverKey()));
    await file.list();

    await writeFile(path, 'keys: [{');
    await new Promise((done) => setTimeout(done, 600));
    await expect(file.list()).rejects.toThrow(ConfigurationError);

    await file.write(writeKeys(serverKey()));
    expect(await file.list()).toHaveLength(1);
  });
});
