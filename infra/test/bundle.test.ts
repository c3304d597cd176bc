import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleEntry } from '../bundle.ts';

const MEGABYTE = 1024 * 1024;
const entries = ['collect', 'land', 'import'] as const;

let folder: string;
const bundles = new Map<string, Bundle>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-bundles-'));
  for (const entry of entries) {
    bundles.set(entry, await bundleEntry(entry, join(folder, entry)));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const textOf = (entry: string): Promise<string> =>
  readFile(join(folder, entry, 'functions', 'entries', `${entry}.mjs`), 'utf8');

/** A process of Node that loads the bundle, with nothing of this folder to be found from it. */
async function loaded(entry: string, script: string, variables: Record<string, string> = {}) {
  const url = pathToFileURL(join(folder, entry, 'functions', 'entries', `${entry}.mjs`)).href;
  const text = `const { handler } = await import(${JSON.stringify(url)}); ${script}`;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], {
    cwd: folder,
    env: { PATH: '', AWS_REGION: 'eu-central-1', ...variables },
  });
}

/** Every file under the folder with a hash of its bytes. */
async function hashes(at: string): Promise<readonly string[]> {
  const files = await readdir(at, { recursive: true, withFileTypes: true });
  const lines = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return `${path.slice(at.length)} ${createHash('sha256')
        .update(await readFile(path))
        .digest('hex')}`;
    });
  return (await Promise.all(lines)).sort();
}

describe('the bundles', () => {
  it('are small: the collector at most 1.5 MB, those with DuckDB little more without it', () => {
    expect(bundles.get('collect')?.bytes).toBeLessThanOrEqual(1.5 * MEGABYTE);
    expect(bundles.get('land')?.bytes).toBeLessThanOrEqual(2 * MEGABYTE);
    expect(bundles.get('import')?.bytes).toBeLessThanOrEqual(2 * MEGABYTE);
  });

  it('of the collector have no DuckDB, no SQL and of the clients those of S3 and SQS only', async () => {
    // whole bundles are not printed by what fails
    const text = await textOf('collect');
    const clients = ['AmazonSQS', 'AmazonAthena', 'AWSGlue', 'secretsmanager', '@duckdb'];

    expect(clients.filter((name) => text.includes(name))).toEqual(['AmazonSQS']);
    expect(await readdir(join(folder, 'collect'))).toEqual(['functions']);
  });

  it('leave DuckDB to a layer, which is found by require only', async () => {
    const say = 'console.log(typeof handler);';
    const layer = join(import.meta.dirname, '..', '..', 'node_modules');

    expect((await loaded('land', say, { NODE_PATH: layer })).stdout).toBe('function\n');
    await expect(loaded('land', say)).rejects.toThrow("Cannot find module '@duckdb/node-api'");
  });

  it('are the same bytes each time', async () => {
    await bundleEntry('land', join(folder, 'again'));

    expect(await hashes(join(folder, 'again'))).toEqual(await hashes(join(folder, 'land')));
  });

  it('are told what is missing in their environment by the name of the error', async () => {
    const say = 'await handler({}, {}).catch((error) => console.log(error.name, error.message));';
    const collect = await loaded('collect', say);

    expect(collect.stdout).toBe(
      'ConfigurationError the environment of this function: DONGU_LAKE is missing; DONGU_QUEUE_URL is missing\n',
    );
  });

  it('do nothing when they are loaded but to wait for events', async () => {
    const { stdout, stderr } = await loaded('collect', 'console.log(typeof handler);');

    expect(stdout).toBe('function\n');
    expect(stderr).toBe('');
  });

  it('find the texts beside them, and those of the project', async () => {
    const project = join(folder, 'a-project');
    await mkdir(join(project, 'sources'), { recursive: true });
    await writeFile(join(project, 'sources', 'own.yml'), 'source: own\n');
    await writeFile(join(project, 'unlike-these.csv'), 'a,b\n');
    await writeFile(join(project, 'ours.yaml'), '{}\n');
    await bundleEntry('import', join(folder, 'of-project'), { configuration: join(project, 'ours.yaml') });

    expect((await readdir(join(folder, 'of-project'))).sort()).toEqual(['functions', 'project', 'sql']);
    expect(await readdir(join(folder, 'of-project', 'project'), { recursive: true })).toEqual([
      'dongu.yaml',
      'sources',
      'sources/own.yml',
    ]);
    expect(await readdir(join(folder, 'land', 'sql'))).toContain('landing');
  });
});
