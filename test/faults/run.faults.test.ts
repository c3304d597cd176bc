import { rememberedLanding } from '../support/collected-messages.ts';
import { describeFaults } from '../support/world/describe-faults.ts';
import { realLanding, recordRun, turnFolders, writeOrders } from '../support/world/fault-worlds.ts';
import { importScenario } from '../support/world/import-scenario.ts';
import { LakeJudge } from '../support/world/lake-judge.ts';
import { runScenario } from '../support/world/run-scenario.ts';

describeFaults({
  name: 'importing',
  open: async (folder) =>
    importScenario({
      landing: rememberedLanding(await realLanding(folder)),
      judge: await LakeJudge.open(folder),
      files: [await writeOrders(folder, 'a.csv', 0, 20), await writeOrders(folder, 'b.csv', 10, 30)],
      folder: turnFolders(folder, 'import'),
    }),
  files: ['use-cases/import-files.ts'],
  unmet: [
    {
      call: 'use-cases/import-files.ts delete',
      times: 1,
      because: 'only a file that landing refuses comes by it, and these are good',
    },
  ],
  mixes: 50,
  leastRuns: 200,
});

describeFaults({
  name: 'running and publishing',
  open: async (folder) =>
    runScenario({
      ...(await recordRun(folder, await realLanding(folder))),
      folder: turnFolders(folder, 'run'),
    }),
  files: [
    'use-cases/run-lease.ts',
    'use-cases/run-pipeline.ts',
    'use-cases/prepare-inputs.ts',
    'use-cases/publish-snapshot.ts',
    'adapters/duckdb-build.ts',
  ],
  unmet: [
    {
      call: 'use-cases/publish-snapshot.ts getText',
      times: 1,
      because: 'only a view whose select fails is carried over from the last snapshot',
    },
  ],
  mixes: 200,
  leastRuns: 800,
});
