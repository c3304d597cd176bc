import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FolderFileSink } from '../../../functions/adapters/folder-file-sink.ts';
import { loadCatalogue } from '../../../functions/adapters/model-files.ts';
import { type Configuration, readConfiguration } from '../../../functions/core/configuration.ts';
import type { LifecycleTemplate } from '../../../functions/core/lifecycle-template.ts';
import { type SourceName, sourceFiles } from '../../../functions/core/simulation/source-files.ts';
import { defaultSimulation, simulateStore } from '../../../functions/use-cases/simulate-store.ts';
import type { SourceLine } from '../../oracle/types.ts';
import { hasRealData, realFiles } from '../real-data.ts';
import type { TestLake } from '../test-lake.ts';
import { worldToCsv } from '../world-changes.ts';
import {
  extremeLines,
  firstLine,
  lifecycleFile,
  ratesCsv,
  spendCsv,
  worldLines,
} from './adversarial-files.ts';
import type { Plan } from './two-engines.ts';

export interface DataSet {
  readonly title: string;
  readonly isThere: () => boolean;
  /** Whether the snapshots are compared too. */
  readonly isPublished: boolean;
  /** Whether every audit is run on both engines too. */
  readonly isAudited: boolean;
  /** Imports into a fresh lake and says what is to be built from it. */
  readonly fill: (lake: TestLake) => Promise<Plan>;
}

const always = (): boolean => true;

function configurationOf(zone: string, currency: string, lifecycles: readonly string[]): Configuration {
  return readConfiguration(
    JSON.stringify({ reporting: { time_zone: zone, currency }, lifecycles, influencers: ['ayse'] }),
    'parity',
  );
}

async function planOf(
  configuration: Configuration,
  asOf: string | undefined,
  templates: readonly LifecycleTemplate[] = [],
): Promise<Plan> {
  const catalogue = await loadCatalogue(configuration);
  const own = templates.map((template) => ({
    template,
    file: 'parity',
    origin: 'project' as const,
    parentLabels: {},
    ownTargets: [],
  }));
  return {
    catalogue: { ...catalogue, lifecycles: [...catalogue.lifecycles, ...own] },
    configuration,
    asOf: asOf === undefined ? undefined : new Date(asOf),
  };
}

/** Writes texts as files of a source and imports them. */
async function importTexts(lake: TestLake, source: string, texts: readonly string[]): Promise<void> {
  const folder = join(lake.folder, 'files', source);
  await mkdir(folder, { recursive: true });
  for (const [index, text] of texts.entries()) {
    const path = join(folder, `${String(index).padStart(4, '0')}.csv`);
    await writeFile(path, text);
    await lake.import(source, path);
  }
}

const importLines = (lake: TestLake, files: readonly (readonly SourceLine[])[]): Promise<void> =>
  importTexts(
    lake,
    'touchpoints',
    worldToCsv({
      seed: 0,
      files,
      parameters: { asOf: new Date(), timeZone: 'UTC', currency: 'TRY', activityEvent: 'order_completed' },
    }),
  );

const simulated: DataSet = {
  title: 'a simulated store',
  isThere: always,
  isPublished: true,
  isAudited: false,
  fill: async (lake) => {
    const files = join(lake.folder, 'files');
    await mkdir(files);
    await simulateStore({ ...defaultSimulation, customers: 80, months: 8 }, new FolderFileSink(files));
    for (const name of Object.keys(sourceFiles) as readonly SourceName[]) {
      await lake.import(name, join(files, sourceFiles[name].file));
    }
    const configuration = configurationOf('Europe/Istanbul', 'TRY', ['ecommerce', 'classic']);
    return planOf(configuration, undefined);
  },
};

/** The invoices of the first weeks: enough for repeat purchases, returns and cohorts. */
function retailLines(most: number): string {
  const text = gunzipSync(readFileSync(realFiles.onlineRetail)).toString('utf8');
  return `${text.split('\n').slice(0, most).join('\n')}\n`;
}

const real: DataSet = {
  title: 'the four real data sets',
  isThere: hasRealData,
  isPublished: true,
  isAudited: false,
  fill: async (lake) => {
    await lake.import('cdnow', realFiles.cdnow);
    await lake.import('ecom-clickstream', realFiles.clickstream);
    await lake.import('mrr-playbook', realFiles.mrrPlaybook);
    await importTexts(lake, 'online-retail', [retailLines(20_000)]);
    return planOf(configurationOf('Europe/London', 'GBP', ['ecommerce', 'saas']), '2024-05-01T00:00:00Z');
  },
};

const adversarial: DataSet = {
  title: 'adversarial worlds',
  isThere: always,
  isPublished: true,
  isAudited: true,
  fill: async (lake) => {
    const { lines, templates } = lifecycleFile(5, 4);
    await importLines(lake, [
      worldLines([3, 17, 29]),
      worldLines([41, 58, 77]),
      [...lines, ...extremeLines()],
    ]);
    await importTexts(lake, 'fx-rates', [ratesCsv]);
    await importTexts(lake, 'ad-spend', [spendCsv]);
    const configuration = configurationOf('America/New_York', 'TRY', ['ecommerce', 'growth']);
    return planOf(configuration, '2024-11-10T05:00:00Z', templates);
  },
};

const one: DataSet = {
  title: 'one touchpoint, in the first year that a time may be of',
  isThere: always,
  isPublished: false,
  isAudited: false,
  fill: async (lake) => {
    await importLines(lake, [[firstLine()]]);
    return planOf(configurationOf('Europe/Istanbul', 'TRY', ['ecommerce']), '1970-01-02T22:00:00Z');
  },
};

const nothing: DataSet = {
  title: 'nothing at all, in the last year that a cut may be of',
  isThere: always,
  isPublished: true,
  isAudited: false,
  fill: () => planOf(configurationOf('Europe/Istanbul', 'TRY', ['ecommerce']), '2100-12-30T21:00:00Z'),
};

export const dataSets = { simulated, real, adversarial, one, nothing } as const;
