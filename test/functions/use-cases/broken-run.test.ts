import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { openDuckdbBuild } from '../../../functions/adapters/duckdb-build.ts';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import type { Build } from '../../../functions/ports/build.ts';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';
import { markChanging, readMarker } from '../../../functions/use-cases/landed-objects.ts';
import { readLakeRecords } from '../../../functions/use-cases/read-lake.ts';
import { runPipeline } from '../../../functions/use-cases/run-pipeline.ts';
import type { TestLake } from '../../support/test-lake.ts';
import { first, importedWith } from '../../support/till-source.ts';

const lease = { token: 1, check: async () => {} };
const clock = { now: () => new Date('2035-02-01T00:00:00Z') };

async function runOver(lake: TestLake, asEngine: Build['engine'], spoilt?: string): Promise<void> {
  await mkdir(lake.store.localPath('runs'), { recursive: true });
  const configuration = readConfiguration('', 'test');
  const catalogue = await loadCatalogue(configuration);
  const models = catalogue.models.map((model) =>
    model.name === spoilt ? { ...model, sql: model.sql.replace('select', 'select nothing_there,') } : model,
  );
  const openBuild = async (runId: string): Promise<Build> => ({
    ...(await openDuckdbBuild(lake.store, runId, (id, path) =>
      DuckdbWarehouse.open(lake.settings, id, path),
    )),
    engine: asEngine,
  });
  await runPipeline(
    {
      runId: 'broken',
      asOf: undefined,
      select: undefined,
      catalogue: { ...catalogue, models },
      configuration,
    },
    { store: lake.store, clock, telemetry: silentTelemetry, lease, openBuild },
    async () => {},
  );
}

const reportOf = async (store: ObjectStore) => JSON.parse((await store.getText('runs/broken.json')) ?? '{}');

describe('a run that breaks off', () => {
  it('tells what it had built, and which model and line it was, but no words of the engine', () =>
    importedWith(first, async (lake) => {
      await expect(runOver(lake, 'duckdb', 'orders')).rejects.toThrow('sql/marts/orders.sql: line');

      const report = await reportOf(lake.store);
      expect(report).toMatchObject({ status: 'failed', asOf: null, checks: [] });
      expect(report.brokeOff.error).toBe('ModelError');
      expect(report.brokeOff.place).toMatch(/^sql\/marts\/orders\.sql: line \d+$/);
      expect(report.models.length).toBeGreaterThan(3);
      expect(JSON.stringify(report)).not.toContain('nothing_there');
    }));

  it('is a run over a copy of the lake that is half copied; in a home the same lake is whole', () =>
    importedWith(first, async (lake) => {
      const [receipt] = [...(await readLakeRecords(lake.store)).receipts.values()];
      if (!receipt || !('file_sha256' in receipt)) throw new Error('no receipt');
      const marker = await readMarker(lake.store, receipt.source, receipt.import_id);
      if (!marker) throw new Error('no marker');
      await markChanging(lake.store, receipt, marker, marker.objects.map(({ key }) => key).slice(0, 1));

      await expect(runOver(lake, 'athena')).rejects.toThrow('copied by halves');
      await expect(runOver(lake, 'duckdb')).resolves.toBeUndefined();
    }));
});
