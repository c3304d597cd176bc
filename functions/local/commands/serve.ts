import type { Server } from 'node:http';
import { LakeError } from '../../core/errors.ts';
import type { Home } from '../home.ts';
import { serveFolder } from '../serve-folder.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function serveCommand(options: GlobalOptions, port: number): Promise<void> {
  await withHome(options, async (home) => {
    if (!(await home.store.getText('dashboards/index.html'))) {
      throw new LakeError('no page is published yet', 'Run first: dongu run, or npm start for the demo.');
    }
    await serveUntilStopped(home, port);
  });
}

/** Serves until the process is told to stop. A taken port is answered with a free one. */
export async function serveUntilStopped(home: Home, port: number): Promise<void> {
  const folder = home.store.localPath('dashboards');
  const { server, url } = await serveFolder(folder, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') {
      throw error;
    }
    home.telemetry.warn(`port ${port} is taken, another one is used`);
    return serveFolder(folder, 0);
  });
  // heard from before the address is told: who reads it may tell the process to stop at once
  const stopped = untilStopped(server);
  process.stdout.write(`\n  ${url}tr/   Türkçe\n  ${url}en/   English\n\n  Ctrl+C stops.\n`);
  await stopped;
}

function untilStopped(server: Server): Promise<void> {
  return new Promise((done) => {
    const stop = (): void => {
      server.close(() => done());
      server.closeAllConnections();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
