import type { LakeRecords } from '../core/lake-cut.ts';
import { lakeFolders, landedKey } from '../core/lake-layout.ts';
import { readLandedMarker, readReceipt } from '../core/lake-records.ts';
import { mapSideBySide } from '../core/run-graph.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** A store across a network answers many requests sooner than one after the other. */
const READS_AT_ONCE = 32;

/** All receipts and markers, or those of one source. Markers are read first: an import that completes meanwhile is then seen as incomplete. */
export async function readLakeRecords(store: ObjectStore, source?: string): Promise<LakeRecords> {
  const within = source === undefined ? '' : `/source=${source}`;
  const markers = await readAll(store, `${lakeFolders.landed}${within}`, readLandedMarker);
  const receipts = await readAll(store, `${lakeFolders.receipts}${within}`, readReceipt);
  return {
    markers: new Map(markers.filter(([, { is_dead }]) => !is_dead)),
    dead: new Set(markers.flatMap(([, { is_dead, import_id }]) => (is_dead ? [import_id] : []))),
    receipts: new Map(
      receipts.map(([, receipt]) => [landedKey(receipt.source, receipt.import_id), receipt] as const),
    ),
  };
}

async function readAll<T>(
  store: ObjectStore,
  folder: string,
  read: (text: string, key: string) => T,
): Promise<readonly (readonly [string, T])[]> {
  const entries = await mapSideBySide(await store.list(folder), READS_AT_ONCE, async (key) => {
    const text = await store.getText(key);
    // what compaction has deleted since the listing is in a newer import
    return text === undefined ? [] : [[key, read(text, key)] as const];
  });
  return entries.flat();
}
