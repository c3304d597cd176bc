import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { SecretsManagerSecrets } from '../../functions/adapters/secrets-manager-secrets.ts';
import { LakeError } from '../../functions/core/errors.ts';
import { identityKeyCheckKey } from '../../functions/core/lake-layout.ts';
import { type Cloud, openCloud } from '../support/cloud/cloud.ts';

let cloud: Cloud;
let store: FolderObjectStore;

beforeEach(async () => {
  cloud = await openCloud(inject('bed'), 'secret');
  store = new FolderObjectStore(cloud.folder);
});

afterEach(() => cloud.remove());

const secretsOf = (secretId = cloud.secretId): SecretsManagerSecrets =>
  new SecretsManagerSecrets(cloud.secrets, secretId, store);

const put = (text: string) =>
  cloud.secrets.send(new PutSecretValueCommand({ SecretId: cloud.secretId, SecretString: text }));

async function stops(secrets: SecretsManagerSecrets, message: string): Promise<void> {
  const error = await secrets.identityKey().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LakeError);
  expect((error as LakeError).message).toContain(message);
}

describe('the identity key in Secrets Manager', () => {
  it('is made once, whoever asks first, and the lake keeps no more than a check of it', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => secretsOf().identityKey()));

    expect(keys[0]).toHaveLength(32);
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await secretsOf().identityKey()).toEqual(keys[0]);
    expect(await store.getText(identityKeyCheckKey)).not.toContain(keys[0]?.toString('hex'));
  });

  it.each(['hex', 'base64'] as const)('may be given in %s', async (encoding) => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7));
    await put(`${key.toString(encoding)}\n`);

    expect(await secretsOf().identityKey()).toEqual(key);
  });

  it('of another lake is refused, and the right one is taken again by the same process', async () => {
    await put('ab'.repeat(32));
    await secretsOf().identityKey();
    await put('cd'.repeat(32));
    const secrets = secretsOf();

    await stops(secrets, 'is not the one that this lake was made with');
    await put('ab'.repeat(32));
    expect(await secrets.identityKey()).toEqual(Buffer.alloc(32, 0xab));
  });

  it('that is gone is not made anew for a lake that has one', async () => {
    await secretsOf().identityKey();
    await cloud.secrets.send(new CreateSecretCommand({ Name: `${cloud.secretId}-anew` }));

    await stops(secretsOf(`${cloud.secretId}-anew`), 'is gone, but this lake was made with it');
    const value = await cloud.secrets
      .send(new GetSecretValueCommand({ SecretId: `${cloud.secretId}-anew` }))
      .catch(() => undefined);
    expect(value?.SecretString).toBeUndefined();
  });

  it('is damaged where it is no key, and cannot be had without a secret', async () => {
    await put('correct horse battery staple');
    await stops(secretsOf(), 'is damaged');
    await stops(secretsOf('no-such-secret'), 'cannot be had (ResourceNotFoundException)');
  });
});
