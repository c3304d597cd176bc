import { randomInt } from 'node:crypto';
import { DuckdbWarehouse } from '../../adapters/duckdb-warehouse.ts';
import { AuditError, LakeError } from '../../core/errors.ts';
import { ulid } from '../../core/identifiers.ts';
import { buildRelations } from '../../use-cases/build-relations.ts';
import { prepareInputs } from '../../use-cases/prepare-inputs.ts';
import type { Home } from '../home.ts';
import { isBalanced, ledgerText } from '../ledger-text.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function verifyCommand(options: GlobalOptions): Promise<void> {
  await withHome(options, async (home) => {
    const counts = await (await home.ledger()).count();
    if (counts.length === 0) {
      throw new LakeError('the lake is empty', 'Import files first: dongu import PATH --source NAME.');
    }
    process.stdout.write(`${ledgerText(counts)}\n`);
    if (!isBalanced(counts)) {
      throw new LakeError(
        'the books of receipt do not balance',
        'Import the named files again; what is missing lands then.',
      );
    }
    home.telemetry.done('accepted = loaded + duplicate + quarantined + suppressed');
    await verifyBooks(home);
  });
}

/** Builds everything from the lake beside what is published, and runs every audit; nothing is written. */
async function verifyBooks(home: Home): Promise<void> {
  const catalogue = await home.catalogue();
  const warehouse = await DuckdbWarehouse.open(
    home.settings,
    ulid(home.clock.now(), () => randomInt(32)),
  );
  try {
    await prepareInputs(warehouse, home.store, catalogue, home.configuration, undefined);
    const { checks } = await buildRelations(warehouse, catalogue, undefined, home.telemetry);
    const failed = checks.filter(({ status }) => status === 'fail');
    if (failed.length > 0) {
      throw new AuditError(
        `${failed.length} audits fail`,
        'Mend the data or the models.',
        failed.map((check) => `${check.model}: ${check.check}`),
      );
    }
    home.telemetry.done(`${checks.filter(({ status }) => status === 'pass').length} audits hold`);
  } finally {
    warehouse.close();
  }
}
