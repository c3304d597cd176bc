import { createServer, request as openRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export interface CollectorFront {
  /** What an SDK is given as its host. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A host of this machine behind which the deployed collector stands: it does what DNS and TLS do for the collector's own address, whose
 * name the emulator knows it by.
 */
export async function openCollectorFront(collector: string, endpoint: string): Promise<CollectorFront> {
  const { hostname: name, pathname } = new URL(collector);
  const { hostname, port } = new URL(endpoint);
  const host = emulatedHost(name, port);
  const base = pathname.replace(/\/$/, '');
  const server = createServer((request, response) => {
    const upstream = openRequest(
      {
        host: hostname,
        port,
        method: request.method,
        path: `${base}${request.url ?? '/'}`,
        headers: { ...request.headers, host },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, response).catch(() => response.destroy());
      },
    );
    upstream.on('error', () => response.destroy());
    pipeline(request, upstream).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The emulator knows an HTTP API under a name of its own host; function URLs and all else as AWS calls them. */
const emulatedHost = (name: string, port: string): string =>
  name.replace(/^([a-z0-9]+)\.execute-api\..*$/, `$1.execute-api.localhost:${port}`);
