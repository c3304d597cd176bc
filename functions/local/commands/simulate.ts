import { mkdir } from 'node:fs/promises';
import { consoleTelemetry } from '../../adapters/console-telemetry.ts';
import { FolderFileSink } from '../../adapters/folder-file-sink.ts';
import type { Truth } from '../../core/simulation/truth.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { type SimulationOptions, simulateStore } from '../../use-cases/simulate-store.ts';

export interface SimulateOptions extends SimulationOptions {
  readonly out: string;
}

export async function simulateCommand(options: SimulateOptions): Promise<void> {
  const { out, ...simulation } = options;
  await simulateInto(out, simulation, consoleTelemetry());
}

export async function simulateInto(
  out: string,
  options: SimulationOptions,
  telemetry: Telemetry,
): Promise<Truth> {
  await mkdir(out, { recursive: true });
  const started = performance.now();
  const truth = await simulateStore(options, new FolderFileSink(out), (progress) => {
    telemetry.step(`simulating: ${Math.round(progress.share * 100)} %, ${progress.touchpoints} lines`);
  });
  const seconds = (performance.now() - started) / 1000;
  telemetry.done(
    `simulated ${truth.totals.accepted} lines of ${truth.customers} persons into ${out} ` +
      `(seed ${truth.seed}, ${Math.round(truth.totals.accepted / seconds)} a second)`,
  );
  return truth;
}
