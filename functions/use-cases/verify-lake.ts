import { errorText } from '../core/errors.ts';
import {
  type LakeRecords,
  landedRequests,
  namedObjects,
  replacedImports,
  replacedMarkers,
} from '../core/lake-cut.ts';
import { importOf, lakeFolders, landedKey, receiptKey } from '../core/lake-layout.ts';
import {
  isBatchReceipt,
  type LandedMarker,
  type Receipt,
  readLandedMarker,
  readReceipt,
} from '../core/lake-records.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { changedObjects, landedObjects } from './landed-objects.ts';

export interface VerifyOptions {
  /** Waits before the lake is looked at again, the longer the more often: what lands meanwhile may come to its end. */
  readonly pause?: (look: number) => Promise<void>;
}

const LOOKS = 4;

/**
 * Compares the lake with its own records: every receipt was landed, every landed object holds the bytes that were
 * landed, and no object is there that no import names. Answers each fault as a text that names the object. While it reads, batches may land
 * and be merged: half of that looks like a loss. So only what each of some looks has told is a fault.
 */
export async function verifyLake(
  store: ObjectStore,
  { pause = async () => {} }: VerifyOptions = {},
): Promise<readonly string[]> {
  let faults = await lookAtLake(store);
  for (let look = 1; look < LOOKS && faults.length > 0; look += 1) {
    await pause(look);
    const again = new Set(await lookAtLake(store));
    faults = faults.filter((fault) => again.has(fault));
  }
  return faults;
}

async function lookAtLake(store: ObjectStore): Promise<readonly string[]> {
  const faults: string[] = [];
  const found = await readMarkers(store, faults);
  const { records, markersOfReceipts, leftovers } = await checkReceipts(store, found, faults);
  const replaced = replacedMarkers(records.markers);
  for (const key of found.keys) {
    const marker = records.markers.get(key);
    if (replaced.has(key)) {
      continue;
    }
    if (!markersOfReceipts.has(key)) {
      faults.push(`${key} has no receipt`);
    } else if (marker && marker.changing.length > 0) {
      faults.push(`${key}: a replay or remap of it broke off`);
    } else if (marker) {
      faults.push(...(await changedObjects(store, marker)));
    }
  }
  const named = new Set([...records.markers.values()].flatMap((marker) => namedObjects(marker)));
  const known = new Set([...leftovers, ...found.dead, ...replacedImports(records.markers)]);
  const strangers = (await landedObjects(store)).filter(
    (key) => !named.has(key) && !known.has(importOf(key)),
  );
  return [...faults, ...strangers.map((key) => `${key} belongs to no import that was landed`)];
}

interface FoundMarkers {
  readonly keys: readonly string[];
  /** Those of them that can be read. */
  readonly markers: ReadonlyMap<string, LandedMarker>;
  /** Ids of imports that never came to their end. */
  readonly dead: ReadonlySet<string>;
}

async function readMarkers(store: ObjectStore, faults: string[]): Promise<FoundMarkers> {
  const keys = await store.list(lakeFolders.landed);
  const markers = new Map<string, LandedMarker>();
  const dead = new Map<string, string>();
  for (const key of keys) {
    const marker = await readRecord(store, key, readLandedMarker, faults);
    if (marker?.is_dead) {
      dead.set(key, marker.import_id);
    } else if (marker) {
      markers.set(key, marker);
    }
  }
  return { keys: keys.filter((key) => !dead.has(key)), markers, dead: new Set(dead.values()) };
}

interface CheckedReceipts {
  readonly records: LakeRecords;
  readonly markersOfReceipts: ReadonlySet<string>;
  /** Imports of which a crash left objects that stand in others by now. */
  readonly leftovers: ReadonlySet<string>;
}

async function checkReceipts(
  store: ObjectStore,
  { keys, markers, dead }: FoundMarkers,
  faults: string[],
): Promise<CheckedReceipts> {
  const landed = new Set(keys);
  const receipts = new Map<string, Receipt>();
  const incomplete: (readonly [string, Receipt])[] = [];
  for (const key of await store.list(lakeFolders.receipts)) {
    const receipt = await readRecord(store, key, readReceipt, faults);
    if (!receipt) {
      continue;
    }
    const marker = landedKey(receipt.source, receipt.import_id);
    receipts.set(marker, receipt);
    if (key !== receiptKey(receipt.source, receipt.import_id)) {
      faults.push(`${key} is the receipt of another import`);
    } else if (!landed.has(marker)) {
      incomplete.push([key, receipt]);
    }
  }
  const records = { receipts, markers, dead };
  const requests = landedRequests(records);
  const leftovers = new Set<string>();
  for (const [key, receipt] of incomplete) {
    if (isBatchReceipt(receipt) && receipt.requests.every(({ id }) => requests.has(id))) {
      leftovers.add(receipt.import_id);
    } else {
      faults.push(`${key} was not landed to its end`);
    }
  }
  return { records, markersOfReceipts: new Set(receipts.keys()), leftovers };
}

async function readRecord<T>(
  store: ObjectStore,
  key: string,
  read: (text: string, key: string) => T,
  faults: string[],
): Promise<T | undefined> {
  try {
    return read((await store.getText(key)) ?? '', key);
  } catch (error) {
    faults.push(errorText(error));
    return undefined;
  }
}
