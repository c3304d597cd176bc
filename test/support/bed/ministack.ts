import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifacts } from './artifacts.ts';
import { startOnFreePort } from './free-port.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { untilReady } from './until-ready.ts';

const startFile = fileURLToPath(new URL('ministack-start.py', import.meta.url));

/** The emulator asks for any account and key; everybody of the bed uses these. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
export const region = 'us-east-1';

export interface Ministack {
  readonly endpoint: string;
  readonly process: GuardedProcess;
}

async function start(
  port: number,
  artifacts: Artifacts,
  folder: string,
  signal: AbortSignal,
): Promise<Ministack> {
  const work = join(folder, `ministack-${port}`);
  const [objects, state] = [join(work, 's3'), join(work, 'state')];
  await mkdir(objects, { recursive: true });
  await mkdir(state);
  const process = await startGuarded({
    name: 'ministack',
    python: artifacts.python,
    command: [artifacts.python, startFile],
    folder: work,
    environment: {
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      S3_DATA_DIR: objects,
      STATE_DIR: state,
      TMPDIR: work,
      // two more listeners, which nothing here uses
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'WARNING',
    },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await untilReady('ministack', process, signal, async () => {
    const answer = await fetch(`${endpoint}/_ministack/ready`, { signal });
    return answer.ok;
  });
  return { endpoint, process };
}

/** S3 and Glue, in memory. */
export const startMinistack = (
  artifacts: Artifacts,
  folder: string,
  signal: AbortSignal,
): Promise<Ministack> => startOnFreePort((port) => start(port, artifacts, folder, signal));
