import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbConnection, literal } from '../../functions/adapters/duckdb-connection.ts';
import { DuckdbLanding } from '../../functions/adapters/duckdb-landing.ts';
import { FolderFileSink } from '../../functions/adapters/folder-file-sink.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { localInputFiles } from '../../functions/adapters/local-input-files.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../functions/adapters/project-files.ts';
import { systemClock } from '../../functions/adapters/system-clock.ts';
import { importFiles } from '../../functions/use-cases/import-files.ts';
import { defaultSimulation, simulateStore } from '../../functions/use-cases/simulate-store.ts';
import { type Measured, measure, median, seconds } from './measure.ts';

/** Import of NDJSON beside a bare read_json to Parquet of the same file, and the simulator that wrote it. */
export async function benchImport(lines: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  try {
    const files = join(folder, 'files');
    const simulated = { count: 0 };
    const simulation = await measure(async () => {
      const truth = await simulateStore(
        { ...defaultSimulation, seed: 11, pure: true, touchpoints: lines },
        new FolderFileSink(files),
      );
      simulated.count = truth.totals.accepted;
    });
    console.log(
      `  simulate: ${simulated.count} lines, ${Math.round(simulated.count / simulation.cpuSeconds)} a CPU second`,
    );
    const path = join(files, 'segment.ndjson');
    const floors: number[] = [];
    const imports: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floors.push((await bareRead(path, folder)).cpuSeconds);
      imports.push((await importOnce(path, join(folder, `home-${round}`), folder)).cpuSeconds);
    }
    console.log(
      `  import NDJSON: ${seconds(median(imports))} CPU, bare read_json to Parquet ${seconds(median(floors))}, ` +
        `${(median(imports) / median(floors)).toFixed(1)} times`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bareRead(path: string, folder: string): Promise<Measured> {
  const connection = await DuckdbConnection.open(':memory:', {
    memoryLimit: '2GB',
    threads: 2,
    temporaryDirectory: folder,
  });
  try {
    return await measure(() =>
      connection.run(
        `copy (select * from read_json(${literal(path)})) to ${literal(join(folder, 'bare.parquet'))} (format parquet, compression zstd)`,
      ),
    );
  } finally {
    connection.close();
  }
}

async function importOnce(path: string, home: string, folder: string): Promise<Measured> {
  const settings = { memoryLimit: '2GB', threads: 2, temporaryDirectory: folder };
  const secrets = { identityKey: async () => Buffer.alloc(32, 7) };
  const landing = new DuckdbLanding(settings, await loadLandingTexts(), secrets);
  const source = await loadSource('segment', folder);
  const ports = {
    inputFiles: localInputFiles,
    landing,
    store: new FolderObjectStore(home),
    clock: systemClock,
    telemetry: silentTelemetry,
  };
  return measure(async () => importFiles([path], source, await loadFacts(), ports));
}
