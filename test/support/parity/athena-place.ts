import { randomInt, randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type AthenaClients, openAthenaBuild } from '../../../functions/adapters/athena-build.ts';
import { type AthenaSettings, runDatabase } from '../../../functions/adapters/athena-settings.ts';
import { AthenaStatements } from '../../../functions/adapters/athena-statements.ts';
import { GlueTables } from '../../../functions/adapters/glue-tables.ts';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import { ulid } from '../../../functions/core/identifiers.ts';
import type { BedAddress } from '../bed/bed.ts';
import { credentials, region } from '../bed/ministack.ts';

export type AthenaBuild = Awaited<ReturnType<typeof openAthenaBuild>> & {
  readonly runId: string;
  /** Statements of a test's own in the database of the build. */
  readonly statements: AthenaStatements;
};

/** A bucket and a Glue database of a test's own on the bed. */
export class AthenaPlace {
  readonly settings: AthenaSettings;
  readonly clients: AthenaClients;
  readonly store: S3ObjectStore;
  readonly #bucket: string;

  private constructor(bed: BedAddress, name: string, sideBySide: number) {
    const id = randomUUID().slice(0, 8);
    this.#bucket = `${name}-${id}`;
    this.settings = {
      root: `s3://${this.#bucket}`,
      database: `${name.replaceAll('-', '_')}_${id}`,
      workgroup: 'dongu',
      side_by_side: sideBySide,
      statement_minutes: 5,
      dollars_per_terabyte: 5,
    };
    const common = { region, credentials, endpoint: bed.awsEndpoint };
    this.clients = {
      athena: new AthenaClient({ ...common, endpoint: bed.athenaEndpoint }),
      glue: new GlueClient(common),
      s3: new S3Client({ ...common, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    };
    this.store = new S3ObjectStore(this.clients.s3, this.settings.root);
  }

  static async open(bed: BedAddress, name: string, sideBySide: number): Promise<AthenaPlace> {
    const place = new AthenaPlace(bed, name, sideBySide);
    await place.clients.s3.send(new CreateBucketCommand({ Bucket: place.#bucket }));
    return place;
  }

  async openBuild(): Promise<AthenaBuild> {
    const runId = ulid(new Date(), () => randomInt(32));
    const database = runDatabase(this.settings.database, runId);
    const statements = new AthenaStatements(this.clients.athena, this.settings, database);
    return { ...(await openAthenaBuild(this.settings, this.clients, runId)), runId, statements };
  }

  /** Nothing of it stays on the bed, which may be one that is kept running. */
  async close(): Promise<void> {
    await this.store.deleteAll('');
    await this.clients.s3.send(new DeleteBucketCommand({ Bucket: this.#bucket }));
    await new GlueTables(this.clients.glue, this.settings.database).close();
    for (const client of Object.values(this.clients)) {
      client.destroy();
    }
  }
}
