// Bounds of what the collector takes. Sizes count in 1,024 as the SDKs do, which fill their batches up to them.

export const limits = {
  /** Of a request, as sent and unzipped. */
  requestBytes: 500 * 1024,
  itemBytes: 32 * 1024,
  items: 2_500,
  itemDepth: 64,
  /** Members beside the batch in its object. */
  batchMembers: 100,
  /** Members of one item: more than 32 kB of them cannot be. */
  itemMembers: 32 * 1024,
  formFields: 200,
  /** A message of SQS is at most 1 MiB; the header has room in the rest. */
  messageBytes: 1024 * 1024 - 1024,
  /** How far the clock of a signed request may be away. */
  signatureSeconds: 5 * 60,
} as const;
