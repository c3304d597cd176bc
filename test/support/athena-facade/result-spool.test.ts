import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cells, ResultSpool } from './result-spool.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-spool-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function allPages(spool: ResultSpool, most: number): Promise<readonly Cells[][]> {
  const pages: Cells[][] = [];
  let position: number | undefined = 0;
  while (position !== undefined) {
    const page = await spool.page(position, most);
    pages.push([...page.rows]);
    position = page.nextPosition;
  }
  return pages;
}

describe('a spooled result', () => {
  it('comes back in pages, each row once and in order, whatever its letters', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => [
      String(index),
      index % 3 === 0 ? null : 'ğ\n"ü,😀',
    ]);
    const spool = new ResultSpool(join(folder, 'many'), 'csv');
    await spool.add(rows.slice(0, 1200));
    await spool.add(rows.slice(1200));
    await spool.end();
    const pages = await allPages(spool, 1000);
    expect(pages.map((page) => page.length)).toEqual([1000, 1000, 500]);
    expect(pages.flat()).toEqual(rows);
  });

  it('has no page after the last full one, and one empty page of an empty result', async () => {
    const full = new ResultSpool(join(folder, 'full'), 'csv');
    await full.add([['a'], ['b']]);
    await full.end();
    expect(await allPages(full, 2)).toEqual([[['a'], ['b']]]);
    const empty = new ResultSpool(join(folder, 'empty'), 'csv');
    await empty.end();
    expect(await allPages(empty, 1000)).toEqual([[]]);
  });

  it('is a CSV file or a text file for S3', async () => {
    const csv = new ResultSpool(join(folder, 'csv'), 'csv');
    await csv.addHeader(['x', 'y']);
    await csv.add([['a', null]]);
    await csv.end();
    expect(await readFile(csv.objectPath, 'utf8')).toBe('"x","y"\n"a",\n');
    expect((await csv.page(0, 10)).rows).toEqual([['a', null]]);
    const text = new ResultSpool(join(folder, 'txt'), 'txt');
    await text.addHeader(['x', 'y']);
    await text.add([['a', null]]);
    await text.end();
    expect(await readFile(text.objectPath, 'utf8')).toBe('a\t\n');
  });
});
