import { DonguError } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import type { Source } from '../core/source-definition.ts';
import type { Inbox, InboxFile } from '../ports/inbox.ts';
import { type ImportedFile, type ImportPorts, importFiles } from './import-files.ts';

export interface InboxPorts extends ImportPorts {
  readonly inbox: Inbox;
  readonly loadSource: (name: string) => Promise<Source>;
  readonly facts: Readonly<Record<string, FactDefinition>>;
}

export interface InboxOutcome {
  readonly imported: readonly (ImportedFile & { readonly source: string })[];
  /** Files that were refused: they stay where they are. */
  readonly refused: readonly { readonly file: InboxFile; readonly error: DonguError }[];
}

/**
 * Imports what lies in the inbox, each file through the source whose folder it lies in. A file is taken away only when it is
 * landed: after a crash it is still there, and known. One that is refused stays, and keeps no other one from being landed.
 */
export async function importInbox(ports: InboxPorts): Promise<InboxOutcome> {
  const imported: InboxOutcome['imported'][number][] = [];
  const refused: InboxOutcome['refused'][number][] = [];
  for (const file of await ports.inbox.list()) {
    try {
      const source = await ports.loadSource(file.source);
      for (const done of await importFiles([file.path], source, ports.facts, ports)) {
        await ports.inbox.takeAway(file, done.importId);
        imported.push({ ...done, source: file.source });
      }
    } catch (error) {
      if (!(error instanceof DonguError)) {
        throw error;
      }
      refused.push({ file, error });
    }
  }
  return { imported, refused };
}
