import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DuckdbLedger } from '../../../functions/adapters/duckdb-ledger.ts';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { loadFacts } from '../../../functions/adapters/project-files.ts';
import type { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import type { LedgerCounts } from '../../../functions/ports/ledger.ts';
import type { Cloud } from './cloud.ts';

/** The ledger, recomputed from what lies in S3 and nothing else. */
export async function cloudLedger(cloud: Cloud): Promise<readonly LedgerCounts[]> {
  const copy = join(cloud.folder, 'copy');
  const spill = join(cloud.folder, 'spill');
  await mkdir(spill, { recursive: true });
  for (const key of await cloud.lake.list('lake')) {
    await download(cloud, cloud.lake, key, join(copy, key));
  }
  const settings = { memoryLimit: '1GB', threads: 2, temporaryDirectory: spill };
  return new DuckdbLedger(new FolderObjectStore(copy), settings, Object.keys(await loadFacts())).count();
}

async function download({ s3 }: Cloud, store: S3ObjectStore, key: string, path: string): Promise<void> {
  const { bucket, key: whole } = store.placeOf(key);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: whole }));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, (await Body?.transformToByteArray()) ?? '');
}
