import { join } from 'node:path';
import { type RunReport, warningText } from '../../core/run-report.ts';
import type { Home, RunOptions } from '../home.ts';
import { tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function runCommand(options: GlobalOptions, runOptions: RunOptions): Promise<void> {
  await withHome(options, async (home) => {
    const { report } = await runAndTell(home, runOptions);
    process.stdout.write(`${reportText(report)}\n`);
  });
}

/** Runs, and says on standard error where to look. */
export async function runAndTell(home: Home, options: RunOptions): Promise<{ readonly report: RunReport }> {
  const { run, manifest } = await home.run(options);
  const { report } = run;
  const passed = report.checks.filter(({ status }) => status === 'pass');
  home.telemetry.done(`${report.models.length} models built as of ${report.asOf}`);
  home.telemetry.done(`${passed.length} audits hold`);
  for (const check of report.checks.filter(({ status }) => status === 'warn')) {
    home.telemetry.warn(warningText(check));
  }
  if (manifest) {
    home.telemetry.done(`snapshot ${manifest.snapshotId}: ${join(home.root, 'dashboards', 'index.html')}`);
  } else {
    home.telemetry.done('a selection publishes nothing');
  }
  return { report };
}

/** The dearest models first. */
function reportText(report: RunReport): string {
  const rows = [...report.models]
    .sort((a, b) => (b.cpuSeconds ?? 0) - (a.cpuSeconds ?? 0))
    .map((model) => ({
      model: model.model,
      rows: String(model.rows),
      kb: model.bytes === undefined ? '' : String(Math.round(model.bytes / 1024)),
      ms: String(model.milliseconds),
      cpu_s: model.cpuSeconds?.toFixed(2) ?? '',
    }));
  return tableText(['model', 'rows', 'kb', 'ms', 'cpu_s'], rows);
}
