import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Json, serveAwsJson } from './aws-json-server.ts';
import { RunningSlots } from './execution-runner.ts';
import { ExecutionStore } from './execution-store.ts';
import { type FaultPlan, Faults } from './faults.ts';
import { answerOperation } from './operations.ts';
import type { QueryEquipment } from './start-query.ts';
import { WorkGroups } from './workgroups.ts';

export interface FacadeOptions {
  readonly trinoUrl: string;
  readonly awsEndpoint: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where results wait to be fetched; a folder of the system's if not given. */
  readonly temporaryFolder?: string;
  readonly resultBucket?: string;
  /** Statements that run in Trino at once; the others are QUEUED. */
  readonly runningAtOnce?: number;
  readonly dmlQuota?: number;
  /** Athena's is 100; a test of the limit itself is quicker with fewer. */
  readonly mostNewPartitions?: number;
  /** The limit of the work group `dongu`. */
  readonly bytesScannedCutoff?: number;
  readonly faults?: FaultPlan;
}

export interface Facade {
  readonly endpoint: string;
  readonly faults: Faults;
  readonly close: () => Promise<void>;
}

const gibibyte = 1024 ** 3;

function workGroupsOf(bucket: string, cutoff: number): WorkGroups {
  const createdAt = Date.now();
  return new WorkGroups([
    {
      name: 'primary',
      description: '',
      enforced: false,
      // none, as in a new account: a caller who names none either is refused
      outputLocation: undefined,
      bytesScannedCutoff: undefined,
      createdAt,
    },
    {
      name: 'dongu',
      description: 'Statements of Döngü',
      enforced: true,
      outputLocation: `s3://${bucket}/results/`,
      bytesScannedCutoff: cutoff,
      createdAt,
    },
  ]);
}

async function ensureBucket(s3: S3Client, bucket: string): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  }
}

function faultsDoor(faults: Faults, method: string, path: string, input: Json): Json | undefined {
  if (path !== '/__faults') {
    return undefined;
  }
  if (method === 'POST') {
    faults.plan(input);
  }
  if (method === 'DELETE') {
    faults.clear();
  }
  return faults.state();
}

/** Athena's API on a port of this machine, in front of Trino, Glue and S3. */
export async function startFacade(options: FacadeOptions): Promise<Facade> {
  const aws = {
    endpoint: options.awsEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const glue = new GlueClient(aws);
  const bucket = options.resultBucket ?? 'dongu-results';
  await ensureBucket(s3, bucket);
  const spoolFolder = await mkdtemp(join(options.temporaryFolder ?? tmpdir(), 'dongu-athena-facade-'));
  const faults = new Faults(options.faults);
  const equipment: QueryEquipment = {
    trinoUrl: options.trinoUrl,
    glue,
    s3,
    spoolFolder,
    workGroups: workGroupsOf(bucket, options.bytesScannedCutoff ?? 10 * gibibyte),
    store: new ExecutionStore(),
    slots: new RunningSlots(options.runningAtOnce ?? 4),
    faults,
    dmlQuota: options.dmlQuota ?? 200,
    mostNewPartitions: options.mostNewPartitions ?? 100,
  };
  const { server, port } = await serveAwsJson(
    options.port,
    (operation, input) => answerOperation(operation, input, equipment),
    (method, path, input) => faultsDoor(faults, method, path, input),
  );
  const close = async (): Promise<void> => {
    for (const execution of equipment.store.all()) {
      execution.cancelling.abort('the facade is closed');
    }
    await Promise.all(equipment.store.all().map(({ ended }) => ended));
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    s3.destroy();
    glue.destroy();
    await rm(spoolFolder, { recursive: true, force: true });
  };
  return { endpoint: `http://127.0.0.1:${port}`, faults, close };
}
