import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { DividedObjectStore } from '../../../functions/adapters/divided-object-store.ts';
import { DuckdbLanding } from '../../../functions/adapters/duckdb-landing.ts';
import { KeyFileSecrets } from '../../../functions/adapters/key-file-secrets.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../../functions/adapters/project-files.ts';
import { S3ObjectStore } from '../../../functions/adapters/s3-object-store.ts';
import { lakeFolders } from '../../../functions/core/lake-layout.ts';
import { Home } from '../../../functions/local/home.ts';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';
import { landBatch } from '../../../functions/use-cases/land-batch.ts';
import type { BedAddress } from '../bed/bed.ts';
import { chanceOf } from '../chance.ts';
import { messageOf, request, type TestRequest } from '../collected-messages.ts';
import { type AthenaLake, openAthenaLake } from './athena-lake.ts';

const DAY = 86_400_000;
const FIRST_DAY = Date.parse('2026-01-05T08:00:00.000Z');
const DAYS = 60;
const PEOPLE = 40;
/** Of the days on which an app that was offline sends what it has kept: each import is of one day of receipt. */
const RECEIPTS_EVERY_DAYS = 6;
/** Two batches of each, which compaction merges. */
const REQUESTS_A_BATCH = (6 * RECEIPTS_EVERY_DAYS) / 2;

/** Of a small shop: visits, orders, addresses, and what cannot be loaded. Always the same. */
export function shopRequests(): readonly TestRequest[] {
  const chance = chanceOf(7);
  return Array.from({ length: DAYS * 6 }, (_, index) => {
    const at = new Date(FIRST_DAY + Math.floor(index / 6) * DAY + (index % 6) * 3_600_000);
    const person = chance.whole(1, PEOPLE);
    const base = { anonymousId: `device-${person}`, timestamp: at.toISOString() };
    const item = (event: string, properties: object, more: object = {}) =>
      JSON.stringify({ type: 'track', event, messageId: `${event}-${index}`, ...base, properties, ...more });
    const items = [
      JSON.stringify({
        type: 'page',
        messageId: `page-${index}`,
        ...base,
        context: {
          page: { url: `https://shop.example/p/${person}?utm_source=${chance.pick(['news', 'ads'])}` },
        },
      }),
      item('Product Viewed', { product_id: `P${chance.whole(1, 9)}`, price: 19.9 }),
    ];
    if (index % 3 === 0) {
      const revenue = chance.whole(20, 400) + 0.5;
      items.push(
        item(
          'Order Completed',
          {
            order_id: `O-${index}`,
            revenue,
            currency: 'TRY',
            products: [{ product_id: 'P1', price: revenue, quantity: 1 }],
          },
          { userId: `user-${person}` },
        ),
      );
    }
    if (index % 11 === 0) {
      items.push(
        JSON.stringify({
          type: 'identify',
          messageId: `identify-${index}`,
          ...base,
          userId: `user-${person}`,
          traits: { email: `person${person}@shop.example` },
        }),
      );
    }
    if (index % 29 === 0) {
      items.push(item('Broken', {}, { timestamp: '2024-02-30T12:00:00Z' }));
    }
    const receipt = Math.ceil((index + 1) / (6 * RECEIPTS_EVERY_DAYS)) * RECEIPTS_EVERY_DAYS;
    return request(index + 1, items, { receivedAt: new Date(FIRST_DAY + receipt * DAY + index * 1000) });
  });
}

/** Requests in the company in which a queue may give them: small batches, some of which come again with others. */
export function queueBatches(requests: readonly TestRequest[]): readonly (readonly TestRequest[])[] {
  const batches = Array.from({ length: Math.ceil(requests.length / REQUESTS_A_BATCH) }, (_, index) =>
    requests.slice(index * REQUESTS_A_BATCH, (index + 1) * REQUESTS_A_BATCH),
  );
  return [...batches, requests.slice(4, 9), requests.slice(38, 48)];
}

export interface CloudLake extends AthenaLake {
  /** With the same lake. */
  readonly home: Home;
  readonly pages: S3ObjectStore;
  readonly identities: S3ObjectStore;
}

const configuration =
  'reporting: { time_zone: Europe/Istanbul, currency: TRY }\nengine: { memory_limit: 1GB, threads: 2 }\n';

/** A lake in S3 that was made by landing collected requests, and a home with the same objects. */
export async function openCloudLake(bed: BedAddress, name: string): Promise<CloudLake> {
  const lake = await openAthenaLake(bed, name);
  const id = randomUUID().slice(0, 8);
  const [dashboards, identities] = [`${name}-pages-${id}`, `${name}-identities-${id}`];
  for (const Bucket of [dashboards, identities]) {
    await lake.clients.s3.send(new CreateBucketCommand({ Bucket }));
  }
  const own = new S3ObjectStore(lake.clients.s3, `s3://${identities}`);
  const config = join(lake.folder, 'cloud.yaml');
  await writeFile(config, configuration);
  const home = await Home.open({ home: join(lake.folder, 'home'), config, telemetry: silentTelemetry });
  await landShop(new DividedObjectStore(lakeFolders.identities, own, lake.store), lake.folder);
  for (const store of [own, lake.store]) {
    for (const key of await store.list('lake')) {
      const path = home.store.localPath(key);
      await mkdir(dirname(path), { recursive: true });
      await store.downloadFile(key, path);
    }
  }
  await lake.store.putText('dongu.yaml', configuration);
  // what the stack tells the functions of an installation
  const environment = {
    DONGU_LAKE: lake.settings.root,
    DONGU_IDENTITIES: `s3://${identities}`,
    DONGU_DASHBOARDS: `s3://${dashboards}`,
    DONGU_DATABASE: lake.settings.database,
    DONGU_WORKGROUP: lake.settings.workgroup,
    POWERTOOLS_DEV: 'false',
    POWERTOOLS_LOG_LEVEL: 'WARN',
  };
  for (const [variable, value] of Object.entries(environment)) {
    vi.stubEnv(variable, value);
  }
  return {
    ...lake,
    home,
    identities: own,
    pages: new S3ObjectStore(lake.clients.s3, `s3://${dashboards}`),
    remove: async () => {
      await home.close();
      await lake.remove();
    },
  };
}

async function landShop(store: ObjectStore, folder: string): Promise<void> {
  const temporaryDirectory = join(folder, 'landing');
  await mkdir(temporaryDirectory, { recursive: true });
  const secrets = new KeyFileSecrets(join(folder, 'identity.key'), store);
  const settings = { memoryLimit: '512MB', temporaryDirectory };
  const ports = {
    store,
    landing: new DuckdbLanding(settings, await loadLandingTexts(), secrets),
    telemetry: silentTelemetry,
    loadSource: (source: string) => loadSource(source, folder),
    facts: await loadFacts(),
  };
  for (const batch of queueBatches(shopRequests())) {
    const { failed } = await landBatch(
      batch.map((each) => messageOf(each)),
      ports,
    );
    if (failed.length > 0) {
      throw new Error(`a batch did not land: ${failed[0]?.reason}`);
    }
  }
}
