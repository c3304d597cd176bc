import { StatementFailure, userError } from './execution-errors.ts';
import { forgetPartitions, forgetTable, type GlueTableName, partitionsOf } from './glue-lookups.ts';
import type { StatementContext } from './statement-plan.ts';

/*
 * Trino's own limit is per writer and lets more pass, so partitions are counted in Glue after Trino has written, and
 * what is too much is taken out of Glue again. The files stay where they are: Athena, which stops writing at the 101st,
 * leaves its files behind too, and those in a partition that was there before are read. For the moment between, a reader of the table could see the rows.
 */

function tooManyPartitions(most: number): StatementFailure {
  return new StatementFailure(
    `HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${most} open writers for partitions/buckets. You may need to manually clean the data at the location of the table. Athena will not delete data in your account.`,
    userError,
  );
}

function keyOf(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** Runs what inserts, and undoes its partitions if they are too many. */
export async function withPartitionLimit(
  { glue, mostNewPartitions: most }: StatementContext,
  name: GlueTableName,
  insert: () => Promise<void>,
): Promise<void> {
  const before = new Set((await partitionsOf(glue, name)).map(({ Values }) => keyOf(Values ?? [])));
  await insert();
  const added = (await partitionsOf(glue, name))
    .map(({ Values }) => Values ?? [])
    .filter((values) => !before.has(keyOf(values)));
  if (added.length > most) {
    await forgetPartitions(glue, name, added);
    throw tooManyPartitions(most);
  }
}

/** The same for a table that the statement has just made: the table goes, its files stay. */
export async function refuseTooManyPartitions(
  { glue, mostNewPartitions: most }: StatementContext,
  name: GlueTableName,
): Promise<void> {
  const partitions = await partitionsOf(glue, name);
  if (partitions.length > most) {
    await forgetTable(glue, name);
    throw tooManyPartitions(most);
  }
}
