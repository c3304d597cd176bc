import { spawn } from 'node:child_process';

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
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
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

/** The last lines of a text: what a person reads first. */
export const tailOf = (text: string, lines = 30): string =>
  text.trimEnd().split('\n').slice(-lines).join('\n');
