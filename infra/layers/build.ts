// Builds the layer with DuckDB for an architecture of Lambda: npm run layer [-- arm64|x86_64]. Whatever this machine is, npm takes
// the binding of that one, as the lock file says it, by its hash, and runs no script.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As npm calls them. */
const processors: Readonly<Record<string, string>> = { arm64: 'arm64', x86_64: 'x64' };

const from = fileURLToPath(new URL('duckdb', import.meta.url));
const built = fileURLToPath(new URL('built', import.meta.url));

function isBuilt(folder: string): boolean {
  const lock = join(folder, 'nodejs', 'package-lock.json');
  const wanted = readFileSync(join(from, 'package-lock.json'), 'utf8');
  return existsSync(lock) && readFileSync(lock, 'utf8') === wanted;
}

/** Answers the folder. Does nothing where it was built from this lock file. */
export function buildLayer(architecture: string): string {
  const processor = processors[architecture];
  if (processor === undefined) {
    throw new Error(`no architecture ${architecture}: say ${Object.keys(processors).join(' or ')}`);
  }
  const folder = join(built, architecture);
  if (isBuilt(folder)) {
    return folder;
  }
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(join(part, 'nodejs'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    cpSync(join(from, file), join(part, 'nodejs', file));
  }
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-bin-links'];
  execFileSync('npm', ['ci', `--cpu=${processor}`, '--os=linux', '--libc=glibc', ...options], {
    cwd: join(part, 'nodejs'),
    stdio: 'inherit',
  });
  // npm's notes on what it did differ from machine to machine, and the layer's hash with them
  rmSync(join(part, 'nodejs', 'node_modules', '.package-lock.json'), { force: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const architecture = process.argv[2] ?? 'arm64';
  console.log(`${architecture}: ${buildLayer(architecture)}`);
}
