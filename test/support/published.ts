import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect } from 'vitest';
import { queryWarehouse } from '../../functions/adapters/duckdb-reader.ts';
import type { Manifest } from '../../functions/core/snapshot.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The SHA-256 of every file under a folder, by its path; hidden ones too. */
export async function digestsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = files.sort().map(async (file) => [relative(folder, file), sha256(await readFile(file))]);
  return Object.fromEntries(await Promise.all(digests));
}

async function expectPage(dashboards: string, page: string): Promise<void> {
  const text = await readFile(join(dashboards, page), 'utf8');
  expect(text.trimEnd().endsWith('</html>')).toBe(true);
  const named = [...text.matchAll(/(?:href|src)="([^"#:]+)"/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(3);
  for (const path of named) {
    const bytes = await readFile(join(dashboards, dirname(page), path));
    expect(bytes.length, `${page} names ${path}`).toBeGreaterThan(0);
  }
}

/**
 * That a reader finds everything: the manifest and every file that it names with the very bytes that it says, pages
 * that name only files which are there, and a warehouse whose tables are all of one run. Answers the snapshot's id.
 */
export async function expectReadable(home: string): Promise<string> {
  const dashboards = join(home, 'dashboards');
  const manifest = JSON.parse(await readFile(join(dashboards, 'manifest.json'), 'utf8')) as Manifest;
  const kept = JSON.parse(await readFile(join(dashboards, 'm', `${manifest.snapshotId}.json`), 'utf8'));
  expect(kept).toEqual(manifest);
  for (const view of Object.values(manifest.views)) {
    for (const file of Object.values(view.files)) {
      const bytes = await readFile(join(dashboards, file.path));
      expect({ sha256: sha256(bytes), bytes: bytes.length }).toEqual({
        sha256: file.sha256,
        bytes: file.bytes,
      });
    }
  }
  await expectPage(dashboards, 'index.html');
  await expectPage(dashboards, join('tr', 'index.html'));
  await expectPage(dashboards, join('en', 'index.html'));
  const { rows } = await queryWarehouse(
    join(home, 'warehouse.duckdb'),
    'select run_id from touchpoints union select run_id from orders union select run_id from kpi_values',
  );
  expect(rows).toHaveLength(1);
  JSON.parse(await readFile(join(home, 'runs', 'manifest.json'), 'utf8'));
  return manifest.snapshotId;
}
