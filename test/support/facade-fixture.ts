import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import {
  type Column,
  CreateDatabaseCommand,
  CreateTableCommand,
  GetTableCommand,
  GlueClient,
  type Table,
} from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AthenaCaller } from './athena-caller.ts';
import { type Facade, type FacadeOptions, startFacade } from './athena-facade/facade.ts';
import { storageFormats } from './athena-facade/storage-formats.ts';

interface Services {
  readonly awsEndpoint: string;
  readonly trinoUrl: string;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';

/** Facades, a database and a bucket of one test file's own, on a bed that others may use at the same time. */
export class FacadeFixture {
  readonly #services: Services;
  readonly #opened: Facade[] = [];
  readonly s3: S3Client;
  readonly glue: GlueClient;
  readonly database: string;
  readonly bucket: string;

  constructor(services: Services) {
    this.#services = services;
    const aws = { endpoint: services.awsEndpoint, region, credentials };
    this.s3 = new S3Client({ ...aws, forcePathStyle: true });
    this.glue = new GlueClient(aws);
    const id = randomUUID().slice(0, 8);
    this.database = `facade_test_${id}`;
    this.bucket = `facade-test-${id}`;
  }

  async prepare(): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket: this.bucket }));
    await this.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: this.database } }));
  }

  /** A facade of its own, so that its faults and quotas strike no other test. */
  async open(
    options: Partial<FacadeOptions> = {},
    maxAttempts = 1,
  ): Promise<{ readonly facade: Facade; readonly athena: AthenaCaller }> {
    const facade = await startFacade({ ...this.#services, port: 0, resultBucket: this.bucket, ...options });
    this.#opened.push(facade);
    const client = new AthenaClient({ endpoint: facade.endpoint, region, credentials, maxAttempts });
    return { facade, athena: new AthenaCaller(client, this.database) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((facade) => facade.close()));
  }

  location(table: string): string {
    return `s3://${this.bucket}/data/${table}/`;
  }

  /** A Parquet table as the product makes them: by Glue's API. */
  async table(
    Name: string,
    columns: readonly Column[],
    partitionKeys: readonly Column[] = [],
  ): Promise<void> {
    const { inputFormat, outputFormat, serde } = storageFormats.parquet ?? {};
    await this.glue.send(
      new CreateTableCommand({
        DatabaseName: this.database,
        TableInput: {
          Name,
          TableType: 'EXTERNAL_TABLE',
          PartitionKeys: [...partitionKeys],
          Parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
          StorageDescriptor: {
            Columns: [...columns],
            Location: this.location(Name),
            InputFormat: inputFormat,
            OutputFormat: outputFormat,
            SerdeInfo: { SerializationLibrary: serde },
          },
        },
      }),
    );
  }

  async glueTable(Name: string): Promise<Table | undefined> {
    const { Table } = await this.glue.send(new GetTableCommand({ DatabaseName: this.database, Name }));
    return Table;
  }

  async put(Key: string, Body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body }));
  }

  async keys(Prefix: string): Promise<readonly string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** The object that an address like s3://bucket/key names. */
  async object(address: string | undefined): Promise<string> {
    const { hostname, pathname } = new URL(address ?? '');
    const found = await this.s3.send(new GetObjectCommand({ Bucket: hostname, Key: pathname.slice(1) }));
    return (await found.Body?.transformToString()) ?? '';
  }
}
