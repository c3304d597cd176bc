import { lakeFolders } from './lake-layout.ts';
import { type BatchReceipt, isBatchReceipt, type LandedMarker, type Receipt } from './lake-records.ts';

export interface LakeRecords {
  /** By the key of the marker that each import has, or would have. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** By their keys; replaced ones included. */
  readonly markers: ReadonlyMap<string, LandedMarker>;
  /** Ids of imports that never come to their end: see `is_dead`. */
  readonly dead: ReadonlySet<string>;
}

/** Ids of the imports that newer ones stand for; those included that are long deleted. */
export const replacedImports = (markers: ReadonlyMap<string, LandedMarker>): ReadonlySet<string> =>
  new Set([...markers.values()].flatMap((marker) => marker.replaces ?? []));

/** The markers that a newer one stands for, and that are about to be deleted. */
export function replacedMarkers(markers: ReadonlyMap<string, LandedMarker>): ReadonlySet<string> {
  const replaced = replacedImports(markers);
  return new Set([...markers].filter(([, marker]) => replaced.has(marker.import_id)).map(([key]) => key));
}

/** What a reader of the lake counts: see `lakeCut`. */
export interface LakeCut {
  readonly receipts: readonly Receipt[];
  /** Keys of the objects to read. */
  readonly objects: ReadonlySet<string>;
  /** Bytes of those that models read, by the markers. */
  readonly bytes: number;
  /** Keys of the counted markers that a replay, a remap or a copy has begun to change and not finished. */
  readonly changing: readonly string[];
  /** Batches that were accepted and lie in no complete import: the queue still has them, or they are lost. */
  readonly unlanded: readonly BatchReceipt[];
}

/**
 * The complete imports that are not replaced, each item once. Of two batches that share a request only one counts here; the
 * other's further requests wait until compaction has settled the two. Every file that was accepted counts, landed or not: its
 * rows must be missed. A batch that is not landed is not counted, because the queue has it until it is.
 */
export function lakeCut(records: LakeRecords): LakeCut {
  const replaced = replacedMarkers(records.markers);
  const live = [...records.receipts].filter(([key]) => !replaced.has(key));
  const seen = new Set<string>();
  const counted = live
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key, receipt]) => {
      if (!isBatchReceipt(receipt)) {
        return true;
      }
      const isCounted = records.markers.has(key) && receipt.requests.every(({ id }) => !seen.has(id));
      for (const { id } of isCounted ? receipt.requests : []) {
        seen.add(id);
      }
      return isCounted;
    });
  return {
    receipts: counted.map(([, receipt]) => receipt),
    objects: new Set(counted.flatMap(([key]) => namedObjects(records.markers.get(key)))),
    bytes: counted
      .flatMap(([key]) => records.markers.get(key)?.objects ?? [])
      .filter(({ key }) => !key.startsWith(`${lakeFolders.identities}/`))
      .reduce((sum, { bytes }) => sum + bytes, 0),
    changing: counted
      .map(([key]) => key)
      .filter((key) => (records.markers.get(key)?.changing.length ?? 0) > 0),
    unlanded: unlandedBatches(records),
  };
}

/** Of a replay that broke off, also the objects that it may have written. */
export const namedObjects = (marker: LandedMarker | undefined): readonly string[] =>
  marker ? [...marker.objects.map(({ key }) => key), ...marker.changing] : [];

function unlandedBatches(records: LakeRecords): readonly BatchReceipt[] {
  const landed = landedRequests(records);
  return [...records.receipts.values()]
    .filter(isBatchReceipt)
    .filter(({ requests }) => requests.some(({ id }) => !landed.has(id)));
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
