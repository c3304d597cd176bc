import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolderOf, keepInCache } from '../../../test/support/bed/bed-cache.ts';
import { type Environment, runFilling } from '../../../test/support/bed/command.ts';
import { findPython } from '../../../test/support/bed/machine-tools.ts';

const requirements = fileURLToPath(new URL('requirements-cfn-lint.txt', import.meta.url));

/** The command, in a virtual environment that is made once. */
async function cfnLint(environment: Environment): Promise<string> {
  await findPython(environment);
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = await keepInCache(cacheFolderOf(environment), {
    name: `cfn-lint-${pins}`,
    neededBytes: 0.5e9,
    fill: async ({ folder: staging, content, work }) => {
      await runFilling(staging, 'python3', ['-m', 'venv', content], environment);
      const settings = ['--quiet', '--no-input', '--disable-pip-version-check', '--only-binary=:all:'];
      await runFilling(
        staging,
        join(content, 'bin', 'python'),
        ['-m', 'pip', 'install', ...settings, '--require-hashes', '--requirement', requirements],
        { ...environment, TMPDIR: work },
      );
    },
  });
  return join(folder, 'bin', 'python');
}

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
  const python = await cfnLint(environment);
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
