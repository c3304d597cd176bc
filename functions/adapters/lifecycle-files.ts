import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../core/configuration.ts';
import { lifecycleNames } from '../core/configuration.ts';
import type { Lifecycle } from '../core/lifecycle-template.ts';
import { readLifecycleTemplate } from '../core/read-lifecycle.ts';
import { sqlFolder } from './project-files.ts';

export async function loadLifecycles(
  configuration: Configuration,
  _projectFolder?: string,
): Promise<readonly Lifecycle[]> {
  return Promise.all(
    lifecycleNames(configuration).map(async (name) => {
      const text = await readFile(join(sqlFolder, 'lifecycles', `${name}.yml`), 'utf8');
      return {
        template: readLifecycleTemplate(text, name),
        file: name,
        origin: 'built-in' as const,
        parentLabels: {},
        ownTargets: [],
      };
    }),
  );
}
