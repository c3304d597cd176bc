import { createHash } from 'node:crypto';
import { LakeError } from '../core/errors.ts';
import { type LakeRecords, landedRequests, replacedImports, replacedMarkers } from '../core/lake-cut.ts';
import { importOf, lakeFolders, landedKey, landedObjectKey, receiptKey } from '../core/lake-layout.ts';
import {
  type AcceptedRequest,
  type BatchReceipt,
  isBatchReceipt,
  type LandedMarker,
  recordText,
} from '../core/lake-records.ts';
import { type Mergeable, mergePlan } from '../core/merge-plan.ts';
import type { Landing } from '../ports/landing.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { changedObjects, landedObjects, markDead, readMarker, writeMarker } from './landed-objects.ts';
import { readLakeRecords } from './read-lake.ts';

export interface CompactPorts {
  readonly store: ObjectStore;
  readonly landing: Pick<Landing, 'gather'>;
  readonly telemetry: Pick<Telemetry, 'step' | 'warn'>;
  /** What rows can be of: touchpoints and the facts. */
  readonly relations: readonly string[];
  /** Another text each time: no two merges write the same objects. */
  readonly newAttempt: () => string;
}

export interface Compacted {
  /** Batches that were merged, and into how many. */
  readonly merged: number;
  readonly into: number;
}

/**
 * Merges the batches of a source and day, so that their number stays small and each request lies in one of them. The marker of
 * a merged import says which it replaces: from it on only the merged one counts, and the others are deleted. A second
 * try finishes what a first has begun, and two at a time do no harm but work.
 */
export async function compactLake(ports: CompactPorts): Promise<Compacted> {
  const records = await readLakeRecords(ports.store);
  await finishEarlier(records, ports);
  const batches = completeBatches(records);
  const plan = mergePlan([...batches.values()]);
  let [merged, into] = [0, 0];
  for (const [index, bin] of plan.entries()) {
    ports.telemetry.step(`merging batches ${index + 1}/${plan.length}`);
    const parts = bin.flatMap(({ receipt }) => batches.get(receipt.import_id) ?? []);
    const damage = await damageOf(parts, ports.store);
    if (damage) {
      ports.telemetry.warn(`${damage}: its batch is not merged; dongu verify names all that is damaged`);
      continue;
    }
    await mergeBatches(parts, ports);
    merged += parts.length;
    into += 1;
  }
  return { merged, into };
}

interface Batch extends Mergeable {
  readonly marker: LandedMarker;
}

/** By import id. Batches in whose midst a replay or remap broke off wait until it is done. */
function completeBatches({ receipts, markers }: LakeRecords): ReadonlyMap<string, Batch> {
  const replaced = replacedMarkers(markers);
  const batches = new Map<string, Batch>();
  for (const [key, receipt] of receipts) {
    const marker = markers.get(key);
    if (marker && isBatchReceipt(receipt) && marker.changing.length === 0 && !replaced.has(key)) {
      const bytes = marker.objects.reduce((sum, object) => sum + object.bytes, 0);
      batches.set(receipt.import_id, { receipt, marker, bytes });
    }
  }
  return batches;
}

async function damageOf(parts: readonly Batch[], store: ObjectStore): Promise<string | undefined> {
  for (const { marker } of parts) {
    const [fault] = await changedObjects(store, marker);
    if (fault) {
      return fault;
    }
  }
  return undefined;
}

/** What a crash left of earlier compactions: replaced imports, and merged ones that were not complete. */
async function finishEarlier(records: LakeRecords, ports: CompactPorts): Promise<void> {
  const replaced = replacedImports(records.markers);
  for (const [key, receipt] of records.receipts) {
    if (!isBatchReceipt(receipt)) {
      continue;
    }
    const marker = records.markers.get(key);
    if (replaced.has(receipt.import_id)) {
      // without a marker, a landing that came too late has left objects that no marker names
      await (marker ? removeImport(receipt, marker, ports.store) : removeUnfinished(receipt, ports));
    } else if (receipt.merges && !marker && (await isDead(receipt, ports.store))) {
      await removeUnfinished(receipt, ports);
    }
  }
  await removeLitter(records, ports.store);
}

/**
 * What a landing has written that was taken for dead, woke after others had merged its requests and taken its receipt away, and then
 * died: objects, perhaps a marker, of an import that is replaced or dead for good. One that is still awake and misses an
 * object fails, and says by its receipt what it leaves.
 */
async function removeLitter({ receipts, markers, dead }: LakeRecords, store: ObjectStore): Promise<void> {
  const known = new Set([...receipts.values()].map(({ import_id }) => import_id));
  const gone = new Set([...replacedImports(markers), ...dead].filter((id) => !known.has(id)));
  for (const key of gone.size > 0 ? await landedObjects(store) : []) {
    if (gone.has(importOf(key))) {
      await store.delete(key);
    }
  }
  for (const key of replacedMarkers(markers)) {
    if (!receipts.has(key)) {
      await store.delete(key);
    }
  }
}

/** From now on for good: one that is only slow can no more be completed. False where it was completed meanwhile. */
async function isDead(receipt: BatchReceipt, store: ObjectStore): Promise<boolean> {
  return (
    (await markDead(store, receipt)) ||
    (await readMarker(store, receipt.source, receipt.import_id))?.is_dead === true
  );
}

/**
 * Removes what broken landings left whose requests lie in other imports by now. Only while nobody lands: a landing at work
 * looks just like that.
 */
export async function removeLeftovers(ports: Pick<CompactPorts, 'store' | 'relations'>): Promise<number> {
  const records = await readLakeRecords(ports.store);
  const landed = landedRequests(records);
  const leftovers = [...records.receipts].flatMap(([key, receipt]) =>
    !records.markers.has(key) &&
    isBatchReceipt(receipt) &&
    !receipt.merges &&
    receipt.requests.every(({ id }) => landed.has(id))
      ? [receipt]
      : [],
  );
  let removed = 0;
  for (const receipt of leftovers) {
    // one that only sleeps finds by it that its requests have landed without it
    if (await isDead(receipt, ports.store)) {
      await removeUnfinished(receipt, ports);
      removed += 1;
    }
  }
  return removed;
}

async function removeUnfinished(
  receipt: BatchReceipt,
  { store, relations }: Pick<CompactPorts, 'store' | 'relations'>,
): Promise<void> {
  const folders = [lakeFolders.items, lakeFolders.quarantine, lakeFolders.identities];
  for (const folder of [...folders, ...relations.map((relation) => lakeFolders.rows(relation))]) {
    await store.delete(objectKey(folder, receipt));
  }
  await store.delete(receiptKey(receipt.source, receipt.import_id));
}

const objectKey = (folder: string, receipt: BatchReceipt): string =>
  landedObjectKey(folder, receipt.source, new Date(receipt.received_at), receipt.import_id);

/** Objects first: as long as the marker is there, they are known to be replaced. */
async function removeImport(receipt: BatchReceipt, marker: LandedMarker, store: ObjectStore): Promise<void> {
  for (const { key } of marker.objects) {
    await store.delete(key);
  }
  await store.delete(landedKey(receipt.source, receipt.import_id));
  await store.delete(receiptKey(receipt.source, receipt.import_id));
}

async function mergeBatches(parts: readonly Batch[], ports: CompactPorts): Promise<void> {
  const { store } = ports;
  await store.bring?.(parts.flatMap(({ marker }) => marker.objects.map(({ key }) => key)));
  const { receipt, kept } = mergedReceipt(parts, ports.newAttempt());
  await store.putText(receiptKey(receipt.source, receipt.import_id), recordText(receipt));
  const keys: string[] = [];
  let items = 0;
  for (const [folder, objects] of byFolder(parts)) {
    const gathered = await ports.landing.gather(
      objects.map(({ key, batch }) => ({
        path: store.localPath(key),
        without: batch.receipt.requests.flatMap(({ id }) => (kept.get(id) === batch ? [] : [id])),
      })),
      folder === lakeFolders.identities ? 'values' : 'items',
    );
    items += folder === lakeFolders.items || folder === lakeFolders.quarantine ? gathered.rows : 0;
    const key = objectKey(folder, receipt);
    await store.putFile(key, gathered.localPath);
    keys.push(key);
  }
  if (items !== receipt.items) {
    throw new LakeError(
      `merging batches of ${receipt.source} found ${items} of ${receipt.items} items; nothing was replaced`,
      'dongu verify says which batch is not whole.',
    );
  }
  // those too that its parts have replaced: a landing of one of them may still sleep
  const replaces = [
    ...new Set([...(receipt.merges ?? []), ...parts.flatMap(({ marker }) => marker.replaces ?? [])]),
  ];
  const marking = { isWhole: true, replaces, isFirst: true };
  if (!(await writeMarker(store, receipt, keys, marking))) {
    // its objects are its own, so that nobody misses them
    await removeUnfinished(receipt, ports);
    throw new LakeError(
      `merging batches of ${receipt.source} took so long that it was taken for dead; nothing was replaced`,
      'Nothing is to be done: another run merges them.',
    );
  }
  for (const part of parts) {
    await removeImport(part.receipt, part.marker, store);
  }
}

/** The receipt of all, and which batch each request is taken from. */
function mergedReceipt(
  parts: readonly Batch[],
  attempt: string,
): {
  readonly receipt: BatchReceipt;
  readonly kept: ReadonlyMap<string, Batch>;
} {
  const kept = new Map<string, Batch>();
  const requests = new Map<string, AcceptedRequest>();
  for (const batch of parts) {
    for (const request of batch.receipt.requests) {
      if (!kept.has(request.id)) {
        kept.set(request.id, batch);
        requests.set(request.id, request);
      }
    }
  }
  const merges = parts.map(({ receipt }) => receipt.import_id).sort();
  const source = parts[0]?.receipt.source ?? '';
  const accepted = [...requests.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const receipt: BatchReceipt = {
    import_id: createHash('sha256')
      .update(['merged', source, attempt, ...merges].join('\n'))
      .digest('hex')
      .slice(0, 32),
    source,
    items: accepted.reduce((sum, { items }) => sum + items, 0),
    mapping_version: Math.max(...parts.map((part) => part.receipt.mapping_version)),
    received_at: accepted.map(({ received_at }) => received_at).sort()[0] ?? '',
    requests: accepted,
    merges,
  };
  return { receipt, kept };
}

interface PartObject {
  readonly key: string;
  readonly batch: Batch;
}

/** The parts' objects by the folder of their zone. */
function byFolder(parts: readonly Batch[]): ReadonlyMap<string, readonly PartObject[]> {
  const objects = parts.flatMap((batch) => batch.marker.objects.map(({ key }) => ({ key, batch })));
  return Map.groupBy(objects, ({ key }) => key.slice(0, key.search(/\/(source|received_date)=/)));
}
