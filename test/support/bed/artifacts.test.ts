import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withFolder } from '../engine.ts';
import { fetchArtifacts } from './artifacts.ts';
import { keepInCache } from './bed-cache.ts';

async function writeCommands(folder: string, commands: Readonly<Record<string, string>>): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

/** Brings whatever is asked for, and always the same wrong bytes. */
const wrongMaven = `
  for word in "$@"; do case "$word" in -Dmaven.repo.local=*) repository="\${word#*=}";; esac; done
  [ -n "$repository" ] || exit 0
  for file in trino-server-core/476/trino-server-core-476.tar.gz trino-hive/476/trino-hive-476.zip; do
    /bin/mkdir -p "$repository/io/trino/\${file%/*}"
    echo 'not what is pinned' > "$repository/io/trino/$file"
  done`;

/** Says that it is Python, runs what a guard is to run, and makes environments whose pip succeeds. */
const python = `
  case "$1" in *bed-guard.py) shift 2; exec "$@";; esac
  case "$*" in
    *version_info*) echo 3 12 /usr/bin/python3 '3.12.1 (main)';;
    '-m venv '*) /bin/mkdir -p "$3/bin"; printf '#!/bin/sh\\n' > "$3/bin/python"; /bin/chmod +x "$3/bin/python";;
  esac`;

const java = `echo 'openjdk version "25.0.2"' >&2`;

async function failureOf(commands: Readonly<Record<string, string>>, folder: string): Promise<string> {
  const bin = await writeCommands(folder, commands);
  const environment = { PATH: bin, DONGU_BED_CACHE: join(folder, 'cache') };
  const answer = await fetchArtifacts({ environment, report: () => undefined }).catch(
    (error: unknown) => error,
  );
  if (!(answer instanceof Error)) throw new Error('it was expected to fail');
  return answer.message;
}

it('refuses a file that is not the pinned one, and keeps nothing of it', async () => {
  await withFolder(async (folder) => {
    const message = await failureOf({ mvn: wrongMaven, python3: python, java }, folder);
    expect(message).toContain('trino-server-core 476, as Maven brought it, is not the file that is pinned');
    expect(message).toContain('instead of 0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158');
    const kept = await readdir(join(folder, 'cache'));
    expect(kept).toEqual([expect.stringMatching(/^python-/)]);
  });
});

it('names all that is missing at once, and what brings it', async () => {
  await withFolder(async (folder) => {
    const message = await failureOf({}, folder);
    expect(message).toContain('- python3 is not there');
    expect(message).toContain('apt install python3 python3-venv');
    expect(message).toContain('- mvn, which fetches Trino, is not there');
    expect(message).toContain('apt install maven');
  });
});

it.each([
  ['an old Python', { python3: 'echo 3 9 /usr/bin/python3 3.9.2' }, 'python3 is Python 3.9.'],
  [
    'a Python without venv',
    { python3: `case "$*" in *ensurepip*) exit 1;; esac\n${python}` },
    'python3 has no venv module',
  ],
  [
    'no network',
    {
      python3: python,
      mvn: `[ "$1" = --version ] || { echo 'Could not transfer artifact: Unknown host'; exit 1; }`,
    },
    'Trino 476 could not be fetched. The registry cannot be reached.',
  ],
  [
    'a full disk',
    { python3: python, mvn: `[ "$1" = --version ] || { echo 'No space left on device'; exit 1; }` },
    'Trino 476 could not be fetched. The disk is full.',
  ],
])('says what to do about %s', async (_, commands, expected) => {
  await withFolder(async (folder) => {
    expect(await failureOf({ mvn: wrongMaven, java, ...commands }, folder)).toContain(expected);
  });
});

it('fills an entry whole or not at all, and clears what a killed process left', async () => {
  await withFolder(async (folder) => {
    const entry = { name: 'thing', neededBytes: 1 };
    // no process has the highest number there is
    await mkdir(join(folder, `.filling-${hostname()}-4194304-abcdef`));
    await mkdir(join(folder, `.filling-${hostname()}-${process.pid}-ghijkl`));
    await mkdir(join(folder, '.filling-another.machine-4194304-abcdef'));
    const fails = keepInCache(folder, {
      ...entry,
      fill: async ({ content }) => {
        await writeFile(join(content, 'half'), '');
        throw new Error('on purpose');
      },
    });
    await expect(fails).rejects.toThrow('on purpose');
    expect((await readdir(folder)).toSorted()).toEqual([
      '.filling-another.machine-4194304-abcdef',
      `.filling-${hostname()}-${process.pid}-ghijkl`,
    ]);
  });
});

it('lets two at once fill an entry, and gives both a whole one', async () => {
  await withFolder(async (folder) => {
    const both = Promise.withResolvers<void>();
    let filling = 0;
    const keep = (text: string): Promise<string> =>
      keepInCache(folder, {
        name: 'thing',
        neededBytes: 1,
        fill: async ({ content }) => {
          filling += 1;
          if (filling === 2) both.resolve();
          await both.promise;
          await writeFile(join(content, 'whole'), text);
        },
      });
    const [first, second] = await Promise.all([keep('same'), keep('same')]);
    expect(first).toBe(second);
    expect(await readFile(join(first, 'whole'), 'utf8')).toBe('same');
    expect(await readdir(folder)).toEqual(['thing']);
    const again = await keepInCache(folder, {
      name: 'thing',
      neededBytes: 1,
      fill: () => Promise.reject(new Error('it is there already')),
    });
    expect(again).toBe(first);
  });
});

it('asks for space before it fetches', async () => {
  await withFolder(async (folder) => {
    const fill = (): Promise<void> => Promise.reject(new Error('not reached'));
    const refused = keepInCache(folder, { name: 'huge', neededBytes: 1e18, fill });
    await expect(refused).rejects.toThrow('1000000000.0 GB needed while fetching');
    await expect(refused).rejects.toThrow('DONGU_BED_CACHE');
  });
});
