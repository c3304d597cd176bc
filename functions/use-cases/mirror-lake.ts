import { LakeError } from '../core/errors.ts';
import { type LakeRecords, landedRequests } from '../core/lake-cut.ts';
import { identityKeyCheckKey, lakeFolders, landedKey, receiptKey } from '../core/lake-layout.ts';
import {
  isBatchReceipt,
  type LandedMarker,
  readLandedMarker,
  readReceipt,
  recordText,
} from '../core/lake-records.ts';
import { mapSideBySide } from '../core/run-graph.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { readLakeRecords } from './read-lake.ts';

/** A lake to which finished objects are copied. */
export interface LakeCopy extends ObjectStore {
  /** Copies a local file to the key; the file stays. */
  uploadFile(key: string, localPath: string): Promise<void>;
}

const UPLOADS_AT_ONCE = 8;

/** Small objects of a store across a network. */
const RECORDS_AT_ONCE = 32;

/** Never copied: clear values, which no model reads. */
const isPersonal = (key: string): boolean => key.startsWith(`${lakeFolders.identities}/`);

/**
 * Brings a copy of this machine's lake up to date, import by import: receipt, then objects, then the marker that says it
 * is complete; an import whose marker is there already, and says the same, is passed over. An import that a replay or
 * remap has left half changed stays as the copy has it. The zone of clear identities stays on this machine. Answers how
 * many imports were copied.
 */
export async function mirrorLake(
  from: ObjectStore,
  to: LakeCopy,
  telemetry: Pick<Telemetry, 'step' | 'warn'>,
): Promise<number> {
  await demandSameKey(from, to);
  const receipts = await from.list(lakeFolders.receipts);
  const copied = new Set(await to.list(lakeFolders.receipts));
  const missing = receipts.filter((receipt) => !copied.has(receipt));
  await mapSideBySide(missing, RECORDS_AT_ONCE, async (key) =>
    to.putText(key, (await from.getText(key)) ?? ''),
  );
  const markers = await unequalRecords(from, to, await from.list(lakeFolders.landed));
  let count = 0;
  for (const [index, { key, text }] of markers.entries()) {
    telemetry.step(`copying import ${index + 1}/${markers.length} to ${to.address('')}`);
    const marker = readLandedMarker(text, key);
    if (marker.is_dead) {
      continue;
    }
    if (marker.changing.length > 0) {
      telemetry.warn(
        `${key.split('/').at(-2)}: a replay or remap of import ${marker.import_id} broke off: run it again; until then the copy stays as it is`,
      );
    } else {
      count += (await mirrorImport(from, to, key, { text, marker })) ? 1 : 0;
    }
  }
  await removeMerged(await readLakeRecords(from), to);
  return count;
}

/** A lake is hashed with one key: keys of two would make two customers of one, and nobody could tell. */
async function demandSameKey(from: ObjectStore, to: LakeCopy): Promise<void> {
  const own = await from.getText(identityKeyCheckKey);
  if (own === undefined) {
    return;
  }
  const isFirst = await to.putText(identityKeyCheckKey, own, { ifAbsent: true });
  if (!isFirst && (await to.getText(identityKeyCheckKey)) !== own) {
    throw new LakeError(
      `the lake ${to.address('')} was made with another identity key than this home's`,
      'Give this home a lake of its own (engine.athena.root), or restore the key that both were made with.',
    );
  }
}

/** The records of these keys that the copy has not, or has otherwise. */
async function unequalRecords(
  from: ObjectStore,
  to: LakeCopy,
  keys: readonly string[],
): Promise<readonly { readonly key: string; readonly text: string }[]> {
  const records = await mapSideBySide(keys, RECORDS_AT_ONCE, async (key) => {
    const text = (await from.getText(key)) ?? '';
    return (await to.getText(key)) === text ? [] : [{ key, text }];
  });
  return records.flat();
}

/** Takes batches out of the copy that compaction has merged here: all their requests are in other imports by now. */
async function removeMerged(here: LakeRecords, to: LakeCopy): Promise<void> {
  const copied = await to.list(lakeFolders.receipts);
  const landed = landedRequests(here);
  const kept = new Set([...here.receipts.values()].map((each) => receiptKey(each.source, each.import_id)));
  for (const key of copied.filter((receipt) => !kept.has(receipt))) {
    const receipt = readReceipt((await to.getText(key)) ?? '', key);
    if (isBatchReceipt(receipt) && receipt.requests.every(({ id }) => landed.has(id))) {
      const markerKey = landedKey(receipt.source, receipt.import_id);
      const marker = await to.getText(markerKey);
      const objects = marker === undefined ? [] : readLandedMarker(marker, markerKey).objects;
      for (const object of objects.filter((each) => !isPersonal(each.key))) {
        await to.delete(object.key);
      }
      await to.delete(markerKey);
      await to.delete(key);
    }
  }
}

async function mirrorImport(
  from: ObjectStore,
  to: LakeCopy,
  markerKey: string,
  { text, marker }: { readonly text: string; readonly marker: LandedMarker },
): Promise<boolean> {
  const there = await to.getText(markerKey);
  if (there === text) {
    return false;
  }
  const old = there === undefined ? undefined : readLandedMarker(there, markerKey);
  const objects = marker.objects.filter(({ key }) => !isPersonal(key));
  const { changed, gone } = differences(old, objects);
  if (old) {
    // a copy that breaks off must not pass for what the old marker says
    const changing = [...new Set([...old.changing, ...changed, ...gone])];
    await to.putText(markerKey, recordText({ ...old, changing }));
  }
  await mapSideBySide(changed, UPLOADS_AT_ONCE, (key) => to.uploadFile(key, from.localPath(key)));
  for (const key of gone) {
    await to.delete(key);
  }
  await to.putText(markerKey, text);
  return true;
}

/** Keys of which the copy has nothing or something else, and keys that are no longer of the import. */
function differences(
  old: LandedMarker | undefined,
  objects: LandedMarker['objects'],
): { readonly changed: readonly string[]; readonly gone: readonly string[] } {
  const unsure = new Set(old?.changing);
  const same = new Set(
    old?.objects.filter(({ key }) => !unsure.has(key)).map(({ key, sha256 }) => `${key} ${sha256}`),
  );
  const kept = new Set(objects.map(({ key }) => key));
  const known = [...(old?.objects.map(({ key }) => key) ?? []), ...unsure];
  return {
    changed: objects.filter(({ key, sha256 }) => !same.has(`${key} ${sha256}`)).map(({ key }) => key),
    gone: [...new Set(known)].filter((key) => !kept.has(key) && !isPersonal(key)),
  };
}
