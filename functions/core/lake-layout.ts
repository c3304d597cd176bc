// Where things lie in the lake. Keys hold dates, hashes and the project's own names: never anything received.

const day = (instant: Date): string => instant.toISOString().slice(0, 10);

export const lakeFolders = {
  receipts: 'lake/receipts',
  landed: 'lake/landed',
  items: 'lake/raw/items',
  rows: (relation: string) => `lake/raw/${relation}`,
  quarantine: 'lake/quarantine',
  identities: 'lake/identities',
} as const;

/** Tells whether a key is the one that hashed this lake's identifiers. */
export const identityKeyCheckKey = 'lake/identity-key-check';

export const receiptKey = (source: string, importId: string): string =>
  `${lakeFolders.receipts}/source=${source}/${importId}.json`;

export const landedKey = (source: string, importId: string): string =>
  `${lakeFolders.landed}/source=${source}/${importId}.json`;

/** Objects of one import lie under the day on which it was received. */
export function landedObjectKey(folder: string, source: string, receivedAt: Date, importId: string): string {
  return folder === lakeFolders.identities
    ? `${folder}/received_date=${day(receivedAt)}/${importId}.parquet`
    : `${folder}/source=${source}/received_date=${day(receivedAt)}/${importId}.parquet`;
}

/** The import in the name of an object. */
export const importOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace('.parquet', '');
