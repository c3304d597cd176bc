import { createServer } from 'node:net';

/** A port of the loopback address that nobody listens on just now. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}

/** Another process may take the port before it is used: then another one is tried. */
export async function startOnFreePort<T>(start: (port: number) => Promise<T>, tries = 3): Promise<T> {
  try {
    return await start(await findFreePort());
  } catch (error) {
    const isTaken = error instanceof Error && /already in use/i.test(error.message);
    if (!isTaken || tries <= 1) throw error;
    return startOnFreePort(start, tries - 1);
  }
}
