import { loadFacts, loadSource } from '../../adapters/project-files.ts';
import { type LandAgainMode, landAgain } from '../../use-cases/land-again.ts';
import { ledgerText } from '../ledger-text.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function landAgainCommand(
  options: GlobalOptions,
  mode: LandAgainMode,
  sourceName: string,
): Promise<void> {
  await withHome(options, async (home) => {
    const source = await loadSource(sourceName, home.projectFolder);
    const done = await home.exclusively(async () =>
      landAgain(mode, source, await loadFacts(), await home.importPorts()),
    );
    home.telemetry.done(
      `${mode} of ${sourceName}: ${done.imports} ${done.imports === 1 ? 'import' : 'imports'}; ` +
        `quarantined ${done.quarantinedBefore} before, ${done.quarantinedAfter} after`,
    );
    const counts = await (await home.ledger()).count();
    process.stdout.write(`${ledgerText(counts.filter((count) => count.source === sourceName))}\n`);
    process.stdout.write('The tables and pages follow with the next run: dongu run\n');
  });
}
