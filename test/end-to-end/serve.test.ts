import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../bin/dongu.mjs', import.meta.url));

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dongu-serve-'));
  await mkdir(join(home, 'dashboards'), { recursive: true });
  await writeFile(join(home, 'dashboards', 'index.html'), '<!doctype html><title>a page</title>');
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('dongu serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends well when it is told %s as soon as it says its address',
    async (signal) => {
      const child = spawn(process.execPath, [command, '--home', home, 'serve', '--port', '0']);
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.includes('http://')) child.kill(signal);
      });
      const ended = await new Promise((done) => child.once('exit', (code, by) => done({ code, by })));

      expect(ended).toEqual({ code: 0, by: null });
    },
  );
});
