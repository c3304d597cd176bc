import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { LakeError } from '../core/errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { checkedIdentityKey, KEY_BYTES, readIdentityKey } from './identity-key-check.ts';

/** One version for whoever makes the key: a second process that puts another value under it is refused. */
const FIRST_VERSION = '0d6f6e67-7521-4a1b-8c6b-6b6579303031';

/**
 * The identity key in Secrets Manager. The secret itself is made by whoever deploys; one without a value gets it at first
 * use. Asked for once in a process.
 */
export class SecretsManagerSecrets implements Secrets {
  readonly #client: SecretsManagerClient;
  readonly #secretId: string;
  readonly #store: ObjectStore;
  #key: Promise<Buffer> | undefined;

  constructor(client: SecretsManagerClient, secretId: string, store: ObjectStore) {
    this.#client = client;
    this.#secretId = secretId;
    this.#store = store;
  }

  async identityKey(): Promise<Buffer> {
    this.#key ??= checkedIdentityKey(
      { name: this.#secretId, read: () => this.#read(), make: () => this.#make() },
      this.#store,
    );
    try {
      return await this.#key;
    } catch (error) {
      this.#key = undefined;
      throw error;
    }
  }

  async #make(): Promise<Buffer> {
    try {
      await this.#client.send(
        new PutSecretValueCommand({
          SecretId: this.#secretId,
          SecretString: randomBytes(KEY_BYTES).toString('hex'),
          ClientRequestToken: FIRST_VERSION,
        }),
      );
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) {
        throw this.#fault(error);
      }
    }
    const made = await this.#read();
    if (!made) {
      throw new LakeError(
        `the secret ${this.#secretId} keeps no value`,
        'Check that it is there, and that the role may put and get its value.',
      );
    }
    return made;
  }

  async #read(): Promise<Buffer | undefined> {
    try {
      const { SecretString: text, SecretBinary: bytes } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#secretId }),
      );
      // a binary value is not ours; without any value AWS answers with an error, emulators with nothing
      return text || bytes ? readIdentityKey(text ?? '', this.#secretId) : undefined;
    } catch (error) {
      // either the secret or its value is missing: putting one tells which
      if (error instanceof ResourceNotFoundException) {
        return undefined;
      }
      throw error instanceof LakeError ? error : this.#fault(error);
    }
  }

  #fault(cause: unknown): LakeError {
    const name = cause instanceof Error ? cause.name : 'unknown';
    return new LakeError(
      `the identity key ${this.#secretId} cannot be had (${name})`,
      'Check that the secret is there, and that the role may get its value and use its key.',
      { cause },
    );
  }
}
