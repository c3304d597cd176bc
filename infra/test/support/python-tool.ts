import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolderOf, keepInCache } from '../../../test/support/bed/bed-cache.ts';
import { type Environment, runFilling } from '../../../test/support/bed/command.ts';
import { findPython } from '../../../test/support/bed/machine-tools.ts';

/** The Python of a virtual environment with what the file requires, by hash; made once. */
export async function pythonWith(
  name: string,
  requirements: string,
  environment: Environment,
): Promise<string> {
  await findPython(environment);
  const pins = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = await keepInCache(cacheFolderOf(environment), {
    name: `${name}-${pins}`,
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
