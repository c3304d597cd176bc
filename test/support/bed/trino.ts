import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from './artifacts.ts';
import { startOnFreePort } from './free-port.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { credentials, region } from './ministack.ts';
import { trinoRows } from './trino-client.ts';
import { untilReady } from './until-ready.ts';

export interface Trino {
  readonly url: string;
  readonly process: GuardedProcess;
  /** For who works with its answers: it goes when Trino goes. */
  readonly temporaryFolder: string;
}

type Properties = Readonly<Record<string, string | number | boolean>>;

const propertiesText = (properties: Properties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const serverProperties = (port: number): Properties => ({
  coordinator: true,
  'node-scheduler.include-coordinator': true,
  'http-server.http.port': port,
  'discovery.uri': `http://127.0.0.1:${port}`,
  'node.bind-ip': '127.0.0.1',
  'node.internal-address': '127.0.0.1',
  'query.max-memory': '1GB',
  'query.max-memory-per-node': '700MB',
  'memory.heap-headroom-per-node': '300MB',
  // a node it has just met counts as failed for its first seconds, and one that answers late on a busy machine again
  'failure-detector.enabled': false,
  // one node and small data: what a cluster gains by, such as tasks side by side and plans by statistics, only costs here
  'optimizer.join-reordering-strategy': 'NONE',
  'enable-dynamic-filtering': false,
  'query.execution-policy': 'all-at-once',
  'task.concurrency': 1,
  'join-distribution-type': 'BROADCAST',
  'task.min-writer-count': 1,
  'task.max-writer-count': 1,
});

/** Athena's catalogue: Hive tables named by Glue, files on S3. */
const catalogueProperties = (awsEndpoint: string): Properties => ({
  'connector.name': 'hive',
  'hive.metastore': 'glue',
  'hive.metastore.glue.endpoint-url': awsEndpoint,
  'hive.metastore.glue.region': region,
  'hive.metastore.glue.aws-access-key': credentials.accessKeyId,
  'hive.metastore.glue.aws-secret-key': credentials.secretAccessKey,
  'hive.metastore.glue.default-warehouse-dir': 's3://warehouse/',
  'hive.metastore.glue.skip-archive': true,
  // the emulator answers every segment with all partitions
  'hive.metastore.glue.partitions-segments': 1,
  'hive.partition-projection-enabled': true,
  'hive.non-managed-table-writes-enabled': true,
  'hive.recursive-directories': true,
  // of one writer, which is all there is: how many partitions Athena lets a statement make is counted by the facade
  'hive.max-partitions-per-writers': 1000,
  'hive.security': 'allow-all',
  'hive.table-statistics-enabled': false,
  'hive.collect-column-statistics-on-write': false,
  'fs.native-s3.enabled': true,
  's3.endpoint': awsEndpoint,
  's3.region': region,
  's3.path-style-access': true,
  's3.aws-access-key': credentials.accessKeyId,
  's3.aws-secret-key': credentials.secretAccessKey,
});

function javaArguments(trino: string, folder: string): readonly string[] {
  return [
    '-server',
    // many small statements once each: the second compiler would take as much time of the processor again
    '-XX:TieredStopAtLevel=1',
    '-Xmx2G',
    '-XX:+UseSerialGC',
    '-XX:ReservedCodeCacheSize=256M',
    '-XX:+ExitOnOutOfMemoryError',
    // else a killed one leaves a file in the system's temporary folder
    '-XX:-UsePerfData',
    `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
    '-Duser.timezone=UTC',
    '-Djdk.attach.allowAttachSelf=true',
    '-Djdk.nio.maxCachedBufferSize=2000000',
    '-Dfile.encoding=UTF-8',
    '--enable-native-access=ALL-UNNAMED',
    '--sun-misc-unsafe-memory-access=allow',
    '-cp',
    `${join(trino, 'lib')}/*`,
    '-Dnode.environment=test',
    `-Dnode.id=${randomUUID()}`,
    `-Dnode.data-dir=${join(folder, 'data')}`,
    `-Dplugin.dir=${join(trino, 'plugin')}`,
    `-Dconfig=${join(folder, 'config.properties')}`,
    `-Dcatalog.config-dir=${join(folder, 'catalog')}`,
    `-Dlog.levels-file=${join(folder, 'log.properties')}`,
    'io.trino.server.TrinoServer',
  ];
}

async function writeSettings(folder: string, port: number, awsEndpoint: string): Promise<void> {
  for (const name of ['tmp', 'data', 'catalog']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'config.properties'), propertiesText(serverProperties(port)));
  // it lists every property there is, a thousand lines before any that tells what is wrong
  await writeFile(join(folder, 'log.properties'), propertiesText({ Bootstrap: 'WARN' }));
  // lower case is how Trino reads "AwsDataCatalog", Athena's name for it
  const catalogue = join(folder, 'catalog', 'awsdatacatalog.properties');
  await writeFile(catalogue, propertiesText(catalogueProperties(awsEndpoint)));
}

export interface TrinoPlan {
  readonly artifacts: Artifacts;
  readonly folder: string;
  readonly awsEndpoint: string;
}

async function start(port: number, plan: TrinoPlan, signal: AbortSignal): Promise<Trino> {
  const { artifacts, awsEndpoint } = plan;
  const folder = join(plan.folder, `trino-${port}`);
  await writeSettings(folder, port, awsEndpoint);
  const process = await startGuarded({
    name: 'Trino',
    python: artifacts.python,
    command: [artifacts.java, ...javaArguments(artifacts.trino, folder)],
    folder,
    environment: { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady('Trino', process, signal, async () => {
    // it answers `select 1` sooner, when it does not yet know itself as a node to send work to
    const nodes = "select node_id from system.runtime.nodes where state = 'active'";
    return (await trinoRows({ url, signal }, nodes)).length > 0;
  });
  return { url, process, temporaryFolder: join(folder, 'tmp') };
}

/** A Trino of one node that answers queries. */
export const startTrino = (plan: TrinoPlan, signal: AbortSignal): Promise<Trino> =>
  startOnFreePort((port) => start(port, plan, signal));
