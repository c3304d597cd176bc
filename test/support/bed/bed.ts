import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFacade } from '../athena-facade/facade.ts';
import { type Artifacts, fetchArtifacts } from './artifacts.ts';
import type { Environment } from './command.ts';
import type { Report } from './maven-artifact.ts';
import { startMinistack } from './ministack.ts';
import { startTrino } from './trino.ts';
import { warmUp } from './warm-up.ts';

/** Where the services of a bed are: http://127.0.0.1:PORT each. */
export interface BedAddress {
  /** S3 and Glue. */
  readonly awsEndpoint: string;
  readonly athenaEndpoint: string;
  readonly trinoUrl: string;
}

export interface Bed {
  readonly address: BedAddress;
  stop(): Promise<void>;
}

export interface BedOptions {
  /** For a person who waits. */
  readonly report?: Report;
  readonly environment?: Environment;
  readonly timeoutSeconds?: number;
}

/** What is to be stopped, the last started first. */
type Started = (() => Promise<unknown>)[];

async function stopAll(started: Started): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of started.toReversed()) await stop().catch((error: unknown) => failures.push(error));
  started.length = 0;
  if (failures.length > 0) throw new AggregateError(failures, 'the test bed did not stop cleanly');
}

async function startServices(
  artifacts: Artifacts,
  started: Started,
  signal: AbortSignal,
): Promise<BedAddress> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bed-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  const ministack = await startMinistack(artifacts, folder, signal);
  started.push(ministack.process.stop);
  const awsEndpoint = ministack.endpoint;
  const trino = await startTrino({ artifacts, folder, awsEndpoint }, signal);
  started.push(trino.process.stop);
  await warmUp({ url: trino.url, signal }, awsEndpoint);
  const facade = await startFacade({
    trinoUrl: trino.url,
    awsEndpoint,
    port: 0,
    temporaryFolder: trino.temporaryFolder,
  });
  started.push(facade.close);
  return { awsEndpoint, athenaEndpoint: facade.endpoint, trinoUrl: trino.url };
}

/**
 * Starts Trino, S3 and Glue, and the Athena facade before them, all for this process alone: they end when it ends, however it ends.
 */
export async function startBed(options: BedOptions = {}): Promise<Bed> {
  // biome-ignore lint/style/noProcessEnv: the registries' clients need the whole of it
  const { report = console.log, environment = process.env, timeoutSeconds = 180 } = options;
  const begin = performance.now();
  const artifacts = await fetchArtifacts({ environment, report });
  const fetched = performance.now();
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  const started: Started = [];
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const address = await startServices(artifacts, started, signal);
    const times = `fetching took ${seconds(fetched - begin)}, starting ${seconds(performance.now() - fetched)}`;
    report(`the test bed is up: ${times}`);
    return { address, stop: () => stopAll(started) };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}
