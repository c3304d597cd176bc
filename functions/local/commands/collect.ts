import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { FolderObjectStore, ownerModes } from '../../adapters/folder-object-store.ts';
import { FolderQueue } from '../../adapters/folder-queue.ts';
import { StoredWriteKeys, writeKeysKey } from '../../adapters/stored-write-keys.ts';
import { ConfigurationError, errorCode, errorText } from '../../core/errors.ts';
import { collectHandler } from '../../handlers/collect.ts';
import { QuotaMeter } from '../../use-cases/quota-meter.ts';
import { serveCollect } from '../collect-server.ts';
import type { Home } from '../home.ts';
import { landQueue, queueFolder } from '../land-queue.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export interface CollectCommandOptions {
  readonly host: string;
  readonly port: number;
  readonly bodySeconds: number;
  /** Whether this process lands as well what it takes. */
  readonly land: boolean;
}

/** How long requests that are under way may take to finish when the process is told to stop. */
const STOPPING_MILLISECONDS = 10_000;

const LANDING_PAUSE_SECONDS = 10;

/** How long a list of keys is used before the file is looked at again, so that a revoked key ends at once. */
const KEYS_FRESH_MILLISECONDS = 500;

export const writeKeysOf = (home: Home): StoredWriteKeys =>
  new StoredWriteKeys(new FolderObjectStore(home.root, ownerModes), KEYS_FRESH_MILLISECONDS);

export async function collectCommand(options: GlobalOptions, serving: CollectCommandOptions): Promise<void> {
  await withHome(options, async (home) => {
    const writeKeys = writeKeysOf(home);
    // without a key nothing could come in: better said now than to each sender
    const keys = await writeKeys.list();
    if (keys.length === 0) {
      throw new ConfigurationError(
        `there is no write key in ${home.store.address(writeKeysKey)}`,
        'Make one, which is shown once: dongu collect keys new --source segment.',
      );
    }
    const queue = new FolderQueue(queueFolder(home));
    const handler = collectHandler(
      { queue, writeKeys, clock: home.clock, quota: new QuotaMeter() },
      { logger: new Logger({ serviceName: 'collect' }) },
    );
    const { server, url } = await serveCollect(handler, serving).catch((error: unknown) => {
      throw listenFault(error, serving);
    });
    // heard from before the address is told: who reads it may tell the process to stop at once
    const stopped = untilStopped(server);
    process.stdout.write(`\n  ${url}   takes touchpoints; write keys: ${keys.length}\n\n  Ctrl+C stops.\n`);
    const stopping = new AbortController();
    const landing = serving.land ? keepLanding(home, queue, stopping.signal) : undefined;
    await stopped;
    stopping.abort();
    await landing;
    await queue.close();
  });
}

/** Whatever stops the landing, what senders bring is kept: it waits in the queue. */
async function keepLanding(home: Home, queue: FolderQueue, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await landQueue(home, { isOnce: false, signal, queue }).catch((error: unknown) => {
      home.telemetry.warn(`landing waits ${LANDING_PAUSE_SECONDS} s: ${errorText(error)}`);
    });
    await pause(LANDING_PAUSE_SECONDS, signal);
  }
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(seconds * 1000, undefined, { signal }).catch(() => undefined);
}

/** Senders know the address: another port than the one said would be as good as none. */
function listenFault(error: unknown, { host, port }: CollectCommandOptions): unknown {
  const hints: Readonly<Record<string, string>> = {
    EADDRINUSE: 'Stop what listens there, or choose another --port.',
    EACCES: 'Ports below 1024 need rights: choose another --port.',
    EADDRNOTAVAIL: 'This machine has no such address: check --host.',
    ENOTFOUND: 'This machine has no such address: check --host.',
  };
  const hint = hints[errorCode(error) ?? ''];
  return hint === undefined
    ? error
    : new ConfigurationError(`the collector cannot listen at ${host}:${port} (${errorCode(error)})`, hint, {
        cause: error,
      });
}

/** Takes no more, answers what is under way, and ends. */
async function untilStopped(server: Server): Promise<void> {
  await new Promise<void>((done) => {
    const stop = (): void => {
      const timer = globalThis.setTimeout(() => server.closeAllConnections(), STOPPING_MILLISECONDS);
      // a connection that waits for its next request is idle only once this one is answered
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      server.close(() => {
        clearTimeout(timer);
        clearInterval(sweep);
        done();
      });
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
