import { copyFile } from 'node:fs/promises';
import type { FileWarehouse } from '../../functions/adapters/duckdb-build.ts';
import type { LandedFile, Landing } from '../../functions/ports/landing.ts';

/** The first landing is real; every further one gives copies of its files. For the same file and time again and again. */
export function recordedLanding(real: Landing): Landing {
  const kept: LandedFile[] = [];
  let copies = 0;
  const copied = async (file: LandedFile): Promise<LandedFile> => {
    copies += 1;
    const localPath = `${file.localPath}.${copies}`;
    await copyFile(file.localPath, localPath);
    return { ...file, localPath };
  };
  return {
    land: async (request) => {
      if (kept.length === 0) kept.push(...(await real.land(request)));
      return Promise.all(kept.map(copied));
    },
    merge: (paths, key) => real.merge(paths, key),
    gather: (parts, kind) => real.gather(parts, kind),
    countRows: (path) => real.countRows(path),
  };
}

/** What a warehouse answered once, by the SQL, so that the same run can be played again without computing. */
export interface Recording {
  readonly answers: Map<string, unknown>;
  /** The finished database file of the recorded run. */
  readonly file: string;
}

/** Passes everything on to a real warehouse and keeps its answers. */
export function recording(real: FileWarehouse, { answers }: Recording): FileWarehouse {
  const keep = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const answer = await work;
    answers.set(name, answer);
    return answer;
  };
  return {
    dependencies: (sql) => keep(`dependencies ${sql}`, real.dependencies(sql)),
    rows: (sql) => keep(`rows ${sql}`, real.rows(sql)),
    replaceTable: (name, sql, kept, shape) =>
      keep(`table ${name}`, real.replaceTable(name, sql, kept, shape)),
    firstRows: (selects) => keep('checks', real.firstRows(selects)),
    insertInto: (name, part, sql) => keep(`part ${part}`, real.insertInto(name, part, sql)),
    sideBySide: real.sideBySide,
    spent: () => real.spent(),
    createEmpty: (name, columns) => real.createEmpty(name, columns),
    createFromRows: (name, columns, rows) => real.createFromRows(name, columns, rows),
    attachParquet: (name, columns, paths) => real.attachParquet(name, columns, paths),
    createView: (name, sql) => real.createView(name, sql),
    cpuSeconds: () => real.cpuSeconds(),
    finish: () => real.finish(),
    close: () => real.close(),
  };
}

/** Plays a recorded run again: the same answers at once, and the same finished file at the given path. */
export async function playing({ answers, file }: Recording, path: string): Promise<FileWarehouse> {
  const answer = async <T>(name: string): Promise<T> => {
    if (!answers.has(name)) throw new Error(`not recorded: ${name}`);
    return answers.get(name) as T;
  };
  await copyFile(file, path);
  const nothing = async () => undefined;
  return {
    dependencies: (sql) => answer(`dependencies ${sql}`),
    rows: (sql) => answer(`rows ${sql}`),
    replaceTable: (name) => answer(`table ${name}`),
    firstRows: () => answer('checks'),
    insertInto: (_, part) => answer(`part ${part}`),
    sideBySide: 1,
    spent: () => undefined,
    createEmpty: nothing,
    createFromRows: nothing,
    attachParquet: nothing,
    createView: nothing,
    cpuSeconds: () => 0,
    finish: nothing,
    close: () => undefined,
  };
}
