// npm run bench:cold [-- rounds]: how long a function's first answer takes, from the start of its process. Bundles as they are
// deployed, a new process each time, S3, SQS and Secrets Manager of the emulator.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openS3Client } from '../../functions/adapters/s3-client.ts';
import { S3ObjectStore } from '../../functions/adapters/s3-object-store.ts';
import { median } from '../../test/bench/measure.ts';
import { fetchArtifacts } from '../../test/support/bed/artifacts.ts';
import { credentials, region, startMinistack } from '../../test/support/bed/ministack.ts';
import { makeResources } from '../../test/support/cloud/cloud-resources.ts';
import { messageOf, request, track } from '../../test/support/collected-messages.ts';
import { asBasic, SERVER_KEY, serverKey } from '../../test/support/collector.ts';
import { bundleEntry } from '../bundle.ts';

/** What a layer is to a function. */
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

const context = {
  functionName: 'bench',
  functionVersion: '$LATEST',
  memoryLimitInMB: '1024',
  invokedFunctionArn: 'bench',
  awsRequestId: 'bench',
};

const items = (round: number): readonly string[] =>
  Array.from({ length: 50 }, (_, n) => track(`bench-${round}-${n}`, { userId: `u-${n}` }));

const events: Readonly<Record<string, (round: number) => unknown>> = {
  collect: (round) => ({
    version: '2.0',
    rawPath: '/v1/batch',
    rawQueryString: '',
    headers: { authorization: asBasic(SERVER_KEY), 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path: '/v1/batch' } },
    body: `{"batch":[${items(round).join(',')}]}`,
    isBase64Encoded: false,
  }),
  land: (round) => {
    const { id, receipt, body } = messageOf(request(round, items(round)));
    const attributes = { ApproximateReceiveCount: '1' };
    return { Records: [{ messageId: id, receiptHandle: receipt, body, attributes }] };
  },
};

interface Cold {
  readonly loaded: number;
  readonly answered: number;
  /** Of all its threads: steadier than the clock on a shared machine. */
  readonly cpu: number;
}

/** Milliseconds since the process began. */
function coldScript(url: string, event: unknown): string {
  return `const { handler } = await import(${JSON.stringify(url)});
    const loaded = performance.now();
    const context = { ...${JSON.stringify(context)}, getRemainingTimeInMillis: () => 300_000 };
    const answer = await handler(${JSON.stringify(event)}, context);
    const answered = performance.now();
    const { user, system } = process.cpuUsage();
    const isRight = answer.statusCode === 200 || answer.batchItemFailures?.length === 0;
    console.log(JSON.stringify({ loaded, answered, cpu: (user + system) / 1000, isRight, answer }));
    process.exit(0);`;
}

async function runCold(url: string, event: unknown, env: NodeJS.ProcessEnv): Promise<Cold> {
  const args = ['--input-type=module', '-e', coldScript(url, event)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: tmpdir() });
  const told = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}');
  if (!told.isRight) {
    throw new Error(`not the answer that was expected: ${JSON.stringify(told.answer)}`);
  }
  return told;
}

/** A process that does nothing: what no bundle can be faster than. */
async function runFloor(): Promise<number> {
  const args = ['--input-type=module', '-e', 'console.log(performance.now())'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
  return Number(stdout);
}

const figure = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;

async function benchEntry(name: string, folder: string, rounds: number, env: NodeJS.ProcessEnv) {
  const { bytes, handler } = await bundleEntry(name, join(folder, name));
  const url = pathToFileURL(join(folder, name, handler.replace(/\.handler$/, '.mjs'))).href;
  const floors: number[] = [];
  const colds: Cold[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    floors.push(await runFloor());
    colds.push(await runCold(url, events[name]?.(round), env));
  }
  const of = (part: keyof Cold): string => figure(colds.map((cold) => cold[part]));
  console.log(
    `${name}: ${(bytes / 1024).toFixed(0)} kB; medians, and from the least to the most, of ${rounds}`,
  );
  console.log(`  first answer     ${of('answered')}`);
  console.log(`  until loaded     ${of('loaded')}`);
  console.log(`  CPU time         ${of('cpu')}`);
  console.log(`  an empty process ${figure(floors)}`);
}

const rounds = Number(process.argv[2] ?? 10);
// biome-ignore lint/style/noProcessEnv: the registries' clients need the whole of it
const artifacts = await fetchArtifacts({ environment: process.env, report: () => {} });
const folder = await mkdtemp(join(tmpdir(), 'dongu-cold-'));
const ministack = await startMinistack({ artifacts, folder, isAccount: false }, AbortSignal.timeout(60_000));
try {
  const settings = { endpoint: ministack.endpoint, region, credentials };
  const clients = {
    s3: openS3Client({ ...settings, forcePathStyle: true }),
    sqs: new SQSClient(settings),
    secrets: new SecretsManagerClient(settings),
  };
  const { variables } = await makeResources(clients, `cold-${randomUUID().slice(0, 8)}`);
  const keys = JSON.stringify({ keys: [serverKey()] });
  await new S3ObjectStore(clients.s3, variables.DONGU_LAKE).putText('keys/write-keys.yml', keys);
  const env = {
    ...variables,
    NODE_PATH: modules,
    TMPDIR: join(folder, 'tmp'),
    AWS_ENDPOINT_URL: ministack.endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  await mkdir(env.TMPDIR);
  for (const name of Object.keys(events)) {
    await benchEntry(name, folder, rounds, env);
  }
} finally {
  await ministack.process.stop();
  await rm(folder, { recursive: true, force: true });
}
