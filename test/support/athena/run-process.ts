import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { KillPoint } from './counted-calls.ts';

const counted = new URL('counted-calls.ts', import.meta.url).href;

export interface EndedProcess {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs a program of this repository with Node; `kill` names the call of AWS at which it dies. */
export async function runProcess(
  script: string,
  args: readonly string[],
  options: {
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly kill?: KillPoint;
    readonly callsFile?: string;
  },
): Promise<EndedProcess> {
  const { folder, kill, callsFile } = options;
  const preload = kill || callsFile ? ['--import', counted] : [];
  const child = spawn(process.execPath, [...preload, script, ...args], {
    cwd: folder,
    env: {
      // biome-ignore lint/style/noProcessEnv: a child has what this process has, and what it is told
      ...process.env,
      ...(kill && { DONGU_TEST_KILL: JSON.stringify(kill) }),
      ...(callsFile && { DONGU_TEST_CALLS: callsFile }),
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  }
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  return { code, signal, output: parts.join('') };
}

export const scriptPath = (relative: string): string =>
  fileURLToPath(new URL(`../../../${relative}`, import.meta.url));

export async function callsOf(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n');
}
