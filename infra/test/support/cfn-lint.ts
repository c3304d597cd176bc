import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Environment } from '../../../test/support/bed/command.ts';
import { pythonWith } from './python-tool.ts';

const requirements = fileURLToPath(new URL('requirements-cfn-lint.txt', import.meta.url));

/** The library writes that a function waits for its role's policy, and with it for the role, which it names anyway. */
const ignored = ['W3005'];

export interface LintFinding {
  readonly rule: string;
  readonly message: string;
  readonly resource: string;
}

interface RawFinding {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Filename: string;
  readonly Location: { readonly Path: readonly (string | number)[] };
}

/** What cfn-lint says of templates, warnings included. */
export async function lint(
  files: readonly string[],
  environment: Environment,
): Promise<readonly LintFinding[]> {
  const python = await pythonWith('cfn-lint', requirements, environment);
  // the command's own file names the folder in which the environment was made
  const cli = [
    '-c',
    'from cfnlint.runner import main; main()',
    '--format',
    'json',
    '--ignore-checks',
    ...ignored,
    '--regions',
    'eu-central-1',
  ];
  const text = await promisify(execFile)(python, [...cli, '--', ...files], { maxBuffer: 64 * 1024 ** 2 })
    .then(({ stdout }) => stdout)
    // it ends with a code of its own where it has found something
    .catch((error: { stdout?: string; stderr?: string }) => {
      if (!error.stdout) {
        throw new Error(`cfn-lint did not run: ${error.stderr}`);
      }
      return error.stdout;
    });
  return (JSON.parse(text || '[]') as readonly RawFinding[]).map(({ Rule, Message, Location }) => ({
    rule: Rule.Id,
    message: Message,
    resource: Location.Path.slice(0, 2).join('/'),
  }));
}
