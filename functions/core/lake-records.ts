// The lake's own small records as JSON: what was accepted, and what was landed of it.
import { z } from 'zod';
import { LakeError } from './errors.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

const ImportId = z.string().regex(/^[0-9a-f]{32}$/);

const receiptFields = {
  import_id: ImportId,
  source: z.string(),
  items: z.number().int().nonnegative(),
  mapping_version: z.number().int(),
  received_at: z.iso.datetime(),
};

/** What was accepted as one file, written before anything is landed. */
const FileReceipt = z.strictObject({
  ...receiptFields,
  file_sha256: Digest,
  bytes: z.number().int(),
});

const AcceptedRequest = z.strictObject({
  id: z.string().regex(/^[0-9A-Z]{26}$/),
  items: z.number().int().positive(),
  received_at: z.iso.datetime(),
});
export type AcceptedRequest = Readonly<z.infer<typeof AcceptedRequest>>;

/** What was accepted as requests of one source and day. A request may lie in several batches; it counts once. */
const BatchReceipt = z.strictObject({
  ...receiptFields,
  requests: z.array(AcceptedRequest).min(1),
  /** Of a batch made by compaction: the imports that it was made of. */
  merges: z.array(ImportId).optional(),
});

export type FileReceipt = Readonly<z.infer<typeof FileReceipt>>;
export type BatchReceipt = Readonly<z.infer<typeof BatchReceipt>>;
export type Receipt = FileReceipt | BatchReceipt;

export const isBatchReceipt = (receipt: Receipt): receipt is BatchReceipt => 'requests' in receipt;

/** That an import is complete, with every object that it consists of. */
const LandedMarker = z.strictObject({
  import_id: ImportId,
  objects: z.array(z.strictObject({ key: z.string(), sha256: Digest, bytes: z.number().int() })),
  /** Keys that a replay or remap has begun to write: until it ends, objects may differ from what is said here. */
  changing: z.array(z.string()).default([]),
  /**
   * Imports whose items are all in this one: from this marker on they count no more, and are deleted. Those that they had replaced
   * stand here as well, so that what a late landing of one writes is known for what it is.
   */
  replaces: z.array(ImportId).optional(),
  /**
   * That an import never came to its end and never will: whoever takes it for dead writes this, so that it cannot be finished by one
   * that was only asleep. All its requests lie in others. Such a marker counts as none.
   */
  is_dead: z.literal(true).optional(),
});
export type LandedMarker = Readonly<z.infer<typeof LandedMarker>>;

export const readReceipt = (text: string, key: string): Receipt =>
  readRecord<Receipt>(z.union([FileReceipt, BatchReceipt]), 'receipt', text, key);

export const readLandedMarker = (text: string, key: string): LandedMarker =>
  readRecord(LandedMarker, 'marker', text, key);

function readRecord<T>(schema: z.ZodType<T>, what: string, text: string, key: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new LakeError(
      `the ${what} ${key} is damaged`,
      'Restore it from a backup; or delete it and import its file again.',
      { cause: error },
    );
  }
}

export const recordText = (record: Receipt | LandedMarker): string => `${JSON.stringify(record)}\n`;
