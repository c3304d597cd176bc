import { loadFacts, loadSource } from '../../adapters/project-files.ts';
import { LakeError } from '../../core/errors.ts';
import { type ImportedFile, importFiles } from '../../use-cases/import-files.ts';
import type { Home } from '../home.ts';
import { isBalanced, ledgerText } from '../ledger-text.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function importCommand(
  options: GlobalOptions,
  paths: readonly string[],
  source: string,
): Promise<void> {
  await withHome(options, async (home) => {
    process.stdout.write(`${await importInto(home, paths, source)}\n`);
  });
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
  const counts = await (await home.ledger()).count(imported.map(({ importId }) => importId));
  if (!isBalanced(counts)) {
    throw new LakeError(
      `the books do not balance:\n${ledgerText(counts)}`,
      'Import the same files again; if it stays, please report it.',
    );
  }
  return ledgerText(counts);
}
