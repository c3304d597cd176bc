import { lakeFolders, landedKey } from '../core/lake-layout.ts';
import {
  type BatchReceipt,
  isBatchReceipt,
  type LandedMarker,
  type Receipt,
  readLandedMarker,
  readReceipt,
} from '../core/lake-records.ts';
import { mapSideBySide } from '../core/run-graph.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** A store across a network answers many requests sooner than one after the other. */
const READS_AT_ONCE = 32;

export interface LakeRecords {
  /** By the key of the marker that each import has, or would have. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** By their keys; replaced ones included. */
  readonly markers: ReadonlyMap<string, LandedMarker>;
}

/** All receipts and markers. Markers are read first: an import that completes meanwhile is then seen as incomplete. */
export async function readLakeRecords(store: ObjectStore): Promise<LakeRecords> {
  const markers = await readAll(store, lakeFolders.landed, readLandedMarker);
  const receipts = await readAll(store, lakeFolders.receipts, readReceipt);
  return {
    markers: new Map(markers),
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

/** The markers that a newer one stands for, and that are about to be deleted. */
export function replacedMarkers(markers: ReadonlyMap<string, LandedMarker>): ReadonlySet<string> {
  const replaced = new Set([...markers.values()].flatMap((marker) => marker.replaces ?? []));
  return new Set([...markers].filter(([, marker]) => replaced.has(marker.import_id)).map(([key]) => key));
}

/** What a reader of the lake counts: see `lakeCut`. */
export interface LakeCut {
  readonly receipts: readonly Receipt[];
  /** Keys of the objects to read. Of a replay that broke off, also those that it may have written. */
  readonly objects: ReadonlySet<string>;
  /** Batches that were accepted and lie in no complete import: the queue still has them, or they are lost. */
  readonly unlanded: readonly BatchReceipt[];
}

/**
 * The complete imports that are not replaced, each item once. Of two batches that share a request only the first counts
 * here; the other's further requests wait until compaction has settled the two. Every file that was accepted counts, landed or not:
 * its rows must be missed. A batch that is not landed is not counted, because the queue has it until it is.
 */
export function lakeCut({ receipts, markers }: LakeRecords): LakeCut {
  const replaced = replacedMarkers(markers);
  const objects = new Set<string>();
  const counted: Receipt[] = [];
  const incomplete: BatchReceipt[] = [];
  const seen = new Set<string>();
  for (const [key, receipt] of [...receipts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const marker = markers.get(key);
    if (replaced.has(key)) {
      continue;
    }
    if (isBatchReceipt(receipt)) {
      if (!marker) {
        incomplete.push(receipt);
        continue;
      }
      if (receipt.requests.some(({ id }) => seen.has(id))) {
        continue;
      }
      for (const { id } of receipt.requests) {
        seen.add(id);
      }
    }
    counted.push(receipt);
    for (const object of [
      ...(marker?.objects.map((named) => named.key) ?? []),
      ...(marker?.changing ?? []),
    ]) {
      objects.add(object);
    }
  }
  const landed = landedRequests({ receipts, markers });
  const unlanded = incomplete.filter(({ requests }) => requests.some(({ id }) => !landed.has(id)));
  return { receipts: counted, objects, unlanded };
}

/** Ids of the requests that lie in a complete import. */
export function landedRequests({ receipts, markers }: LakeRecords): ReadonlySet<string> {
  const landed = new Set<string>();
  for (const [key, receipt] of receipts) {
    if (markers.has(key) && isBatchReceipt(receipt)) {
      for (const { id } of receipt.requests) {
        landed.add(id);
      }
    }
  }
  return landed;
}
