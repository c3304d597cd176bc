import { errorText } from '../core/errors.ts';
import { lakeFolders, landedKey, receiptKey } from '../core/lake-layout.ts';
import { readLandedMarker, readReceipt } from '../core/lake-records.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { changedObjects } from './landed-objects.ts';

/**
 * Compares the lake with its own records: every receipt was landed, every landed object holds the bytes that were
 * landed, and no object is there that no import names. Answers each fault as a text that names the object.
 */
export async function verifyLake(store: ObjectStore): Promise<readonly string[]> {
  const faults: string[] = [];
  const landed = await store.list(lakeFolders.landed);
  const received = await checkReceipts(store, new Set(landed), faults);
  const named = new Set<string>();
  for (const key of landed) {
    const marker = await readRecord(store, key, readLandedMarker, faults);
    for (const object of marker?.objects ?? []) {
      named.add(object.key);
    }
    if (!received.has(key)) {
      faults.push(`${key} has no receipt`);
    } else if (marker && marker.changing.length > 0) {
      faults.push(`${key}: a replay or remap of it broke off`);
    } else if (marker) {
      faults.push(...(await changedObjects(store, marker)));
    }
  }
  return [...faults, ...(await strangers(store, named))];
}

/** Answers the keys of the markers that there should be. */
async function checkReceipts(
  store: ObjectStore,
  landed: ReadonlySet<string>,
  faults: string[],
): Promise<ReadonlySet<string>> {
  const expected = new Set<string>();
  for (const key of await store.list(lakeFolders.receipts)) {
    const receipt = await readRecord(store, key, readReceipt, faults);
    const own = receipt ? receiptKey(receipt.source, receipt.import_id) : key;
    const marker = receipt ? landedKey(receipt.source, receipt.import_id) : undefined;
    if (key !== own) {
      faults.push(`${key} is the receipt of another import`);
    } else if (marker && !landed.has(marker)) {
      faults.push(`${key} was not landed to its end`);
    }
    if (marker) {
      expected.add(marker);
    }
  }
  return expected;
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

async function strangers(store: ObjectStore, named: ReadonlySet<string>): Promise<readonly string[]> {
  const keys = await Promise.all(
    ['lake/raw', lakeFolders.quarantine, lakeFolders.identities].map((folder) => store.list(folder)),
  );
  return keys
    .flat()
    .filter((key) => !named.has(key))
    .map((key) => `${key} belongs to no import that was landed`);
}
