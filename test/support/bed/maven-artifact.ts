import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Staging } from './bed-cache.ts';
import { type Environment, runFilling } from './command.ts';

/** A file that Maven brings, and what it must be. */
export interface MavenArtifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type Report = (line: string) => void;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The size of the largest file: while it is fetched, Maven gives it another name. */
async function largestFile(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) => stat(join(folder, name)).catch(() => undefined));
  return Math.max(0, ...(await Promise.all(sizes)).map((found) => found?.size ?? 0));
}

/** Tells every few seconds how far it is; stopped by what it answers. */
function reportGrowth(folder: string, { name, bytes }: MavenArtifact, report: Report): () => void {
  const tell = async (): Promise<void> => {
    const size = await largestFile(folder);
    // less than that is only the description of it
    if (size > 1e6) report(`  ${name}: ${megabytes(size)} of ${megabytes(bytes)}`);
  };
  const timer = setInterval(() => void tell(), 5_000);
  return () => clearInterval(timer);
}

async function demandPinned(file: string, { name, version, sha256 }: MavenArtifact): Promise<void> {
  const found = await sha256Of(file);
  if (found === sha256) return;
  throw new Error(
    `${name} ${version}, as Maven brought it, is not the file that is pinned, so it is not used: its sha256 is ${found} instead of ${sha256}. Run again; if it stays so, ask whoever runs the mirror that this machine's Maven is set up to use.`,
  );
}

/** Fetches the file into a Maven repository within the folder, so that nothing is left in the user's. */
export async function fetchMavenArtifact(
  artifact: MavenArtifact,
  { folder: staging, work }: Staging,
  { environment, report }: { environment: Environment; report: Report },
): Promise<string> {
  const { group, name, version, type } = artifact;
  const repository = join(work, 'maven');
  const folder = join(repository, ...group.split('.'), name, version);
  report(`fetching ${name} ${version} (${megabytes(artifact.bytes)}) by Maven`);
  const stopReporting = reportGrowth(folder, artifact, report);
  try {
    const settings = ['--quiet', '--batch-mode', '-Dstyle.color=never', `-Dmaven.repo.local=${repository}`];
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get';
    const wanted = [`-Dartifact=${group}:${name}:${version}:${type}`, '-Dtransitive=false'];
    await runFilling(staging, 'mvn', [...settings, goal, ...wanted], environment);
  } finally {
    stopReporting();
  }
  const file = join(folder, `${name}-${version}.${type}`);
  await demandPinned(file, artifact);
  return file;
}
