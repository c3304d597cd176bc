import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceFiles, sourceNames } from '../../core/simulation/source-files.ts';
import { defaultSimulation } from '../../use-cases/simulate-store.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';
import { importInto } from './import.ts';
import { runAndTell } from './run.ts';
import { serveUntilStopped } from './serve.ts';
import { simulateInto } from './simulate.ts';

export interface DemoOptions {
  readonly serve: boolean;
  readonly port: number;
  readonly seed: number;
  readonly customers: number;
  readonly files: string;
}

/** The main job from end to end on invented data: files, lake, tables, page. */
export async function runDemo(options: GlobalOptions, demo: DemoOptions): Promise<void> {
  await withHome(options, async (home) => {
    process.stderr.write('\nDöngü: from files to a page\n\n1. Simulate a store\n');
    await simulateInto(
      demo.files,
      { ...defaultSimulation, seed: demo.seed, customers: demo.customers },
      home.telemetry,
    );
    process.stderr.write('\n2. Import its files\n');
    for (const source of sourceNames) {
      await importInto(home, [join(demo.files, sourceFiles[source].file)], source);
    }
    const counts = await (await home.ledger()).count();
    process.stderr.write(`\n3. Build, audit, publish\n`);
    await runAndTell(home, {});
    const accepted = counts.reduce((sum, count) => sum + count.accepted, 0);
    process.stderr.write(`\n${accepted} rows received, all accounted for (dongu verify proves it).\n`);
    const page = pathToFileURL(join(home.root, 'dashboards', 'index.html')).href;
    process.stdout.write(`\nThe page: ${page}\nSQL:      npx dongu query "select * from orders limit 5"\n`);
    if (demo.serve) {
      await serveUntilStopped(home, demo.port);
    }
  });
}
