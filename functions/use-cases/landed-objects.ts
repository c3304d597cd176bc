import { LakeError } from '../core/errors.ts';
import { lakeFolders, landedKey } from '../core/lake-layout.ts';
import { type LandedMarker, type Receipt, readLandedMarker, recordText } from '../core/lake-records.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** The marker of a complete import, or undefined where it is not complete. */
export async function readMarker(
  store: ObjectStore,
  source: string,
  importId: string,
): Promise<LandedMarker | undefined> {
  const key = landedKey(source, importId);
  const text = await store.getText(key);
  return text === undefined ? undefined : readLandedMarker(text, key);
}

interface MarkerOptions {
  readonly isWhole?: boolean;
  readonly replaces?: readonly string[] | undefined;
  /** Only where there is no marker yet. */
  readonly isFirst?: boolean;
}

/**
 * Says that an import is complete, and what its objects hold now. A key without an object is left out, unless `isWhole`:
 * then it is refused, because somebody else has taken the object away. Answers whether the marker was written.
 */
export async function writeMarker(
  store: ObjectStore,
  receipt: Receipt,
  keys: Iterable<string>,
  options: MarkerOptions = {},
): Promise<boolean> {
  const objects: LandedMarker['objects'] = [];
  for (const key of new Set(keys)) {
    const digest = await store.digest(key);
    if (digest) {
      objects.push({ key, ...digest });
    } else if (options.isWhole) {
      throw new LakeError(
        `${key} was taken away while it was landed`,
        'It lands when the queue gives it again.',
      );
    }
  }
  const replaces = options.replaces && { replaces: [...options.replaces] };
  const marker: LandedMarker = { import_id: receipt.import_id, objects, changing: [], ...replaces };
  return put(store, receipt, marker, { ifAbsent: options.isFirst ?? false });
}

/** Says that an import will never be complete. False where it is, or is known to be dead already. */
export const markDead = (store: ObjectStore, receipt: Receipt): Promise<boolean> =>
  put(
    store,
    receipt,
    { import_id: receipt.import_id, objects: [], changing: [], is_dead: true },
    { ifAbsent: true },
  );

/** Says beforehand which objects are about to be replaced, so that a crash is told from damage. */
export async function markChanging(
  store: ObjectStore,
  receipt: Receipt,
  marker: LandedMarker,
  keys: readonly string[],
): Promise<void> {
  await put(store, receipt, { ...marker, changing: [...new Set([...marker.changing, ...keys])] });
}

function put(
  store: ObjectStore,
  receipt: Receipt,
  marker: LandedMarker,
  options: { readonly ifAbsent?: boolean } = {},
): Promise<boolean> {
  return store.putText(landedKey(receipt.source, receipt.import_id), recordText(marker), options);
}

/** What of a complete import is no longer as it was landed, a text for each. */
export async function changedObjects(store: ObjectStore, marker: LandedMarker): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const object of marker.objects) {
    const digest = await store.digest(object.key);
    if (!digest) {
      faults.push(`${object.key} is missing`);
    } else if (digest.sha256 !== object.sha256) {
      faults.push(`${object.key} is not what was landed`);
    }
  }
  return faults;
}

/** All objects of imports, whole or not. */
export async function landedObjects(store: ObjectStore): Promise<readonly string[]> {
  const folders = ['lake/raw', lakeFolders.quarantine, lakeFolders.identities];
  return (await Promise.all(folders.map((folder) => store.list(folder)))).flat();
}
