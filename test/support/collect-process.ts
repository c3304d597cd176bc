import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = join(root, 'bin', 'dongu.mjs');

export interface CollectProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Tells it to stop; resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function dongu(
  home: string,
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> {
  return promisify(execFile)(process.execPath, [command, '--home', home, ...args], { cwd: root }).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
}

/** A new key of the home. */
export async function newKey(home: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await dongu(
    home,
    'collect',
    'keys',
    'new',
    '--source',
    'segment',
    ...args,
  );
  if (code !== 0) {
    throw new Error(stderr);
  }
  return stdout.trim();
}

/** `dongu collect` as a process of its own, at a free port. */
export function startCollect(home: string, ...args: readonly string[]): Promise<CollectProcess> {
  const child = spawn(process.execPath, [command, '--home', home, 'collect', '--port', '0', ...args], {
    cwd: root,
  });
  let output = '';
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return new Promise((done, fail) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (url) {
        done({
          url,
          child,
          output: () => output,
          stop: (signal = 'SIGTERM') => {
            child.kill(signal);
            return ended;
          },
        });
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => fail(new Error(`dongu collect ended with ${code}: ${output}`)));
  });
}

/** Texts of all files of a folder and those in it. */
export async function textsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
}
