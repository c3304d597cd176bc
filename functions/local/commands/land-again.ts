import { loadFacts, loadSource } from '../../adapters/project-files.ts';
import { ConfigurationError } from '../../core/errors.ts';
import { type LandAgainMode, type LandedAgain, landAgain } from '../../use-cases/land-again.ts';
import type { Home } from '../home.ts';
import { ledgerText } from '../ledger-text.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export interface LandAgainOptions {
  readonly source: string;
  /** Of a deployed installation, instead of the home's. */
  readonly lake?: string;
  readonly identityKey?: string;
}

export async function landAgainCommand(
  options: GlobalOptions,
  mode: LandAgainMode,
  wanted: LandAgainOptions,
): Promise<void> {
  await withHome(options, async (home) => {
    const done = await (wanted.lake === undefined
      ? landAgainHere(home, mode, wanted.source)
      : landAgainDeployed(home, mode, { ...wanted, lake: wanted.lake }));
    home.telemetry.done(
      `${mode} of ${wanted.source}: ${done.imports} ${done.imports === 1 ? 'import' : 'imports'}; ` +
        `quarantined ${done.quarantinedBefore} before, ${done.quarantinedAfter} after`,
    );
    if (wanted.lake !== undefined) {
      process.stdout.write('The tables and pages follow with the next run.\n');
      return;
    }
    const counts = await (await home.ledger()).count();
    process.stdout.write(`${ledgerText(counts.filter((count) => count.source === wanted.source))}\n`);
    process.stdout.write('The tables and pages follow with the next run: dongu run\n');
  });
}

async function landAgainHere(home: Home, mode: LandAgainMode, sourceName: string): Promise<LandedAgain> {
  const source = await loadSource(sourceName, home.projectFolder);
  return home.exclusively(async () => landAgain(mode, source, await loadFacts(), await home.importPorts()));
}

async function landAgainDeployed(
  home: Home,
  mode: LandAgainMode,
  { source: sourceName, lake, identityKey }: LandAgainOptions & { readonly lake: string },
): Promise<LandedAgain> {
  if (identityKey === undefined) {
    throw new ConfigurationError(
      `${mode}: say which secret has the identity key of that lake`,
      'Add --identity-key NAME: IdentityKeyName, as the deployment prints it.',
    );
  }
  const source = await loadSource(sourceName, home.projectFolder);
  const { withDeployedLake } = await import('../deployed-lake.ts');
  return withDeployedLake(home, { address: lake, identityKey }, async (ports) =>
    landAgain(mode, source, await loadFacts(), ports),
  );
}
