import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLayer } from '../layers/build.ts';
import { lint } from './support/cfn-lint.ts';

const infra = fileURLToPath(new URL('..', import.meta.url));
const noNetwork = fileURLToPath(new URL('support/no-network.cjs', import.meta.url));
const MOST_SECONDS = 60;

// biome-ignore lint/style/noProcessEnv: what a command needs to be found, and no account
const { PATH, PYTHONPATH, DONGU_BED_CACHE, HOME, ...rest } = process.env;
const proxies = Object.fromEntries(
  Object.entries(rest).filter(([name]) => /proxy|^pip_|_ca_|^ssl_/i.test(name)),
);

let folder: string;
let seconds: number;

/** As somebody runs it who has neither an account nor a network. */
function offline(command: string, given: readonly string[]) {
  return promisify(execFile)(command, given, {
    cwd: infra,
    env: {
      PATH,
      HOME: folder,
      NODE_OPTIONS: `--require ${noNetwork}`,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
}

/** What bash's `times` says of the commands before it, last: user and system. */
function cpuSeconds(text: string): number {
  const last = text.trim().split('\n').at(-1) ?? '';
  const parts = [...last.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return parts.length === 2 ? parts.reduce((sum, part) => sum + part, 0) : Number.NaN;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-synth-'));
  buildLayer('arm64');
  const from = performance.now();
  const synth = `npx cdk synth --quiet --output '${join(folder, 'cdk.out')}' && times`;
  const { stdout } = await offline('bash', ['-c', synth]);
  const wall = (performance.now() - from) / 1000;
  seconds = cpuSeconds(stdout);
  console.log(`synthesis with bundles and layer: ${wall.toFixed(1)} s, ${seconds.toFixed(1)} s of CPU`);
}, 10 * 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const templates = async (): Promise<readonly string[]> =>
  (await readdir(join(folder, 'cdk.out'))).filter((file) => file.endsWith('.template.json'));

describe('npx cdk synth', () => {
  // of CPU: a machine that is shared takes longer, however little there is to do
  it(`takes at most ${MOST_SECONDS} seconds without a network or an account`, () => {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(MOST_SECONDS);
  });

  it('had no network indeed', async () => {
    await expect(
      offline('node', ['-e', 'fetch("http://127.0.0.1:8099").catch((e) => { throw e.cause })']),
    ).rejects.toThrow('this process has no network');
  });

  it('writes four stacks, which ask for nothing of an account', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'cdk.out', 'manifest.json'), 'utf8'));

    expect(await templates()).toEqual(
      ['edge', 'operations', 'stateful', 'stateless'].map((stack) => `dongu-${stack}.template.json`),
    );
    expect(manifest.missing).toBeUndefined();
  });

  it('has functions with their code, and DuckDB for the machine that they run on', async () => {
    const assets = (await readdir(join(folder, 'cdk.out'))).filter((file) => file.startsWith('asset.'));
    const found = await Promise.all(
      assets.map(async (asset) =>
        (await readdir(join(folder, 'cdk.out', asset), { recursive: true })).toSorted(),
      ),
    );
    const files = found.flat();

    for (const entry of ['collect', 'land', 'import']) {
      expect(files).toContain(`functions/entries/${entry}.mjs`);
    }
    const binding = files.filter((file) => file.endsWith('duckdb.node'));
    expect(binding).toEqual(['nodejs/node_modules/@duckdb/node-bindings-linux-arm64/duckdb.node']);
  });

  it(
    'is what cfn-lint finds nothing in',
    async () => {
      const files = (await templates()).map((file) => join(folder, 'cdk.out', file));
      const findings = await lint(files, { PATH, PYTHONPATH, DONGU_BED_CACHE, HOME, ...proxies });
      console.log(`cfn-lint: ${findings.length} findings`);

      expect(findings).toEqual([]);
    },
    5 * 60_000,
  );
});

describe('the layer', () => {
  it('is of the version that the program has been tested with, and under the size that Lambda takes', async () => {
    const versionIn = async (file: string): Promise<unknown> => {
      const { packages } = JSON.parse(await readFile(join(infra, file), 'utf8'));
      return packages['node_modules/@duckdb/node-api'].version;
    };
    const layer = buildLayer('arm64');
    const files = (await readdir(layer, { recursive: true, withFileTypes: true })).filter((file) =>
      file.isFile(),
    );
    const sizes = await Promise.all(
      files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
    );
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2;
    console.log(`layer: ${megabytes.toFixed(0)} MB unpacked`);

    expect(await versionIn('layers/duckdb/package-lock.json')).toBe(await versionIn('../package-lock.json'));
    expect(megabytes).toBeLessThan(200);
  });
});
