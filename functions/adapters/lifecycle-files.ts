import { readdir, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { checkTargets } from '../core/check-targets.ts';
import { type Configuration, lifecycleNames } from '../core/configuration.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { LifecycleVocabulary } from '../core/lifecycle-issue.ts';
import type { Lifecycle } from '../core/lifecycle-template.ts';
import { unknownNameText } from '../core/nearest-name.ts';
import { readLifecycle } from '../core/read-lifecycle.ts';
import { withStageTargets } from '../core/stage-targets.ts';
import { exists, readSeed, sqlFolder } from './project-files.ts';

const builtInFolder = join(sqlFolder, 'lifecycles');

/** Ids of the lifecycles that ship with the program. */
export async function listLifecycles(): Promise<readonly string[]> {
  const files = await readdir(builtInFolder);
  return files
    .filter((file) => file.endsWith('.yml'))
    .map((file) => basename(file, '.yml'))
    .sort();
}

/** The text of a built-in lifecycle, to copy and edit. */
export async function builtInLifecycleText(id: string): Promise<string> {
  if (!(await listLifecycles()).includes(id)) {
    throw new ConfigurationError(
      `the lifecycle ${unknownNameText(id, await listLifecycles())}`,
      'Name a built-in lifecycle.',
    );
  }
  return readFile(join(builtInFolder, `${id}.yml`), 'utf8');
}

/** Every name that a template may use: the seeds, and the KPIs built and planned. */
export async function loadLifecycleVocabulary(): Promise<LifecycleVocabulary> {
  const column = async (seed: string, name: string) =>
    (await readSeed(seed)).flatMap((row) => (row[name] === undefined ? [] : [row[name]]));
  const built = (await readdir(join(sqlFolder, 'kpis'))).filter((file) => file.endsWith('.yml'));
  const [planned, roles, categories, phases, channels, marketingChannels] = await Promise.all([
    column('known_kpis', 'kpi_id'),
    column('roles', 'role'),
    column('stage_categories', 'category'),
    column('stage_phases', 'phase'),
    column('channels', 'channel'),
    column('marketing_channels', 'marketing_channel'),
  ]);
  const kpis = [...new Set([...built.map((file) => basename(file, '.yml')), ...planned])];
  return { kpis, roles, categories, phases, channels, marketingChannels };
}

/** The lifecycles of the configuration, checked with its targets, in its order. */
export async function loadLifecycles(
  configuration: Configuration,
  projectFolder: string | undefined,
): Promise<readonly Lifecycle[]> {
  const vocabulary = await loadLifecycleVocabulary();
  const units = new Map((await readSeed('known_kpis')).map(({ kpi_id, unit }) => [kpi_id, unit]));
  checkTargets(configuration, vocabulary.kpis, (kpi) => units.get(kpi));
  const lifecycles: Lifecycle[] = [];
  for (const name of lifecycleNames(configuration)) {
    const lifecycle = await loadLifecycle(name, projectFolder, vocabulary);
    const same = lifecycles.find(({ template }) => template.lifecycle === lifecycle.template.lifecycle);
    if (same) {
      const { lifecycle: id } = same.template;
      throw new ConfigurationError(
        same.file === lifecycle.file
          ? `dongu.yaml: lifecycles: "${id}" is named twice`
          : `dongu.yaml: lifecycles: ${lifecycle.file} has the id "${id}", as ${same.file} has`,
        'Name each lifecycle once, or give one of them another id.',
      );
    }
    lifecycles.push(lifecycle);
  }
  return withStageTargets(lifecycles, configuration.stage_targets);
}

/** By id (the project's own lifecycles/ID.yml before the built-in one), or by the path of an own file. */
async function loadLifecycle(
  name: string,
  projectFolder: string | undefined,
  vocabulary: LifecycleVocabulary,
): Promise<Lifecycle> {
  const own = name.endsWith('.yml') ? name : `lifecycles/${name}.yml`;
  const path = isAbsolute(own) ? own : join(projectFolder ?? '.', own);
  if (projectFolder !== undefined && (await exists(path))) {
    return readOwn(path, own, vocabulary);
  }
  if (name.endsWith('.yml')) {
    throw new ConfigurationError(
      `dongu.yaml: lifecycles: ${name} is not there`,
      'Give the path from the folder of dongu.yaml.',
    );
  }
  if (!(await listLifecycles()).includes(name)) {
    const known = new Set([...(await listLifecycles()), ...(await listOwn(projectFolder))]);
    throw new ConfigurationError(
      `dongu.yaml: lifecycles: ${unknownNameText(name, [...known])}`,
      `Name a built-in lifecycle, or write ${own} beside dongu.yaml.`,
    );
  }
  return readBuiltIn(name, vocabulary);
}

/** Ids of the files in the project's `lifecycles`. */
async function listOwn(projectFolder: string | undefined): Promise<readonly string[]> {
  const folder = join(projectFolder ?? '.', 'lifecycles');
  const files = projectFolder !== undefined && (await exists(folder)) ? await readdir(folder) : [];
  return files.filter((file) => file.endsWith('.yml')).map((file) => basename(file, '.yml'));
}

async function readBuiltIn(id: string, vocabulary: LifecycleVocabulary): Promise<Lifecycle> {
  const text = await builtInLifecycleText(id);
  return namedLike(id, readLifecycle(text, `sql/lifecycles/${id}.yml`, { vocabulary, origin: 'built-in' }));
}

async function readOwn(path: string, file: string, vocabulary: LifecycleVocabulary): Promise<Lifecycle> {
  const id = basename(path, '.yml');
  const builtIn = (await listLifecycles()).includes(id) ? await readBuiltIn(id, vocabulary) : undefined;
  const text = await readFile(path, 'utf8');
  return namedLike(
    id,
    readLifecycle(text, file, { vocabulary, origin: 'project', builtIn: builtIn?.template }),
  );
}

function namedLike(id: string, lifecycle: Lifecycle): Lifecycle {
  if (lifecycle.template.lifecycle !== id) {
    throw new ConfigurationError(
      `${lifecycle.file}: says \`lifecycle: ${lifecycle.template.lifecycle}\``,
      'A lifecycle is named like its file: rename one of the two.',
    );
  }
  return lifecycle;
}
