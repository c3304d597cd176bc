import type { Server } from 'node:http';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { WriteKeyFile } from '../../adapters/write-key-file.ts';
import { ConfigurationError, errorCode } from '../../core/errors.ts';
import { collectHandler } from '../../handlers/collect.ts';
import { QuotaMeter } from '../../use-cases/quota-meter.ts';
import { openCollectQueue } from '../collect-queue.ts';
import { serveCollect } from '../collect-server.ts';
import type { Home } from '../home.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export interface CollectCommandOptions {
  readonly host: string;
  readonly port: number;
  readonly bodySeconds: number;
}

/** How long requests that are under way may take to finish when the process is told to stop. */
const STOPPING_MILLISECONDS = 10_000;

export const writeKeyFile = (home: Home): WriteKeyFile =>
  new WriteKeyFile(join(home.root, 'keys', 'write-keys.yml'));

export async function collectCommand(options: GlobalOptions, serving: CollectCommandOptions): Promise<void> {
  await withHome(options, async (home) => {
    const writeKeys = writeKeyFile(home);
    // without a key nothing could come in: better said now than to each sender
    const keys = await writeKeys.list();
    const queue = await openCollectQueue(home.root);
    const handler = collectHandler(
      { queue, writeKeys, clock: home.clock, quota: new QuotaMeter() },
      { logger: new Logger({ serviceName: 'collect' }) },
    );
    const { server, url } = await serveCollect(handler, serving).catch((error: unknown) => {
      throw listenFault(error, serving);
    });
    process.stdout.write(`\n  ${url}   takes touchpoints; write keys: ${keys.length}\n\n  Ctrl+C stops.\n`);
    await untilStopped(server);
  });
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
      const timer = setTimeout(() => server.closeAllConnections(), STOPPING_MILLISECONDS);
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
