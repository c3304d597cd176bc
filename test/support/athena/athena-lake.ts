import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import { type AthenaClients, athenaClients } from '../../../functions/adapters/athena-build.ts';
import type { AthenaSettings } from '../../../functions/adapters/athena-settings.ts';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import type { BedAddress } from '../bed/bed.ts';
import { credentials, region } from '../bed/ministack.ts';

/** How clients find the bed: by the environment, as clients of AWS do. */
export const bedEnvironment = (bed: BedAddress): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: bed.awsEndpoint,
  AWS_ENDPOINT_URL_ATHENA: bed.athenaEndpoint,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

export interface AthenaLake {
  readonly settings: AthenaSettings;
  readonly clients: AthenaClients;
  readonly store: S3ObjectStore;
  /** On this machine, with dongu.yaml in it. */
  readonly folder: string;
  readonly config: string;
  remove(): Promise<void>;
}

/** A bucket and a Glue database of one test file, and a folder with the configuration that names them. */
export async function openAthenaLake(
  bed: BedAddress,
  name: string,
  more: Partial<AthenaSettings> = {},
): Promise<AthenaLake> {
  for (const [variable, value] of Object.entries(bedEnvironment(bed))) {
    vi.stubEnv(variable, value);
  }
  const id = randomUUID().slice(0, 8);
  const bucket = `${name}-${id}`;
  const folder = await mkdtemp(join(tmpdir(), 'dongu-test-'));
  const config = join(folder, 'dongu.yaml');
  await mkdir(join(folder, 'home'));
  const athena = {
    root: `s3://${bucket}/warehouse`,
    database: `${name.replaceAll('-', '_')}_${id}`,
    ...more,
  };
  const text = `reporting: { time_zone: UTC, currency: TRY }\nengine: { athena: ${JSON.stringify(athena)} }\n`;
  await writeFile(config, text);
  const settings = readConfiguration(text, config).engine.athena;
  if (!settings) {
    throw new Error('the configuration has no engine.athena');
  }
  const clients = athenaClients(settings);
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    settings,
    clients,
    store: new S3ObjectStore(clients.s3, settings.root),
    folder,
    config,
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      vi.unstubAllEnvs();
    },
  };
}
