import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Catalogue } from '../core/catalogue.ts';
import { type Configuration, readConfiguration } from '../core/configuration.ts';
import { ModelError } from '../core/errors.ts';
import { type Kpi, readKpiDefinition } from '../core/kpi-definition.ts';
import {
  type InputDefinition,
  type Model,
  type ModelLayer,
  type ModelText,
  readInputDefinition,
  readModelDefinition,
} from '../core/model-definition.ts';
import { loadLifecycles } from './lifecycle-files.ts';
import { loadFacts, readSeed, sqlFolder } from './project-files.ts';

async function filesOf(folder: string, extension: string): Promise<readonly string[]> {
  const files = await readdir(join(sqlFolder, folder));
  return files.filter((file) => file.endsWith(extension)).sort();
}

async function readPair(
  folder: string,
  file: string,
): Promise<{ readonly yaml: string; readonly sql: string }> {
  const yaml = await readFile(join(sqlFolder, folder, file.replace(/\.sql$/, '.yml')), 'utf8').catch(
    (error: unknown) => {
      throw new ModelError(
        `sql/${folder}/${file}: has no YAML beside it`,
        `Write ${file.replace(/\.sql$/, '.yml')}.`,
        {
          cause: error,
        },
      );
    },
  );
  return { yaml, sql: await readSelect(folder, file) };
}

/** A definition less its cases, which only tests read: most of the text, and a run would parse it for nothing. */
function withoutCases(yaml: string): string {
  return yaml.replace(/^cases:.*\n(?:(?:[ #-].*)?\n|[ #-].*$)*/m, '');
}

const whole = (yaml: string): string => yaml;

async function readSelect(folder: string, file: string): Promise<string> {
  return (await readFile(join(sqlFolder, folder, file), 'utf8')).trim().replace(/;$/, '');
}

async function loadLayer(layer: ModelLayer, part: (yaml: string) => string): Promise<readonly Model[]> {
  const files = await filesOf(layer, '.sql');
  return Promise.all(
    files.map(async (file) => {
      const { yaml, sql } = await readPair(layer, file);
      const definition = readModelDefinition(part(yaml), `sql/${layer}/${file.replace(/\.sql$/, '.yml')}`);
      if (definition.model !== basename(file, '.sql')) {
        throw new ModelError(
          `sql/${layer}/${file}: its YAML says \`model: ${definition.model}\``,
          'Name both alike.',
        );
      }
      return { name: definition.model, layer, file: `sql/${layer}/${file}`, sql, definition };
    }),
  );
}

/** All models of sql/staging, sql/intermediate and sql/marts. */
export async function loadModels(part = whole): Promise<readonly Model[]> {
  const layers = ['staging', 'intermediate', 'marts'] as const;
  return (await Promise.all(layers.map((layer) => loadLayer(layer, part)))).flat();
}

/** The models' SQL alone: their YAML, with its cases, takes most of the time to read. */
export async function loadModelTexts(): Promise<readonly ModelText[]> {
  const folders = ['staging', 'intermediate', 'marts'] as const;
  const layers = folders.map(async (folder) =>
    (await filesOf(folder, '.sql')).map(async (file) => ({
      name: basename(file, '.sql'),
      file: `sql/${folder}/${file}`,
      sql: await readSelect(folder, file),
    })),
  );
  return Promise.all((await Promise.all(layers)).flat());
}

/** The KPI catalogue: each entry with its select, in the order of the pages. */
export async function loadKpis(part = whole): Promise<readonly Kpi[]> {
  const files = await filesOf('kpis', '.sql');
  const kpis = await Promise.all(
    files.map(async (file) => {
      const { yaml, sql } = await readPair('kpis', file);
      const definition = readKpiDefinition(part(yaml), `sql/kpis/${file.replace(/\.sql$/, '.yml')}`);
      if (definition.kpi !== basename(file, '.sql')) {
        throw new ModelError(
          `sql/kpis/${file}: its YAML says \`kpi: ${definition.kpi}\``,
          'Name both alike.',
        );
      }
      return { definition, sql, file: `sql/kpis/${file}` };
    }),
  );
  return kpis.sort(
    (a, b) => a.definition.position - b.definition.position || (a.definition.kpi < b.definition.kpi ? -1 : 1),
  );
}

/** Relations that models read and no model makes. */
export async function loadInputs(): Promise<readonly InputDefinition[]> {
  const files = await filesOf('inputs', '.yml');
  return Promise.all(
    files.map(async (file) =>
      readInputDefinition(await readFile(join(sqlFolder, 'inputs', file), 'utf8'), `sql/inputs/${file}`),
    ),
  );
}

/**
 * Everything that a run needs: sql/ but for the cases, and the lifecycles that the configuration names. A seed is a CSV of sql/seeds
 * that has an input of its name.
 */
export async function loadCatalogue(
  configuration: Configuration = readConfiguration('', 'dongu.yaml'),
  projectFolder?: string,
): Promise<Catalogue> {
  const [models, kpis, inputs, facts] = await Promise.all([
    loadModels(withoutCases),
    loadKpis(withoutCases),
    loadInputs(),
    loadFacts(),
  ]);
  const files = new Set(await readdir(join(sqlFolder, 'seeds')));
  const names = inputs.map(({ input }) => input).filter((name) => files.has(`${name}.csv`));
  const seeds = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readSeed(name)] as const)),
  );
  const lifecycles = await loadLifecycles(configuration, projectFolder);
  return { models, kpis, inputs, facts, lifecycles, seeds };
}
