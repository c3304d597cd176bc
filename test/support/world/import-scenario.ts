import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { localInputFiles } from '../../../functions/adapters/local-input-files.ts';
import { loadFacts, loadSource } from '../../../functions/adapters/project-files.ts';
import type { Clock } from '../../../functions/ports/clock.ts';
import type { Landing } from '../../../functions/ports/landing.ts';
import { importFiles } from '../../../functions/use-cases/import-files.ts';
import type { Scenario } from './fault-loop.ts';
import type { LakeJudge } from './lake-judge.ts';
import { World } from './world.ts';

export interface ImportScenarioPorts {
  readonly landing: Landing;
  readonly judge: LakeJudge;
  readonly folder: (turn: number) => string;
  /** Files of orders. */
  readonly files: readonly string[];
}

/** By the hour, so that a file that is landed again in a like world is remembered. */
const byTheHour = (clock: Clock): Clock => ({
  now: () => new Date(Math.floor(clock.now().getTime() / 3_600_000) * 3_600_000),
});

/** What `dongu import` does with several files. A file whose import came to its end is acknowledged. */
export function importScenario({ landing, judge, folder, files }: ImportScenarioPorts): Scenario {
  let turns = 0;
  return {
    name: 'import',
    open: async (seed) => {
      turns += 1;
      const world = World.empty(folder(turns), { seed });
      const acknowledged = new Set<string>();
      const read = world.start();
      return {
        world,
        isQuiet: () => acknowledged.size === files.length,
        close: async () => {},
        judgeAlways: () => judge.judgeAlways(read.store),
        judgeAwake: () => judge.judgeAlways(read.store),
        judgeQuiet: () =>
          judge.judgeQuiet(read.store, {
            importIds: [...acknowledged],
            ingestIds: [],
            touchpointIds: [],
          }),
        work: async ({ store, clock }) => {
          const ports = {
            inputFiles: localInputFiles,
            landing,
            store,
            clock: byTheHour(clock),
            telemetry: silentTelemetry,
          };
          for (const file of files) {
            const source = await loadSource('orders', '/');
            const [imported] = await importFiles([file], source, await loadFacts(), ports);
            acknowledged.add(imported?.importId ?? '');
          }
        },
      };
    },
  };
}
