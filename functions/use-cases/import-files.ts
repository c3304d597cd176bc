import { createHash } from 'node:crypto';
import { DonguError } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import { lakeFolders, landedObjectKey, receiptKey } from '../core/lake-layout.ts';
import { type Receipt, readReceipt, recordText } from '../core/lake-records.ts';
import type { Source } from '../core/source-definition.ts';
import type { Clock } from '../ports/clock.ts';
import type { InputFiles, InspectedFile } from '../ports/input-files.ts';
import type { LandedFile, LandedZone, Landing } from '../ports/landing.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { readMarker, writeMarker } from './landed-objects.ts';

export interface ImportPorts {
  readonly inputFiles: InputFiles;
  readonly landing: Landing;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export interface ImportedFile {
  readonly name: string;
  readonly importId: string;
  readonly items: number;
  /** True when the same bytes had been landed before: nothing was done. */
  readonly isKnown: boolean;
}

/** Same file, same source: same id, whenever and however often it is imported. */
function importIdOf(source: string, file: InspectedFile): string {
  return createHash('sha256').update(`${source}\n${file.sha256}`).digest('hex').slice(0, 32);
}

/**
 * Lands files through a source. The receipt is written first, so that what was accepted is known whatever
 * fails after it; every object has a key of its own that a second try writes again, and the marker comes last.
 */
export async function importFiles(
  paths: readonly string[],
  source: Source,
  facts: Readonly<Record<string, FactDefinition>>,
  ports: ImportPorts,
): Promise<readonly ImportedFile[]> {
  const imported: ImportedFile[] = [];
  for (const path of paths) {
    imported.push(await importFile(path, source, facts, ports));
  }
  return imported;
}

async function importFile(
  path: string,
  source: Source,
  facts: Readonly<Record<string, FactDefinition>>,
  ports: ImportPorts,
): Promise<ImportedFile> {
  const { definition } = source;
  ports.telemetry.step(`reading ${path}`);
  const file = await ports.inputFiles.inspect({
    path,
    format: definition.format,
    delimiter: definition.delimiter,
    hasHeader: definition.header,
    encoding: definition.encoding,
  });
  const importId = importIdOf(definition.source, file);
  const result = { name: file.name, importId, items: file.records };
  if (await readMarker(ports.store, definition.source, importId)) {
    return { ...result, isKnown: true };
  }
  ports.telemetry.step(`landing ${file.name}: ${file.records} rows`);
  const { receipt, isNew } = await keepReceipt(source, file, importId, ports);
  const receivedAt = new Date(receipt.received_at);
  const landed = await ports.landing
    .land({ source, facts, input: { kind: 'file', file, importId, receivedAt } })
    .catch(async (error: unknown) => {
      // a file that is refused was not accepted: its rows must not be missed in the books
      if (isNew && error instanceof DonguError) {
        await ports.store.delete(receiptKey(definition.source, importId));
      }
      throw error;
    });
  const keys = await putLanded(landed, definition.source, receivedAt, importId, ports);
  await writeMarker(ports.store, receipt, keys);
  return { ...result, isKnown: false };
}

/** The receipt of this import; of an earlier, broken try if there was one, so that its times stay the same. */
async function keepReceipt(
  source: Source,
  file: InspectedFile,
  importId: string,
  ports: ImportPorts,
): Promise<{ readonly receipt: Receipt; readonly isNew: boolean }> {
  const { definition } = source;
  const key = receiptKey(definition.source, importId);
  const receipt: Receipt = {
    import_id: importId,
    source: definition.source,
    file_sha256: file.sha256,
    bytes: file.bytes,
    items: file.records,
    mapping_version: definition.version,
    received_at: ports.clock.now().toISOString(),
  };
  const isNew = await ports.store.putText(key, recordText(receipt), { ifAbsent: true });
  const kept = await ports.store.getText(key);
  return { receipt: kept ? readReceipt(kept, key) : receipt, isNew };
}

export const zoneFolder = (zone: LandedZone, relation: string): string =>
  zone === 'rows' ? lakeFolders.rows(relation) : lakeFolders[zone];

async function putLanded(
  files: readonly LandedFile[],
  source: string,
  receivedAt: Date,
  importId: string,
  ports: ImportPorts,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const file of files) {
    const key = landedObjectKey(zoneFolder(file.zone, file.relation), source, receivedAt, importId);
    await ports.store.putFile(key, file.localPath);
    keys.push(key);
  }
  return keys;
}
