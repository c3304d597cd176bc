import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFacade } from '../athena-facade/facade.ts';
import { type Artifacts, fetchArtifacts } from './artifacts.ts';
import type { Environment } from './command.ts';
import { type Gate, openGate } from './gate.ts';
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
  /** With `isAccount`. */
  readonly account?: Account;
  stop(): Promise<void>;
}

/** What a bed has that stacks are deployed to. */
export interface Account {
  readonly gate: Gate;
  /** The emulator without the gate: its own Athena, which nobody else is to reach, answers here. */
  readonly emulator: string;
}

export interface BedOptions {
  /** For a person who waits. */
  readonly report?: Report;
  readonly environment?: Environment;
  readonly timeoutSeconds?: number;
  /** For stacks: signatures and policies are checked, functions run, and every call is written down. */
  readonly isAccount?: boolean;
}

/** What is to be stopped, the last started first. */
type Started = (() => Promise<unknown>)[];

async function stopAll(started: Started): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of started.toReversed()) await stop().catch((error: unknown) => failures.push(error));
  started.length = 0;
  if (failures.length > 0) throw new AggregateError(failures, 'the test bed did not stop cleanly');
}

/** Opens the gate before the emulator, at the same port. */
async function gateBefore(emulator: string, athena: () => string | undefined): Promise<Account> {
  const { hostname, port } = new URL(emulator);
  const gate = await openGate({
    port: Number(port),
    emulator: { host: hostname, port: Number(port) },
    athena,
  });
  return { gate, emulator };
}

async function startServices(
  artifacts: Artifacts,
  started: Started,
  signal: AbortSignal,
  isAccount: boolean,
): Promise<Omit<Bed, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bed-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  const ministack = await startMinistack({ artifacts, folder, isAccount }, signal);
  started.push(ministack.process.stop);
  const known: { athena?: string } = {};
  const account = isAccount ? await gateBefore(ministack.endpoint, () => known.athena) : undefined;
  if (account !== undefined) started.push(account.gate.close);
  const awsEndpoint = account?.gate.endpoint ?? ministack.endpoint;
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
  known.athena = facade.endpoint;
  return {
    address: { awsEndpoint, athenaEndpoint: facade.endpoint, trinoUrl: trino.url },
    ...(account && { account }),
  };
}

/**
 * Starts Trino, S3 and Glue, and the Athena facade before them, all for this process alone: they end when it ends, however it ends.
 */
export async function startBed(options: BedOptions = {}): Promise<Bed> {
  const {
    report = console.log,
    // biome-ignore lint/style/noProcessEnv: the registries' clients need the whole of it
    environment = process.env,
    timeoutSeconds = 180,
    isAccount = false,
  } = options;
  const begin = performance.now();
  const artifacts = await fetchArtifacts({ environment, report });
  const fetched = performance.now();
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  const started: Started = [];
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const services = await startServices(artifacts, started, signal, isAccount);
    const times = `fetching took ${seconds(fetched - begin)}, starting ${seconds(performance.now() - fetched)}`;
    report(`the test bed is up: ${times}`);
    return { ...services, stop: () => stopAll(started) };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}
