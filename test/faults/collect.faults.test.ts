import { rememberedLanding } from '../support/collected-messages.ts';
import { collectScenario } from '../support/world/collect-scenario.ts';
import { describeFaults } from '../support/world/describe-faults.ts';
import { realLanding, turnFolders } from '../support/world/fault-worlds.ts';
import { LakeJudge } from '../support/world/lake-judge.ts';

const files = [
  'use-cases/collect.ts',
  'use-cases/land-batch.ts',
  'use-cases/landed-objects.ts',
  'use-cases/compact-lake.ts',
  'use-cases/read-lake.ts',
  'local/landing-loop.ts',
];

describeFaults({
  name: 'collecting, landing and compacting',
  open: async (folder) =>
    collectScenario({
      // the engine lands every batch that is a new one; the same batch in another run has the same objects
      landing: rememberedLanding(await realLanding(folder)),
      judge: await LakeJudge.open(folder),
      folder: turnFolders(folder, 'collect'),
    }),
  files,
  mixes: 300,
  leastRuns: 800,
});

describeFaults({
  name: 'the same, where the engine lands and merges anew each time',
  open: async (folder) =>
    collectScenario({
      landing: await realLanding(folder),
      judge: await LakeJudge.open(folder),
      folder: turnFolders(folder, 'collect'),
    }),
  files: ['use-cases/collect.ts', 'use-cases/land-batch.ts', 'use-cases/landed-objects.ts'],
  isSlow: true,
  mixes: 10,
  leastRuns: 50,
});
