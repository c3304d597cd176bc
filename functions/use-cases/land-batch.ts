import { createHash } from 'node:crypto';
import { readCollected } from '../core/collected-request.ts';
import { DonguError, errorText, SourceError } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import { landedObjectKey, receiptKey } from '../core/lake-layout.ts';
import { type BatchReceipt, readReceipt, recordText } from '../core/lake-records.ts';
import type { Source } from '../core/source-definition.ts';
import type { ReceivedRequest } from '../ports/landing.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { QueuedMessage } from '../ports/queue.ts';
import { zoneFolder } from './import-files.ts';
import { type AroundPorts, LateError, landAround } from './land-around.ts';
import { readMarker, writeMarker } from './landed-objects.ts';

export interface LandBatchPorts extends AroundPorts {
  readonly store: ObjectStore;
  /** Rejects for a name that no source has. */
  readonly loadSource: (name: string) => Promise<Source>;
  readonly facts: Readonly<Record<string, FactDefinition>>;
}

export interface FailedMessage {
  readonly message: QueuedMessage;
  /** Never holds anything received. */
  readonly reason: string;
}

export interface LandedBatch {
  /** Landed for good: to be deleted from the queue. All others are `failed`, and stay in the queue. */
  readonly done: readonly QueuedMessage[];
  readonly failed: readonly FailedMessage[];
  readonly items: number;
}

interface Group {
  readonly source: string;
  readonly requests: Map<string, ReceivedRequest>;
  readonly messages: QueuedMessage[];
}

/**
 * Lands messages of the collector, those of a source and day of receipt as one import. Whatever fails belongs to its own
 * group only, and the queue gives it again. The same requests are the same import, and other batches of them are settled by compaction, so
 * nothing is doubled, however often and in whatever company a message comes.
 */
export async function landBatch(
  messages: readonly QueuedMessage[],
  ports: LandBatchPorts,
): Promise<LandedBatch> {
  const { groups, unreadable } = groupsOf(messages);
  const done: QueuedMessage[] = [];
  const failed: FailedMessage[] = [...unreadable];
  let items = 0;
  for (const group of groups) {
    try {
      await landGroup(group, ports);
      done.push(...group.messages);
      items += itemsOf([...group.requests.values()]);
    } catch (error) {
      const reason = error instanceof DonguError ? error.message : errorText(error);
      failed.push(...group.messages.map((message) => ({ message, reason })));
    }
  }
  return { done, failed, items };
}

function groupsOf(messages: readonly QueuedMessage[]): {
  readonly groups: readonly Group[];
  readonly unreadable: readonly FailedMessage[];
} {
  const groups = new Map<string, Group>();
  const unreadable: FailedMessage[] = [];
  for (const message of messages) {
    const read = readCollected(message.body);
    if (!read.isReadable) {
      unreadable.push({ message, reason: read.reason });
      continue;
    }
    const { requestId, source, receivedAt, items } = read.request;
    const name = `${source} ${receivedAt.toISOString().slice(0, 10)}`;
    const group: Group = groups.get(name) ?? { source, requests: new Map(), messages: [] };
    groups.set(name, group);
    group.messages.push(message);
    group.requests.set(requestId, { id: requestId, receivedAt, items });
  }
  return { groups: [...groups.values()], unreadable };
}

const itemsOf = (requests: readonly ReceivedRequest[]): number =>
  requests.reduce((sum, { items }) => sum + items.length, 0);

/** The same requests through the same source: the same id, in whatever order and how often they come. */
function batchIdOf(source: string, ids: readonly string[]): string {
  return createHash('sha256')
    .update([source, ...ids].join('\n'))
    .digest('hex')
    .slice(0, 32);
}

async function landGroup(group: Group, ports: LandBatchPorts): Promise<void> {
  if (ports.hasTime?.() === false) {
    throw new LateError();
  }
  const source = await ports.loadSource(group.source);
  if (source.definition.format !== 'ndjson') {
    throw new SourceError(
      `source ${group.source}: takes no messages, because its format is ${source.definition.format}`,
      'Send to a source that reads ndjson, or change its format; then: dongu queue --redrive.',
    );
  }
  const requests = [...group.requests.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const importId = batchIdOf(
    group.source,
    requests.map(({ id }) => id),
  );
  if (await readMarker(ports.store, group.source, importId)) {
    // complete; or dead, and then its requests have landed in other batches
    return;
  }
  const receipt = await keepReceipt(source, importId, requests, ports.store);
  const landed = await landAround({ source, facts: ports.facts }, requests, ports);
  const receivedAt = new Date(receipt.received_at);
  const keys: string[] = [];
  for (const file of landed) {
    const key = landedObjectKey(zoneFolder(file.zone, file.relation), group.source, receivedAt, importId);
    await ports.store.putFile(key, file.localPath);
    keys.push(key);
  }
  try {
    await markLanded(receipt, keys, ports.store);
  } finally {
    // an earlier landing of the same requests may have been merged and taken away meanwhile, its receipt at the end: by its
    // receipt what is written here is known, whole or not
    await keepReceipt(source, importId, requests, ports.store);
  }
}

/**
 * Where the batch was landed before, what is written last counts. Where it was taken for dead, others have landed its requests: what was
 * put here is of no use, and compaction takes it away.
 */
async function markLanded(receipt: BatchReceipt, keys: readonly string[], store: ObjectStore): Promise<void> {
  const isFirst = await writeMarker(store, receipt, keys, { isWhole: true, isFirst: true });
  if (!isFirst && !(await readMarker(store, receipt.source, receipt.import_id))?.is_dead) {
    await writeMarker(store, receipt, keys, { isWhole: true });
  }
}

/** The receipt of this batch; of an earlier, broken try if there was one. */
async function keepReceipt(
  source: Source,
  importId: string,
  requests: readonly ReceivedRequest[],
  store: ObjectStore,
): Promise<BatchReceipt> {
  const { source: name, version } = source.definition;
  const accepted = requests.map(({ id, receivedAt, items }) => ({
    id,
    items: items.length,
    received_at: receivedAt.toISOString(),
  }));
  const receipt: BatchReceipt = {
    import_id: importId,
    source: name,
    items: itemsOf(requests),
    mapping_version: version,
    received_at: accepted.map((request) => request.received_at).sort()[0] ?? '',
    requests: accepted,
  };
  const key = receiptKey(name, importId);
  const isNew = await store.putText(key, recordText(receipt), { ifAbsent: true });
  if (!isNew) {
    // damaged by whatever: what the queue gives is the better record
    readReceipt((await store.getText(key)) ?? '', key);
  }
  return receipt;
}
