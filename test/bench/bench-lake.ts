import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DuckdbConnection, literal } from '../../functions/adapters/duckdb-connection.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { lakeFolders } from '../../functions/core/lake-layout.ts';
import { type Receipt, recordText } from '../../functions/core/lake-records.ts';
import { writeMarker } from '../../functions/use-cases/landed-objects.ts';

export interface BenchLake {
  readonly root: string;
  readonly touchpoints: number;
  readonly customers: number;
}

/**
 * Writes a lake of many touchpoints straight in its raw layout, so that building can be measured without importing:
 * two years of visits of eight touchpoints, a tenth of the rows orders, a quarter of the visits anonymous, one row in a hundred
 * repeated.
 */
export async function writeBenchLake(lake: BenchLake, temporaryDirectory: string): Promise<void> {
  const folder = join(lake.root, lakeFolders.rows('touchpoints'), 'source=bench', 'received_date=2026-07-01');
  const items = join(lake.root, lakeFolders.items, 'source=bench', 'received_date=2026-07-01');
  const receipts = join(lake.root, lakeFolders.receipts, 'source=bench');
  await Promise.all([folder, items, receipts].map((path) => mkdir(path, { recursive: true })));
  const connection = await DuckdbConnection.open(':memory:', { memoryLimit: '2GB', temporaryDirectory });
  try {
    const path = join(folder, 'bench.parquet');
    await connection.run(`copy (${rowsSelect(lake)}) to ${literal(path)} (format parquet, compression zstd)`);
    await connection.run(`copy (
      select ingest_id, source, received_at, line_number, '{}' as payload from read_parquet(${literal(path)})
    ) to ${literal(join(items, 'bench.parquet'))} (format parquet, compression zstd)`);
    const receipt: Receipt = {
      import_id: '0'.repeat(32),
      source: 'bench',
      file_sha256: '0'.repeat(64),
      bytes: 0,
      items: lake.touchpoints,
      mapping_version: 1,
      received_at: '2026-07-01T00:00:00.000Z',
    };
    await writeFile(join(receipts, 'bench.json'), recordText(receipt));
    const store = new FolderObjectStore(lake.root);
    const objects = [folder, items].map((path) => relative(lake.root, join(path, 'bench.parquet')));
    await writeMarker(store, receipt, objects);
  } finally {
    connection.close();
  }
}

function rowsSelect({ touchpoints, customers }: BenchLake): string {
  return `
    with numbered as (
      select i, hash(i // 8) % ${customers} as person, hash(i + 7) as chance, hash(i // 8 + 13) as visit_chance
      from range(${touchpoints}) as numbers (i)
    ),
    drawn as (
      select *, i % 8 = 7 and chance % 10 < 8 as is_order,
        date_trunc('millisecond', timestamp '2024-07-01' + to_milliseconds((visit_chance % 63072000000)::bigint + 45000 * (i % 8))) as occurred_at
      from numbered
    )
    select
      'bench' as source, 1::integer as mapping_version, timestamp '2026-07-01 10:00:00' as received_at,
      't' || printf('%012d', case when i % 100 = 1 then i - 1 else i end) as touchpoint_id,
      '${'0'.repeat(32)}:' || printf('%010d', i) as ingest_id, i as line_number, 'touchpoint' as kind,
      case when is_order then 'order_completed'
        else ['page_viewed', 'product_viewed', 'product_added', 'email_link_clicked', 'products_searched'][1 + (chance % 5)::integer] end as event,
      occurred_at, null::varchar as time_flag,
      md5(case when visit_chance % 4 = 1 then 'a' || person when is_order then 'u' || person || 'a' || person else 'u' || person end) as identity_id,
      case when visit_chance % 4 <> 1 then 'u' || person end as user_id,
      case when visit_chance % 4 = 1 or is_order then 'a' || person end as anonymous_id,
      null::varchar as email_key, null::varchar as phone_key, null::varchar as loyalty_id, null::varchar as device_id, null::varchar as previous_id,
      ['web', 'mobile', 'web', 'email'][1 + (visit_chance % 4)::integer] as channel,
      case when visit_chance % 7 = 0 then 'google' end as campaign_source, case when visit_chance % 7 = 0 then 'cpc' end as campaign_medium,
      case when visit_chance % 7 = 0 then 'yaz-' || (visit_chance % 20) end as campaign_name,
      case when is_order then 'o' || i end as order_id, 'p' || (chance % 500) as product_id, 'Ayakkabı' as category,
      1::decimal(18,4) as quantity, case when is_order then ((chance % 100000) / 100)::decimal(18,2) end as amount, 'TRY' as currency_code,
      'mobile' as device_type, 'TR' as country, 'İzmir' as city, null::varchar as group_id, null::varchar as session_id,
      '{"referrer":"https://www.google.com/","price":' || (chance % 1000) || '}' as properties
    from drawn`;
}
