import { athenaSettings } from '../engines.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

/** Deletes what killed and superseded runs have left on Athena. */
export async function cleanCommand(options: GlobalOptions, olderThanHours: number): Promise<void> {
  await withHome(options, async (home) => {
    const settings = athenaSettings(home);
    const [{ athenaClients }, { cleanRuns }] = await Promise.all([
      import('../../adapters/athena-build.ts'),
      import('../../adapters/athena-clean.ts'),
    ]);
    const before = new Date(home.clock.now().getTime() - olderThanHours * 3_600_000);
    // not while a run of this home is at work
    const { runs, objects, isSwitchFinished } = await home.exclusively(() =>
      cleanRuns(settings, athenaClients(settings), before),
    );
    if (isSwitchFinished) {
      home.telemetry.done('a switch of views that had broken off is finished');
    }
    for (const run of runs) {
      home.telemetry.done(`run ${run} deleted`);
    }
    home.telemetry.done(`${runs.length} runs with ${objects} objects deleted`);
  });
}
