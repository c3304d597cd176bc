import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type AthenaClients, openAthenaBuild } from '../../functions/adapters/athena-build.ts';
import type { AthenaWarehouse } from '../../functions/adapters/athena-warehouse.ts';
import type { BedAddress } from './bed/bed.ts';
import { credentials, region } from './bed/ministack.ts';

export interface BedBuild {
  readonly warehouse: AthenaWarehouse;
  discard(): Promise<void>;
}

export function bedClients({ awsEndpoint, athenaEndpoint }: BedAddress): AthenaClients {
  const common = { region, credentials };
  return {
    athena: new AthenaClient({ ...common, endpoint: athenaEndpoint }),
    glue: new GlueClient({ ...common, endpoint: awsEndpoint }),
    s3: new S3Client({ ...common, endpoint: awsEndpoint, forcePathStyle: true }),
  };
}

/** The product's own Athena warehouse on a bed, in a bucket and databases of its own: the bed may be kept running. */
export async function openBedBuild(bed: BedAddress, name: string): Promise<BedBuild> {
  const clients = bedClients(bed);
  const id = randomUUID().slice(0, 8);
  const bucket = `${name}-${id}`;
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const settings = {
    root: `s3://${bucket}`,
    database: `${name}_${id}`,
    workgroup: 'dongu',
    side_by_side: 4,
    statement_minutes: 2,
    dollars_per_terabyte: 5,
  };
  const { warehouse, discard } = await openAthenaBuild(settings, clients, `${name}${id}`);
  return { warehouse, discard };
}
