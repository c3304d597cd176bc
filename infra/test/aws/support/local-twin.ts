import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { silentTelemetry } from '../../../../functions/adapters/console-telemetry.ts';
import { DuckdbWarehouse } from '../../../../functions/adapters/duckdb-warehouse.ts';
import { loadFacts, loadSource } from '../../../../functions/adapters/project-files.ts';
import { S3ObjectStore } from '../../../../functions/adapters/s3-object-store.ts';
import { manifestKey } from '../../../../functions/core/run-fence.ts';
import { Home } from '../../../../functions/local/home.ts';
import { shapeOf } from '../../../../functions/use-cases/build-relations.ts';
import { importFiles } from '../../../../functions/use-cases/import-files.ts';
import { landBatch } from '../../../../functions/use-cases/land-batch.ts';
import { messageOf, request } from '../../../../test/support/collected-messages.ts';
import { compareRelation } from '../../../../test/support/parity/relation-difference.ts';
import { pageDifferences, publishedPage } from '../../../../test/support/published-page.ts';
import { compareWarehouses, type SameTables } from '../../../../test/support/same-tables.ts';
import { publishedTables } from './found.ts';
import type { Installation } from './installation.ts';
import type { Parts } from './proof.ts';
import { type SentOrder, segmentItem, touchpointsFile } from './sent.ts';

/** What differs because the same items come at another instant. */
const ofReceipt = ['received_at'];

export interface SameRelations {
  readonly relations: readonly string[];
  readonly cells: number;
  readonly differences: readonly string[];
}

/** A home on this machine that is given what the installation is given, by no way that they share. */
export class LocalTwin {
  readonly #home: Home;
  readonly #folder: string;
  readonly #installation: Installation;
  readonly #s3: S3Client;
  #requests = 0;

  private constructor(home: Home, folder: string, installation: Installation) {
    this.#home = home;
    this.#folder = folder;
    this.#installation = installation;
    this.#s3 = new S3Client({ ...installation.aws, forcePathStyle: true });
  }

  /** Its identity key is the installation's, for ids of customers follow from it. */
  static async open(installation: Installation, folder: string): Promise<LocalTwin> {
    const { SecretString = '' } = await new SecretsManagerClient(installation.aws).send(
      new GetSecretValueCommand({ SecretId: installation.one('AWS::SecretsManager::Secret', '') }),
    );
    await mkdir(join(folder, 'keys'), { recursive: true });
    await writeFile(join(folder, 'keys', 'identity.key'), SecretString, { mode: 0o600 });
    const config = join(folder, 'dongu.yaml');
    await writeFile(config, '');
    const home = await Home.open({ home: folder, config, telemetry: silentTelemetry });
    return new LocalTwin(home, folder, installation);
  }

  async close(): Promise<void> {
    await this.#home.close();
  }

  async take(orders: readonly SentOrder[]): Promise<void> {
    this.#requests += 1;
    const items = orders.map((order) => JSON.stringify(segmentItem(order)));
    const message = messageOf(request(this.#requests, items, { receivedAt: new Date() }));
    const { failed } = await landBatch([message], await this.#home.landBatchPorts());
    if (failed.length > 0) throw new Error(`not landed here: ${failed[0]?.reason}`);
  }

  async import(orders: readonly SentOrder[]): Promise<void> {
    const file = join(this.#folder, 'orders.csv');
    await writeFile(file, touchpointsFile(orders));
    const source = await loadSource('touchpoints', this.#folder);
    await importFiles([file], source, await loadFacts(), await this.#home.importPorts());
  }

  async run(asOf: Date): Promise<void> {
    await this.#home.run({ asOf, engine: 'duckdb' });
  }

  /** Every table of the run that DuckDB has published last. */
  async tablesLike({ lake }: Parts): Promise<SameTables> {
    const file = join(this.#folder, 'deployed.duckdb');
    await writeFile(file, await publishedTables(this.#installation, lake));
    return compareWarehouses(this.#tables, file, ofReceipt);
  }

  /** Every mart of the run that Athena has published last, cell by cell. */
  async martsLike({ lake }: Parts): Promise<SameRelations> {
    const { run_id } = JSON.parse(await this.#installation.text(lake, manifestKey)) as { run_id: string };
    const warehouse = await DuckdbWarehouse.openBeside(this.#home.settings, this.#tables);
    try {
      const relations: string[] = [];
      const differences: string[] = [];
      let cells = 0;
      for (const model of (await this.#home.catalogue()).models.filter(({ layer }) => layer === 'marts')) {
        const { name } = model;
        const columns = Object.fromEntries(
          Object.entries(shapeOf(model).columns).filter(([column]) => !ofReceipt.includes(column)),
        );
        await warehouse.createView(
          name,
          `select ${Object.keys(columns).join(', ')} from published."${name}"`,
        );
        const athena = await this.#brought(lake, `runs/${run_id}/marts/${name}/`);
        const key = model.definition.grain;
        const compared = await compareRelation(warehouse, { name, columns, key, duckdb: name, athena });
        cells += compared.cells;
        differences.push(...compared.differences);
        if (compared.rows > 0) relations.push(name);
      }
      return { relations, cells, differences };
    } finally {
      warehouse.close();
    }
  }

  /** Every file that the page is made of. */
  async pageLike({
    dashboards,
  }: Parts): Promise<{ readonly files: number; readonly differences: readonly string[] }> {
    const here = await publishedPage(this.#home.store);
    const there = await publishedPage(new S3ObjectStore(this.#s3, `s3://${dashboards}`));
    return { files: Object.keys(there).length, differences: pageDifferences(there, here) };
  }

  get #tables(): string {
    return join(this.#home.root, 'warehouse.duckdb');
  }

  async #brought(bucket: string, prefix: string): Promise<readonly string[]> {
    const keys = await this.#installation.keys(bucket, prefix);
    const files: string[] = [];
    for (const key of keys) {
      const bytes = await this.#installation.bytes(bucket, key);
      if (bytes.length === 0) continue;
      const file = join(this.#folder, key.replaceAll('/', '-'));
      await writeFile(file, bytes);
      files.push(file);
    }
    return files;
  }
}
