import { basename } from 'node:path';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type InboxObject, inboxObject, S3Inbox } from '../adapters/s3-inbox.ts';
import type { S3ObjectStore } from '../adapters/s3-object-store.ts';
import { SourceError } from '../core/errors.ts';
import { type InboxOutcome, importInbox } from '../use-cases/import-inbox.ts';
import { faultFields } from './fault-fields.ts';
import type { Landings } from './landing-installation.ts';
import type { Watching } from './middleware.ts';
import { createdObjects } from './object-events.ts';

export interface ImportingPorts extends Landings {
  /** Where the inbox lies. */
  readonly inboxStore: S3ObjectStore;
}

export interface ImportAnswer {
  readonly imported: number;
  /** Had been imported before. */
  readonly known: number;
}

/**
 * Imports the objects that an event names, if they lie in the inbox, and takes them away. Throws where one was refused: the event comes
 * again and goes to the dead letters; the object stays where it is. Neither log nor error says its name.
 */
export async function importObjects(
  event: unknown,
  landings: ImportingPorts,
  watching: Watching,
): Promise<ImportAnswer> {
  const objects = inboxObjects(event, landings.inboxStore);
  const { imported, refused } = await outcomeOf(objects, landings).catch((error: unknown) => {
    watching.logger.error('import failed', faultFields(error));
    // what others say of themselves may name the object
    throw new ImportFailed('an import failed: the log says where');
  });
  for (const { source, importId, items, isKnown } of imported) {
    watching.logger.info('object imported', { source, import_id: importId, items, is_known: isKnown });
  }
  for (const { file, error } of refused) {
    watching.logger.error('object refused', {
      object: basename(file.path),
      source: isSourceName(file.source) ? file.source : 'none',
      ...faultFields(error),
      hint: error.hint,
    });
  }
  watching.metrics?.addMetric('ObjectsImported', MetricUnit.Count, imported.length);
  watching.metrics?.addMetric('ObjectsRefused', MetricUnit.Count, refused.length);
  if (refused.length > 0) {
    throw new ImportFailed(`${refused.length} of ${objects.length} objects refused: the log says why`);
  }
  const known = imported.filter(({ isKnown }) => isKnown).length;
  return { imported: imported.length - known, known };
}

class ImportFailed extends Error {
  override readonly name = 'ImportFailed';
}

function inboxObjects(event: unknown, store: S3ObjectStore): readonly InboxObject[] {
  return createdObjects(event).flatMap(({ bucket, key }) => {
    const own = store.keyIn(bucket, key);
    return (own !== undefined && inboxObject(own)) || [];
  });
}

const outcomeOf = (
  objects: readonly InboxObject[],
  { s3, ports, loadSource, facts, folder, inboxStore }: ImportingPorts,
): Promise<InboxOutcome> =>
  importInbox({
    ...ports,
    loadSource: async (name) => loadSource(sourceName(name)),
    facts,
    inbox: new S3Inbox({ s3, store: inboxStore, folder }, objects),
  });

const isSourceName = (text: string): boolean => /^[a-z0-9-]{1,100}$/.test(text);

/** A folder is called as whoever may write to the inbox likes. */
function sourceName(text: string): string {
  if (!isSourceName(text)) {
    throw new SourceError(
      'an object of the inbox lies in no folder that is named like a source',
      'Put it under inbox/SOURCE/.',
    );
  }
  return text;
}
