import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
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
  /** Of itself: through a gate, it is another one that clients are told. */
  readonly endpoint: string;
  readonly process: GuardedProcess;
}

/** Where it listens when a gate is to take its place at 127.0.0.1, on the same port: the addresses it tells then lead through the gate. */
export const hostBehindGate = '127.0.0.2';

/**
 * As an account: it checks signatures and policies, and runs functions on the Node of this process. Everybody has to come by the
 * gate then, because policies ask for TLS.
 */
const accountSettings = {
  BIND_HOST: hostBehindGate,
  AUTH: 'true',
  PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
};

export interface MinistackPlan {
  readonly artifacts: Artifacts;
  readonly folder: string;
  readonly isAccount: boolean;
}

async function start(
  port: number,
  { artifacts, folder, isAccount }: MinistackPlan,
  signal: AbortSignal,
): Promise<Ministack> {
  const work = join(folder, `ministack-${port}`);
  const [objects, state] = [join(work, 's3'), join(work, 'state')];
  await mkdir(objects, { recursive: true });
  await mkdir(state);
  const guarded = await startGuarded({
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
      ...(isAccount ? accountSettings : {}),
    },
  });
  const endpoint = `http://${isAccount ? hostBehindGate : '127.0.0.1'}:${port}`;
  await untilReady('ministack', guarded, signal, async () => {
    const answer = await fetch(`${endpoint}/_ministack/ready`, { signal });
    return answer.ok;
  });
  return { endpoint, process: guarded };
}

/** S3 and Glue in memory, and with `isAccount` all that stacks are deployed to. */
export const startMinistack = (plan: MinistackPlan, signal: AbortSignal): Promise<Ministack> =>
  startOnFreePort((port) => start(port, plan, signal));
