// What functions with DuckDB have beside installation.ts.
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DuckdbSettings } from '../adapters/duckdb-connection.ts';
import { DuckdbLanding } from '../adapters/duckdb-landing.ts';
import { localInputFiles } from '../adapters/local-input-files.ts';
import { loadFacts, loadLandingTexts, sourcesOnce, sqlFolder } from '../adapters/project-files.ts';
import { openS3Client } from '../adapters/s3-client.ts';
import { SecretsManagerSecrets } from '../adapters/secrets-manager-secrets.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { openTemporaryFolder } from '../adapters/temporary-folder.ts';
import { type Configuration, readConfiguration } from '../core/configuration.ts';
import { errorCode } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import type { Source } from '../core/source-definition.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { ImportPorts } from '../use-cases/import-files.ts';
import type { Environment } from './environment.ts';
import { lakeStore } from './installation.ts';

/** The project's own sources, lifecycles and dongu.yaml, where they were bundled. */
export const projectFolder: string = join(dirname(sqlFolder), 'project');

/** Of the function's memory: Node and the SDK need the rest. */
const DUCKDB_SHARE = 0.5;
const USUAL_MEGABYTES = 1024;

/** A function of this container, for as long as the container lives. */
export interface Landings {
  readonly s3: S3Client;
  readonly ports: ImportPorts;
  /** Made by name, once each. */
  readonly loadSource: (name: string) => Promise<Source>;
  readonly facts: Readonly<Record<string, FactDefinition>>;
  /** On this machine, of this container alone. */
  readonly folder: string;
}

export async function openLandings(
  environment: Environment<'lake' | 'identityKey'>,
  telemetry: Telemetry,
): Promise<Landings> {
  const s3 = openS3Client({});
  const store = lakeStore(environment, s3);
  const folder = await openTemporaryFolder(tmpdir());
  const settings = duckdbSettings(environment, folder);
  const secrets = identitySecrets(environment, store);
  // on its way while all else is made ready; where it fails, the first landing asks again and tells it
  secrets.identityKey().catch(() => undefined);
  const [texts, facts] = await Promise.all([loadLandingTexts(), loadFacts()]);
  return {
    s3,
    ports: {
      inputFiles: localInputFiles,
      landing: new DuckdbLanding(settings, texts, secrets),
      store,
      clock: systemClock,
      telemetry,
    },
    loadSource: sourcesOnce(projectFolder),
    facts,
    folder,
  };
}

export const identitySecrets = ({ identityKey }: Environment<'identityKey'>, store: ObjectStore): Secrets =>
  new SecretsManagerSecrets(new SecretsManagerClient({}), identityKey, store);

export function duckdbSettings(
  { memoryMegabytes = USUAL_MEGABYTES }: Environment,
  temporaryDirectory: string,
): DuckdbSettings {
  return { memoryLimit: `${Math.floor(memoryMegabytes * DUCKDB_SHARE)}MB`, temporaryDirectory };
}

/** Variables of a function have 4 kB in all, which is too little for a configuration: it lies beside the code. */
async function bundledConfiguration(): Promise<string | undefined> {
  return readFile(join(projectFolder, 'dongu.yaml'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
}

/** What was bundled, or else the object dongu.yaml of the lake's store; or else as without dongu.yaml. */
export async function loadConfiguration(store: ObjectStore): Promise<Configuration> {
  const text = (await bundledConfiguration()) ?? (await store.getText('dongu.yaml')) ?? '';
  return readConfiguration(text, 'dongu.yaml');
}
