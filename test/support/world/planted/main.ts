// Tries every planted bug, each in a program of its own made of the project's modules with one text replaced in memory, and
// writes what was found of each as JSON. Run by Node itself, whose hooks give each program its modules.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rememberedLanding } from '../../collected-messages.ts';
import { realLanding, recordRun, turnFolders, writeOrders } from '../fault-worlds.ts';
import { LakeJudge } from '../lake-judge.ts';
import { tryFaults } from '../try-faults.ts';
import { type PlantedBug, plantedBugs } from './planted-bugs.ts';

const functionsFolder = new URL('../../../../functions/', import.meta.url).href;
/** Modules of tests that make use of what is planted; all others, the judge above all, are as they are. */
const makingUse = /\/(?:[a-z]+-scenario|probes)\.ts$/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    const planted = new URL(context.parentURL ?? 'file:///').searchParams.get('planted');
    const isOfProgram = resolved.url.startsWith(functionsFolder) || makingUse.test(resolved.url);
    return planted !== null && isOfProgram
      ? { ...resolved, url: withPlanted(resolved.url, planted) }
      : resolved;
  },
  load(url, context, nextLoad) {
    const place = new URL(url);
    const bug = plantedBugs[Number(place.searchParams.get('planted') ?? -1)];
    place.search = '';
    if (!bug || place.href !== `${functionsFolder}${bug.file}`) {
      return nextLoad(url, context);
    }
    return {
      format: 'module-typescript',
      shortCircuit: true,
      source: plantedText(bug, fileURLToPath(place)),
    };
  },
});

const withPlanted = (url: string, planted: string): string => `${url}?planted=${planted}`;

function plantedText({ name, file, find, replace }: PlantedBug, path: string): string {
  const [before, after, ...more] = readFileSync(path, 'utf8').split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`"${name}" cannot be planted: ${file} no longer has its text once; plant it anew`);
  }
  return before + replace + after;
}

const importPlanted = async <T>(module: string, number: number): Promise<T> =>
  import(withPlanted(new URL(module, import.meta.url).href, String(number))) as Promise<T>;

type Scenarios = typeof import('../collect-scenario.ts') &
  typeof import('../import-scenario.ts') &
  typeof import('../run-scenario.ts');

async function main(folder: string): Promise<void> {
  const real = await realLanding(folder);
  const landing = rememberedLanding(real);
  const judge = await LakeJudge.open(folder);
  const files = [await writeOrders(folder, 'a.csv', 0, 20), await writeOrders(folder, 'b.csv', 10, 30)];
  const recorded = await recordRun(folder, real);
  /** What was found, each text beginning with its check; `number` less than 0 plants nothing. */
  const findings = async ({ by }: PlantedBug, number: number): Promise<readonly string[]> => {
    const own = turnFolders(folder, `planted-${number}`);
    if ('probe' in by) {
      const probes = await importPlanted<typeof import('./probes.ts')>('./probes.ts', number);
      return by.probe === 's3' ? probes.probeS3(own(0)) : probes.probeQueue(own(0));
    }
    const scenarios = await importPlanted<Scenarios>(`../${by.scenario}-scenario.ts`, number);
    const scenario = {
      collect: () => scenarios.collectScenario({ landing, judge, folder: own }),
      import: () => scenarios.importScenario({ landing, judge, files, folder: own }),
      run: () => scenarios.runScenario({ ...recorded, folder: own }),
    }[by.scenario]();
    const plan = { calls: 'every', mixes: 0, seed: 1, kinds: by.kinds, at: by.at, mostFindings: 1 } as const;
    return (await tryFaults(scenario, plan)).texts;
  };
  const results = [];
  for (const [number, bug] of plantedBugs.entries()) {
    const began = performance.now();
    const texts = await findings(bug, number).catch((error: unknown) => [`error: ${String(error)}`]);
    results.push({ name: bug.name, texts, milliseconds: Math.round(performance.now() - began) });
  }
  // the probes find nothing where nothing is planted; of the scenarios the fault loop shows it
  const sound = [];
  for (const probe of ['s3', 'queue'] as const) {
    const [any] = plantedBugs;
    sound.push(...(any ? await findings({ ...any, by: { probe } }, -1) : []));
  }
  process.stdout.write(JSON.stringify({ results, sound }));
}

const folder = await mkdtemp(join(tmpdir(), 'dongu-planted-'));
try {
  await main(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
