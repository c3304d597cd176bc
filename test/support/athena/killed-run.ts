import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { Home } from '../../../functions/local/home.ts';
import { reducedCatalogue, reducedRun } from './reduced-run.ts';

/** One reduced run as a process of its own: `node --import counted-calls.ts killed-run.ts HOME CONFIG`. */
const [, , root = '', config = ''] = process.argv;
const home = await Home.open({ home: root, config, telemetry: silentTelemetry });
try {
  await reducedRun(home, await reducedCatalogue());
} finally {
  await home.close();
}
