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
  unmet: [
    {
      call: 'use-cases/compact-lake.ts delete',
      times: 2,
      because: 'the litter of a late landing is swept by them, which late-landing.test.ts puts there by hand',
    },
  ],
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
  unmet: [
    {
      call: 'use-cases/landed-objects.ts list',
      times: 1,
      because:
        'only litter of a late landing leads to it, which these few mixes do not leave: those above do',
    },
  ],
  mixes: 10,
  leastRuns: 50,
});
