// What commands do to a lake that is deployed, with the rights of whoever calls them. Loads clients of AWS: to be imported only then.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BroughtObjectStore } from '../adapters/brought-object-store.ts';
import { publishedInS3 } from '../adapters/brought-warehouse.ts';
import { DuckdbLanding } from '../adapters/duckdb-landing.ts';
import { localInputFiles } from '../adapters/local-input-files.ts';
import { loadLandingTexts } from '../adapters/project-files.ts';
import { openS3Client } from '../adapters/s3-client.ts';
import { S3ObjectStore } from '../adapters/s3-object-store.ts';
import { SecretsManagerSecrets } from '../adapters/secrets-manager-secrets.ts';
import { StoredWriteKeys } from '../adapters/stored-write-keys.ts';
import { manifestKey } from '../core/run-fence.ts';
import type { LandAgainPorts } from '../use-cases/land-again.ts';
import { withRunLease } from '../use-cases/run-lease.ts';
import type { Home } from './home.ts';

export interface DeployedLake {
  /** s3://bucket[/prefix] */
  readonly address: string;
  /** Name or ARN of the secret with the identity key. */
  readonly identityKey: string;
}

/** Asked for anew each time. */
export const deployedWriteKeys = (address: string): StoredWriteKeys =>
  new StoredWriteKeys(new S3ObjectStore(openS3Client({}), address), 0);

/** While no run and no compaction of the deployed lake is at work. Landing may go on. */
export async function withDeployedLake<T>(
  home: Home,
  { address, identityKey }: DeployedLake,
  work: (ports: LandAgainPorts) => Promise<T>,
): Promise<T> {
  const remote = new S3ObjectStore(openS3Client({}), address);
  const store = new BroughtObjectStore(remote, join(home.settings.temporaryDirectory, 'lake'));
  const secrets = new SecretsManagerSecrets(new SecretsManagerClient({}), identityKey, remote);
  const { clock, telemetry } = home;
  const landing = new DuckdbLanding(home.settings, await loadLandingTexts(), secrets);
  const lease = {
    store: remote,
    clock,
    // a command that was killed is not taken over: its lease ends by itself
    holder: `command-${randomUUID()}`,
    manifests: [manifestKey, publishedInS3.manifest],
  };
  return withRunLease(lease, (held) =>
    work({ inputFiles: localInputFiles, landing, store, clock, telemetry, lease: held }),
  );
}
