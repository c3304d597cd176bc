import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join, resolve, sep } from 'node:path';
import { servedAs } from '../core/content-type.ts';

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
} as const;

async function fileOf(root: string, url: string): Promise<string | undefined> {
  const path = resolve(root, `.${decodeURIComponent(new URL(url, 'http://localhost').pathname)}`);
  if (path !== root && !path.startsWith(root + sep)) {
    return undefined;
  }
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    const index = join(path, 'index.html');
    return (await stat(index).catch(() => undefined)) ? index : undefined;
  }
  return found ? path : undefined;
}

async function answer(root: string, url: string, response: ServerResponse): Promise<void> {
  const path = await fileOf(root, url).catch(() => undefined);
  if (!path) {
    response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  const { contentType, cacheControl } = servedAs(path);
  response.writeHead(200, {
    ...headers,
    'content-type': contentType,
    'cache-control': cacheControl,
  });
  createReadStream(path).pipe(response);
}

/** Serves a folder of published pages on this machine only. Resolves once it listens, with the address. */
export function serveFolder(
  folder: string,
  port: number,
): Promise<{ readonly server: Server; readonly url: string }> {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    void answer(root, request.url ?? '/', response);
  });
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      done({ server, url: `http://127.0.0.1:${actual}/` });
    });
  });
}
