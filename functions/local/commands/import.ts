import { loadFacts, loadSource } from '../../adapters/project-files.ts';
import { AuditError, InputFileError, LakeError } from '../../core/errors.ts';
import { type ImportedFile, importFiles } from '../../use-cases/import-files.ts';
import { importInbox } from '../../use-cases/import-inbox.ts';
import type { Home } from '../home.ts';
import { isBalanced, ledgerText } from '../ledger-text.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export interface ImportOptions {
  readonly source?: string;
  readonly inbox: boolean;
}

export async function importCommand(
  options: GlobalOptions,
  paths: readonly string[],
  { source, inbox }: ImportOptions,
): Promise<void> {
  await withHome(options, async (home) => {
    if (inbox) {
      await landInbox(home, paths, source);
      return;
    }
    if (source === undefined || paths.length === 0) {
      throw new InputFileError(
        'import: say which files, and through which source',
        'dongu import PATH --source NAME; or dongu import --inbox for what lies in the inbox of the home.',
      );
    }
    process.stdout.write(`${await importInto(home, paths, source)}\n`);
  });
}

async function landInbox(home: Home, paths: readonly string[], source: string | undefined): Promise<void> {
  if (source !== undefined || paths.length > 0) {
    throw new InputFileError(
      'import: --inbox takes neither files nor --source',
      'A file in the inbox lies in the folder of its source: HOME/inbox/SOURCE/FILE.',
    );
  }
  const { imported, refused } = await importInbox(await home.inboxPorts());
  for (const { name, isKnown, items, source: through } of imported) {
    home.telemetry.done(
      isKnown ? `${name}: landed before, taken away` : `${name}: ${items} rows through ${through}`,
    );
  }
  const importIds = imported.map(({ importId }) => importId);
  process.stdout.write(`${await balancedLedger(home, importIds)}\n`);
  if (refused.length > 0) {
    throw new AuditError(
      `${refused.length} ${refused.length === 1 ? 'file' : 'files'} could not be imported and stay in the inbox`,
      'Mend or remove them, then: dongu import --inbox.',
      refused.map(({ file, error }) => `${file.source}/${file.name}: ${error.message}`),
    );
  }
}

/** Lands the files and answers what became of their rows, counted in the lake. */
export async function importInto(home: Home, paths: readonly string[], sourceName: string): Promise<string> {
  const source = await loadSource(sourceName, home.projectFolder);
  const [facts, ports] = [await loadFacts(), await home.importPorts()];
  const imported: ImportedFile[] = [];
  for (const path of paths) {
    // told one by one: when a later file is refused, the earlier ones have been landed
    for (const file of await importFiles([path], source, facts, ports)) {
      imported.push(file);
      home.telemetry.done(
        file.isKnown
          ? `${file.name}: landed before, nothing to do`
          : `${file.name}: ${file.items} rows through ${sourceName}`,
      );
    }
  }
  return balancedLedger(
    home,
    imported.map(({ importId }) => importId),
  );
}

/** What became of these imports, counted in the lake. Throws where something is missing. */
async function balancedLedger(home: Home, importIds: readonly string[]): Promise<string> {
  const counts = await (await home.ledger()).count(importIds);
  if (!isBalanced(counts)) {
    throw new LakeError(
      `the books do not balance:\n${ledgerText(counts)}`,
      'Import the same files again; if it stays, please report it.',
    );
  }
  return ledgerText(counts);
}
