import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DuckdbWarehouse } from '../../adapters/duckdb-warehouse.ts';
import { AuditError, LakeError } from '../../core/errors.ts';
import { ulid } from '../../core/identifiers.ts';
import { buildRelations } from '../../use-cases/build-relations.ts';
import { prepareInputs } from '../../use-cases/prepare-inputs.ts';
import { verifyLake } from '../../use-cases/verify-lake.ts';
import type { Home } from '../home.ts';
import { isLanding } from '../land-queue.ts';
import { isBalanced, ledgerText } from '../ledger-text.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function verifyCommand(options: GlobalOptions): Promise<void> {
  // a merge, a replay or a run in its midst would change what has been read already
  await withHome(options, (home) => home.alone(() => verify(home)));
}

/** Longer than a batch of the collector takes to land. */
const SECONDS_BETWEEN_LOOKS = 1;

async function verify(home: Home): Promise<void> {
  const pause = (look: number) => setTimeout(look * SECONDS_BETWEEN_LOOKS * 1000);
  const faults = await verifyLake(home.store, { pause });
  if (faults.length > 0) {
    throw await lakeFault(home, faults);
  }
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
  home.telemetry.done('every object of the lake is what was landed');
  home.telemetry.done('accepted = loaded + duplicate + quarantined + suppressed');
  await verifyBooks(home);
}

const SHOWN_FAULTS = 20;

/** What is wrong with the objects, after the books as far as they can still be counted. */
async function lakeFault(home: Home, faults: readonly string[]): Promise<AuditError> {
  const counts = await (await home.ledger()).count().catch(() => []);
  process.stdout.write(counts.length > 0 ? `${ledgerText(counts)}\n` : '');
  const more = faults.length > SHOWN_FAULTS ? [`and ${faults.length - SHOWN_FAULTS} more`] : [];
  return new AuditError(
    `the lake is not what was landed: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`,
    (await isLanding(home))
      ? 'A landing is at work: what is not landed to its end may be. Verify again when it rests; else restore the objects from a backup.'
      : 'Restore the objects from a backup. Of an import or replay that broke off: the same command again.',
    [...faults.slice(0, SHOWN_FAULTS), ...more],
  );
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
