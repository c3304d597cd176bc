import { createHmac } from 'node:crypto';
import { LakeError } from '../core/errors.ts';
import { identityKeyCheckKey } from '../core/lake-layout.ts';
import type { ObjectStore } from '../ports/object-store.ts';

const CHECKED_TEXT = 'dongu identity key';

export const KEY_BYTES = 32;

export interface KeptKey {
  /** How a person calls it, for messages. */
  readonly name: string;
  /** The key, or undefined where there is none yet. */
  readonly read: () => Promise<Buffer | undefined>;
  /** Makes one and answers the one that is kept: another process may have been first. */
  readonly make: () => Promise<Buffer>;
}

/**
 * The kept key, made at first use. The lake keeps a check value of it, from which the key cannot be had: a lake that has
 * one takes no other key.
 */
export async function checkedIdentityKey({ name, read, make }: KeptKey, store: ObjectStore): Promise<Buffer> {
  const check = await store.getText(identityKeyCheckKey);
  const existing = await read();
  if (!existing && check !== undefined) {
    throw new LakeError(
      `the identity key ${name} is gone, but this lake was made with it`,
      'Restore it from a backup: with another key every customer would become a new one.',
    );
  }
  const key = existing ?? (await make());
  const own = `${createHmac('sha256', key).update(CHECKED_TEXT).digest('hex')}\n`;
  if (check === undefined) {
    await store.putText(identityKeyCheckKey, own, { ifAbsent: true });
  }
  if ((check ?? (await store.getText(identityKeyCheckKey))) !== own) {
    throw new LakeError(
      `the identity key ${name} is not the one that this lake was made with`,
      'Restore the right one from a backup: with another key every customer would become a new one.',
    );
  }
  return key;
}

/** A key's text: 64 hexadecimal digits, or 32 bytes in base64. */
export function readIdentityKey(text: string, name: string): Buffer {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) {
    return Buffer.from(trimmed, 'hex');
  }
  if (/^[A-Za-z0-9+/]{43}=$/.test(trimmed)) {
    return Buffer.from(trimmed, 'base64');
  }
  throw new LakeError(
    `the identity key in ${name} is damaged`,
    'Restore it from a backup: with another key every customer would become a new one.',
  );
}
