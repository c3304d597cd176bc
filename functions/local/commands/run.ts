import { join } from 'node:path';
import { type ModelReport, type RunReport, warningText } from '../../core/run-report.ts';
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
  if (report.spent) {
    const megabytes = (report.spent.bytesScanned / 1024 ** 2).toFixed(1);
    home.telemetry.done(`${megabytes} MB scanned on Athena for ${report.spent.dollars.toFixed(4)} USD`);
  }
  if (manifest) {
    home.telemetry.done(`snapshot ${manifest.snapshotId}: ${join(home.root, 'dashboards', 'index.html')}`);
  } else {
    home.telemetry.done('a selection publishes nothing');
  }
  return { report };
}

/** The dearest models first: by what their engine is paid with, processor time or bytes read. */
function reportText(report: RunReport): string {
  const isBilled = report.spent !== undefined;
  const priceOf = ({ cost, cpuSeconds = 0 }: ModelReport) =>
    isBilled ? (cost?.bytesScanned ?? 0) : cpuSeconds;
  const rows = [...report.models]
    .sort((a, b) => priceOf(b) - priceOf(a))
    .map(({ model, rows: count, bytes, milliseconds, cpuSeconds, cost }) => ({
      model,
      rows: String(count),
      kb: kilobytes(bytes),
      ms: String(milliseconds),
      cpu_s: cpuSeconds?.toFixed(2) ?? '',
      scanned_kb: kilobytes(cost?.bytesScanned),
      usd: cost?.dollars.toFixed(5) ?? '',
    }));
  const priced = isBilled ? ['scanned_kb', 'usd'] : ['cpu_s'];
  return tableText(['model', 'rows', 'kb', 'ms', ...priced], rows);
}

const kilobytes = (bytes: number | undefined): string =>
  bytes === undefined ? '' : String(Math.round(bytes / 1024));
