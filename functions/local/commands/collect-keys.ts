import { join } from 'node:path';
import { withLock } from '../../adapters/home-lock.ts';
import { loadSource } from '../../adapters/project-files.ts';
import { isValidAt, readWriteKeys, type WriteKey } from '../../core/collect/write-keys.ts';
import { ConfigurationError } from '../../core/errors.ts';
import { unknownNameText } from '../../core/nearest-name.ts';
import { makeWriteKey } from '../../use-cases/make-write-key.ts';
import type { Home } from '../home.ts';
import { tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';
import { writeKeysOf } from './collect.ts';

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

/** One change at a time; beside a run, which a leaked key must not wait for. */
const changing = (home: Home, work: () => Promise<void>): Promise<void> =>
  withLock(join(home.root, 'keys', 'lock'), work);

/** Makes a key and shows it: the only time that it can be seen. */
export async function newKeyCommand(options: GlobalOptions, wanted: NewKeyOptions): Promise<void> {
  await withHome(options, async (home) => {
    const { definition } = await loadSource(wanted.source, home.projectFolder);
    const file = writeKeysOf(home);
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
    await changing(home, async () => {
      const keys = [...(await file.read()), key];
      // what would not be read again is not written
      await file.write(readWriteKeys(JSON.stringify({ keys }), 'the new key'));
    });
    process.stdout.write(`${secret}\n`);
    home.telemetry.done(
      `${key.id}: a ${key.kind} key of source ${key.source}; it is shown this once${
        key.kind === 'webhook' ? `; its path is /v1/webhook/${key.id}` : ''
      }`,
    );
  });
}

export async function listKeysCommand(options: GlobalOptions): Promise<void> {
  await withHome(options, async (home) => {
    const keys = await writeKeysOf(home).read();
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
  options: GlobalOptions,
  id: string,
  at: Date | undefined,
): Promise<void> {
  await withHome(options, async (home) => {
    const file = writeKeysOf(home);
    const until = at ?? home.clock.now();
    await changing(home, async () => {
      const keys = await file.read();
      if (!keys.some((key) => key.id === id)) {
        throw new ConfigurationError(
          `the write key ${unknownNameText(
            id,
            keys.map((key) => key.id),
          )}`,
          'dongu collect keys list shows the keys.',
        );
      }
      await file.write(
        keys.map((key) => (key.id === id ? { ...key, valid_until: until.toISOString() } : key)),
      );
    });
    home.telemetry.done(`${id}: no longer valid from ${until.toISOString()}`);
  });
}
