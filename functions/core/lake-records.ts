// The lake's own small records as JSON: what was accepted, and what was landed of it.
import { z } from 'zod';
import { LakeError } from './errors.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What was accepted, written before anything is landed. */
const Receipt = z.strictObject({
  import_id: z.string().regex(/^[0-9a-f]{32}$/),
  source: z.string(),
  file_sha256: Digest,
  bytes: z.number().int(),
  items: z.number().int().nonnegative(),
  mapping_version: z.number().int(),
  received_at: z.iso.datetime(),
});
export type Receipt = Readonly<z.infer<typeof Receipt>>;

/** That an import is complete, with every object that it consists of. */
const LandedMarker = z.strictObject({
  import_id: z.string().regex(/^[0-9a-f]{32}$/),
  objects: z.array(z.strictObject({ key: z.string(), sha256: Digest, bytes: z.number().int() })),
  /** Keys that a replay or remap has begun to write: until it ends, objects may differ from what is said here. */
  changing: z.array(z.string()).default([]),
});
export type LandedMarker = Readonly<z.infer<typeof LandedMarker>>;

export const readReceipt = (text: string, key: string): Receipt => readRecord(Receipt, 'receipt', text, key);

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
