import { z } from 'zod';
import { BusyError, LakeError, UnfinishedRun } from '../core/errors.ts';
import { fenceOf, manifestKey } from '../core/run-fence.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease } from '../ports/lease.ts';
import type { ObjectStore } from '../ports/object-store.ts';

export const leaseKey = 'runs/lease.json';

/** So long after its last renewal a lease is nobody's. */
const LEASE_MILLISECONDS = 10 * 60_000;
const RENEWALS_A_LEASE = 4;
/** Others are taking the lease as well. */
const MOST_TRIES = 10;

const LeaseRecord = z.strictObject({
  schema: z.literal('dongu.lease/1'),
  token: z.number().int().positive(),
  holder: z.string(),
  /** Null once it was given back. The object stays, because the next token follows from it. */
  expires_at: z.iso.datetime().nullable(),
});
type LeaseRecord = Readonly<z.infer<typeof LeaseRecord>>;

export interface LeasePorts {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /**
   * Who asks, as far as it runs one thing at a time: a lease of its own that is still held was left by a run that is dead, and is
   * taken over at once.
   */
  readonly holder: string;
  /** Milliseconds between two renewals; a part of the lease's time unless told. */
  readonly renewEvery?: number;
  /** Keys of the manifests that runs of this store may have published; the one unless told. */
  readonly manifests?: readonly string[];
}

/**
 * Does the work while no other run of this store does such work; refuses to wait. A lease cannot stop a run that slept through
 * its end: therefore what it publishes carries the token.
 */
export async function withRunLease<T>(ports: LeasePorts, work: (lease: Lease) => Promise<T>): Promise<T> {
  const { token } = await take(ports);
  const lease: Lease = { token, check: () => check(ports, token) };
  const timer = setInterval(
    // whether it is lost is found by the next check, and a fault of the store passes
    () => void renew(ports, token, expiry(ports.clock)).catch(() => undefined),
    ports.renewEvery ?? LEASE_MILLISECONDS / RENEWALS_A_LEASE,
  );
  timer.unref();
  let isKept = false;
  try {
    return await work(lease);
  } catch (error) {
    // until another process of this holder goes on with the run
    isKept = error instanceof UnfinishedRun;
    throw error;
  } finally {
    clearInterval(timer);
    if (!isKept) {
      // it ends by itself in any case
      await renew(ports, token, null).catch(() => undefined);
    }
  }
}

const expiry = (clock: Clock): string => new Date(clock.now().getTime() + LEASE_MILLISECONDS).toISOString();

async function take(ports: LeasePorts): Promise<LeaseRecord> {
  const { store, clock, holder, manifests = [manifestKey] } = ports;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const { record, etag } = await readLease(store);
    if (record && record.holder !== holder && isHeld(record, clock.now())) {
      throw new BusyError(
        'another run is at work, from another home or machine',
        `Wait until it ends. If none is, its lease ends at ${record.expires_at}.`,
      );
    }
    // a lost lease must not begin again below what is published
    const published = await Promise.all(manifests.map(async (key) => fenceOf(await store.getText(key))));
    const token = Math.max(record?.token ?? 0, ...published) + 1;
    const taken: LeaseRecord = { schema: 'dongu.lease/1', token, holder, expires_at: expiry(clock) };
    if (await store.replaceText(leaseKey, leaseText(taken), etag)) {
      return taken;
    }
  }
  throw new LakeError('other runs are taking the lease all the time', 'Try again.');
}

/** An end that is too far away was written by a clock that is wrong, or is read by one. */
function isHeld({ expires_at }: LeaseRecord, now: Date): boolean {
  const left = expires_at === null ? 0 : Date.parse(expires_at) - now.getTime();
  return left > 0 && left <= 2 * LEASE_MILLISECONDS;
}

async function check({ store }: LeasePorts, token: number): Promise<void> {
  const { record } = await readLease(store);
  if (record?.token !== token) {
    throw new LakeError(
      'a later run has taken over, because this one was silent for too long',
      'Nothing is to be done: readers get the later run.',
    );
  }
}

/** Moves the end of the lease, or gives it back; does nothing where it is another one's by now. */
async function renew({ store, holder }: LeasePorts, token: number, expires_at: string | null): Promise<void> {
  const { record, etag } = await readLease(store);
  if (record?.token === token) {
    const renewed: LeaseRecord = { schema: 'dongu.lease/1', token, holder, expires_at };
    await store.replaceText(leaseKey, leaseText(renewed), etag);
  }
}

const leaseText = (record: LeaseRecord): string => `${JSON.stringify(record)}\n`;

/** A damaged lease is nobody's: the next token follows from what is published. */
async function readLease(
  store: ObjectStore,
): Promise<{ readonly record: LeaseRecord | undefined; readonly etag: string | undefined }> {
  const { text, etag } = await store.getVersion(leaseKey);
  const { data } = LeaseRecord.safeParse(parsed(text ?? ''));
  return { record: data, etag };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Replaces an object while the lease is held. Whoever takes the lease over afterwards replaces it after that: either this write
 * comes first and is replaced, or it finds another version than it has seen.
 */
export async function putWhileHeld(
  store: ObjectStore,
  lease: Pick<Lease, 'check'>,
  key: string,
  text: string,
): Promise<void> {
  for (;;) {
    const { etag } = await store.getVersion(key);
    await lease.check();
    if (await store.replaceText(key, text, etag)) {
      return;
    }
  }
}
