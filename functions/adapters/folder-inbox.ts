import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../core/errors.ts';
import type { Inbox, InboxFile } from '../ports/inbox.ts';

/**
 * `inbox/SOURCE/FILE` in a home. Landed files go to `imported/SOURCE/IMPORT-FILE`, for a person to delete. Names that begin
 * with a dot are passed over: write a file under such a name and rename it when it is whole.
 */
export class FolderInbox implements Inbox {
  readonly #inbox: string;
  readonly #imported: string;

  constructor(home: string) {
    this.#inbox = join(home, 'inbox');
    this.#imported = join(home, 'imported');
  }

  async list(): Promise<readonly InboxFile[]> {
    const files: InboxFile[] = [];
    for (const source of await namesIn(this.#inbox, 'isDirectory')) {
      for (const name of await namesIn(join(this.#inbox, source), 'isFile')) {
        const path = join(this.#inbox, source, name);
        files.push({ source, name, path, version: await versionOf(path) });
      }
    }
    return files;
  }

  async takeAway({ source, name, path, version }: InboxFile, importId: string): Promise<void> {
    if ((await versionOf(path)) !== version) {
      return;
    }
    const target = join(this.#imported, source, `${importId}-${name}`);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target);
  }
}

async function namesIn(folder: string, kind: 'isFile' | 'isDirectory'): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry[kind]() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

async function versionOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${size} ${mtimeMs} ${ino}`;
}
