import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { findFreePort, startOnFreePort } from './free-port.ts';

it('finds a port that can be listened on', async () => {
  const port = await findFreePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  server.close();
});

it('tries another port when the one it found was taken in between, and not for ever', async () => {
  const tried: number[] = [];
  const start = async (port: number): Promise<string> => {
    tried.push(port);
    if (tried.length < 3) throw new Error(`Trino ended with 1:\nAddress already in use`);
    return 'started';
  };
  expect(await startOnFreePort(start)).toBe('started');
  expect(tried).toHaveLength(3);
  await expect(startOnFreePort(() => Promise.reject(new Error('already in use')))).rejects.toThrow('in use');
});

it('does not try again what failed for another reason', async () => {
  let tries = 0;
  const start = async (): Promise<never> => {
    tries += 1;
    throw new Error('no memory');
  };
  await expect(startOnFreePort(start)).rejects.toThrow('no memory');
  expect(tries).toBe(1);
});
