import { join } from 'node:path';
import { withLock } from '../../adapters/home-lock.ts';
import { loadSource } from '../../adapters/project-files.ts';
import type { StoredWriteKeys } from '../../adapters/stored-write-keys.ts';
import { isValidAt, type WriteKey } from '../../core/collect/write-keys.ts';
import { ConfigurationError } from '../../core/errors.ts';
import { unknownNameText } from '../../core/nearest-name.ts';
import { makeSuccessor, makeWriteKey } from '../../use-cases/make-write-key.ts';
import type { Home } from '../home.ts';
import { tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';
import { writeKeysOf } from './collect.ts';

/** Options of every command of keys. */
export interface KeysOptions extends GlobalOptions {
  /** Where a deployed installation has its list, instead of the home. */
  readonly lake?: string;
}

export interface NewKeyOptions {
  readonly source: string;
  readonly kind: WriteKey['kind'];
  readonly id?: string;
  readonly event?: readonly string[];
  readonly origin?: readonly string[];
  readonly redirect?: readonly string[];
  readonly quota?: number;
  readonly from?: Date;
  readonly until?: Date;
}

type Change = (keys: readonly WriteKey[]) => readonly WriteKey[];

interface KeyList {
  readonly keys: StoredWriteKeys;
  readonly change: (work: Change) => Promise<void>;
}

/** In a home one change at a time; beside a run, which a leaked key must not wait for. */
async function keyListOf(home: Home, lake: string | undefined): Promise<KeyList> {
  if (lake === undefined) {
    const keys = writeKeysOf(home);
    return { keys, change: (work) => withLock(join(home.root, 'keys', 'lock'), () => keys.change(work)) };
  }
  const { deployedWriteKeys } = await import('../deployed-lake.ts');
  const keys = deployedWriteKeys(lake);
  return { keys, change: (work) => keys.change(work) };
}

/** Makes a key and shows it: the only time that it can be seen. */
export async function newKeyCommand(options: KeysOptions, wanted: NewKeyOptions): Promise<void> {
  await withHome(options, async (home) => {
    const { definition } = await loadSource(wanted.source, home.projectFolder);
    const { change } = await keyListOf(home, options.lake);
    const { secret, key } = makeWriteKey({
      kind: wanted.kind,
      source: definition.source,
      id: wanted.id,
      events: wanted.event ?? [],
      origins: wanted.origin ?? [],
      redirects: wanted.redirect ?? [],
      quotaPerMinute: wanted.quota,
      validFrom: wanted.from ?? home.clock.now(),
      validUntil: wanted.until,
    });
    await change((keys) => [...keys, key]);
    process.stdout.write(`${secret}\n`);
    home.telemetry.done(
      `${key.id}: a ${key.kind} key of source ${key.source}; it is shown this once${pathText(key)}`,
    );
  });
}

const pathText = ({ kind, id }: WriteKey): string =>
  kind === 'webhook' ? `; its path is /v1/webhook/${id}` : '';

/** Makes a key that may what the old one may, shows it, and ends the old one. */
export async function replaceKeyCommand(
  options: KeysOptions,
  id: string,
  { at, newId }: { readonly at?: Date; readonly newId?: string },
): Promise<void> {
  await withHome(options, async (home) => {
    const { change } = await keyListOf(home, options.lake);
    const now = home.clock.now();
    const until = at ?? now;
    const made: { successor?: ReturnType<typeof makeSuccessor> } = {};
    await change((keys) => {
      made.successor ??= makeSuccessor(keyOf(keys, id), newId, now);
      return [...ended(keys, id, until), made.successor.key];
    });
    const { secret, key } = made.successor ?? {};
    process.stdout.write(`${secret}\n`);
    home.telemetry.done(`${key?.id}: in place of ${id}; it is shown this once${key ? pathText(key) : ''}`);
    home.telemetry.done(`${id}: no longer valid from ${until.toISOString()}`);
  });
}

export async function listKeysCommand(options: KeysOptions): Promise<void> {
  await withHome(options, async (home) => {
    const keys = await (await keyListOf(home, options.lake)).keys.read();
    const now = home.clock.now();
    process.stdout.write(`${keysText(keys, now)}\n`);
  });
}

function keysText(keys: readonly WriteKey[], now: Date): string {
  if (keys.length === 0) {
    return 'no write key: make one with dongu collect keys new --source segment';
  }
  const rows = keys.map((key) => ({
    id: key.id,
    source: key.source,
    kind: key.kind,
    state: isValidAt(key, now) ? 'valid' : 'not valid',
    events: eventsText(key),
    origins: key.kind === 'public' ? key.origins.join(', ') : '',
    quota_per_minute: key.quota_per_minute,
    valid_from: key.valid_from,
    valid_until: key.valid_until,
  }));
  return tableText(Object.keys(rows[0] ?? {}), rows);
}

function eventsText(key: WriteKey): string {
  if (key.kind === 'webhook') {
    return '';
  }
  return key.events === 'all' ? 'all' : key.events.join(', ');
}

/** Ends a key, at once or at an instant to which its successor overlaps. */
export async function revokeKeyCommand(
  options: KeysOptions,
  id: string,
  at: Date | undefined,
): Promise<void> {
  await withHome(options, async (home) => {
    const { change } = await keyListOf(home, options.lake);
    const until = at ?? home.clock.now();
    await change((keys) => ended(keys, keyOf(keys, id).id, until));
    home.telemetry.done(`${id}: no longer valid from ${until.toISOString()}`);
  });
}

function keyOf(keys: readonly WriteKey[], id: string): WriteKey {
  const found = keys.find((key) => key.id === id);
  if (found === undefined) {
    throw new ConfigurationError(
      `the write key ${unknownNameText(
        id,
        keys.map((key) => key.id),
      )}`,
      'dongu collect keys list shows the keys.',
    );
  }
  return found;
}

const ended = (keys: readonly WriteKey[], id: string, until: Date): readonly WriteKey[] =>
  keys.map((key) => (key.id === id ? { ...key, valid_until: until.toISOString() } : key));
