import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a command for as long as its standard input is open. */
export const guardFile = fileURLToPath(new URL('bed-guard.py', import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

/** A command that is not there, or that ended with an error. */
export class CommandError extends Error {
  readonly isMissing: boolean;
  readonly output: string;

  constructor(message: string, { isMissing, output }: { isMissing: boolean; output: string }) {
    super(message);
    this.isMissing = isMissing;
    this.output = output;
  }
}

/** Runs a command to its end and answers what it printed, its complaints included. */
export function runCommand(
  command: string,
  commandArguments: readonly string[],
  environment: Environment,
  isGuarded = false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      env: environment,
      // a guard leads a group of its own, and lives until this pipe ends
      detached: isGuarded,
      stdio: [isGuarded ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr?.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      reject(new CommandError(`${command}: ${error.message}`, { isMissing, output: error.message }));
    });
    child.on('close', (code, signal) => {
      const output = Buffer.concat(pieces).toString('utf8');
      if (code === 0) resolve(output);
      else reject(new CommandError(`${command} ended with ${signal ?? code}`, { isMissing: false, output }));
    });
  });
}

/** The same for one that fills a folder: if this process dies, the command does too, and the folder goes with them. */
export const runFilling = (
  folder: string,
  command: string,
  commandArguments: readonly string[],
  environment: Environment,
): Promise<string> =>
  runCommand('python3', [guardFile, folder, command, ...commandArguments], environment, true);

/** The last lines of a text: what a person reads first. */
export const tailOf = (text: string, lines = 30): string =>
  text.trimEnd().split('\n').slice(-lines).join('\n');
