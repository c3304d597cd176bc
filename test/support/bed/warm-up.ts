import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { credentials, region } from './ministack.ts';
import { type TrinoSession, trinoRows } from './trino-client.ts';

const bucket = 'bed-warm-up';
const schema = 'bed_warm_up';

/** What the first query of its kind pays for: joins, windows, JSON, dates, text. */
const queries: readonly string[] = [
  `with days as (select cast(day as date) as day from unnest(sequence(date '2024-01-01', date '2024-03-01')) as all_days (day)),
   months as (select date_trunc('month', day) as month, count(*) as days, approx_distinct(day) as about from days group by 1)
   select month, days, sum(days) over (order by month), lag(month) over (order by month) from months`,
  `select coalesce(sum(try_cast(json_extract_scalar(text, '$.a') as decimal(18, 2))), 0), array_agg(text order by text)
   from (values '{"a": "1.5"}', '{}') as given (text) left join (values 'x') as other (name) on name = text`,
  `select regexp_replace(lower(name), '[^a-z]', ''), date_diff('day', timestamp '2024-01-01 00:00:00', timestamp '2024-02-01 00:00:00'),
   row_number() over (partition by name order by name) from (values 'A1', 'B2') as given (name) order by 1`,
];

/** A node is known at large a little sooner than as a node of the catalogue. */
async function runOnceNodeIsKnown(session: TrinoSession, sql: string): Promise<void> {
  try {
    await trinoRows(session, sql);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NO_NODES_AVAILABLE'))) throw error;
    await sleep(200, undefined, session.signal && { signal: session.signal });
    await runOnceNodeIsKnown(session, sql);
  }
}

async function writeAndRead(session: TrinoSession): Promise<void> {
  await runOnceNodeIsKnown(session, `create schema ${schema} with (location = 's3://${bucket}/${schema}/')`);
  const within = { ...session, schema };
  await runOnceNodeIsKnown(
    within,
    `create table written with (external_location = 's3://${bucket}/written/', format = 'PARQUET') as
     select 1 as a, 'b' as b, cast(1 as decimal(18, 2)) as c, timestamp '2024-01-01 00:00:00.000' as d`,
  );
  await runOnceNodeIsKnown(within, `insert into written select a + 1, b, c, d from written`);
  await runOnceNodeIsKnown(within, 'create view seen as select a, b, c, d from written');
  await runOnceNodeIsKnown(within, 'select b, max(d), sum(c), count(*) from seen where a > 1 group by 1');
  await runOnceNodeIsKnown(within, 'explain (type validate) select * from seen');
  await runOnceNodeIsKnown(within, 'drop view seen');
  await runOnceNodeIsKnown(within, 'drop table written');
  await runOnceNodeIsKnown(within, `drop schema ${schema}`);
}

async function withBucket(awsEndpoint: string, work: () => Promise<unknown>): Promise<void> {
  const s3 = new S3Client({ endpoint: awsEndpoint, region, credentials, forcePathStyle: true });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await work();
    const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    await Promise.all(objects.map(({ Key }) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))));
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  } finally {
    s3.destroy();
  }
}

/** Lets the first queries of each kind be slow here and not within a test. Nothing of it stays. */
export async function warmUp(session: TrinoSession, awsEndpoint: string): Promise<void> {
  await withBucket(awsEndpoint, () =>
    Promise.all([writeAndRead(session), ...queries.map((sql) => runOnceNodeIsKnown(session, sql))]),
  );
}
