import { expect, it } from 'vitest';
import { rememberedLanding } from '../support/collected-messages.ts';
import { withFolder } from '../support/engine.ts';
import { collectScenario } from '../support/world/collect-scenario.ts';
import { realLanding, recordRun, turnFolders, writeOrders } from '../support/world/fault-worlds.ts';
import { importScenario } from '../support/world/import-scenario.ts';
import { LakeJudge } from '../support/world/lake-judge.ts';
import { runScenario } from '../support/world/run-scenario.ts';
import { triedText, tryFaults } from '../support/world/try-faults.ts';

it('try', () =>
  withFolder(async (folder) => {
    const real = await realLanding(folder);
    const judge = await LakeJudge.open(folder);
    const landing = rememberedLanding(real);
    const files = [await writeOrders(folder, 'a.csv', 0, 20), await writeOrders(folder, 'b.csv', 10, 30)];
    for (const make of [
      async () => runScenario({ ...(await recordRun(folder, real)), folder: turnFolders(folder, 'run') }),
      async () => importScenario({ landing, judge, files, folder: turnFolders(folder, 'import') }),
      async () => collectScenario({ landing, judge, folder: turnFolders(folder, 'collect') }),
    ]) {
      const scenario = await make();
      const t = performance.now();
      const tried = await tryFaults(scenario, { step: 9, mixes: 5, seed: 1 });
      console.log(performance.now() - t, triedText(tried), tried.texts);
      if (scenario.name !== 'collect') console.log([...tried.sites].join('\n'));
    }
    expect(1).toBe(1);
  }));
