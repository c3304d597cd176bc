import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListWorkGroupsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { administrator, region } from './cdk-command.ts';
import type { FoundOrder } from './found.ts';
import { ordersSql } from './found.ts';
import type { Installation } from './installation.ts';

const clientAt = (endpoint: string): AthenaClient =>
  new AthenaClient({ endpoint, region, credentials: administrator });

/** The facade stands in for the emulator's own Athena, so it is told of the work groups that were deployed. */
export async function tellWorkGroups(
  installation: Installation,
  { emulator, facade }: { readonly emulator: string; readonly facade: string },
): Promise<void> {
  const [from, to] = [clientAt(emulator), clientAt(facade)];
  const { WorkGroups = [] } = await to.send(new ListWorkGroupsCommand({}));
  for (const { physicalId } of installation.all('AWS::Athena::WorkGroup')) {
    if (WorkGroups.some(({ Name }) => Name === physicalId)) {
      await to.send(new DeleteWorkGroupCommand({ WorkGroup: physicalId }));
    }
    const { WorkGroup } = await from.send(new GetWorkGroupCommand({ WorkGroup: physicalId }));
    await to.send(new CreateWorkGroupCommand({ Name: physicalId, Configuration: WorkGroup?.Configuration }));
  }
}

/** Orders as a reader of the deployed database finds them, by the deployed work group. */
export async function ordersInAthena(installation: Installation): Promise<readonly FoundOrder[]> {
  const rows = await rowsInAthena(installation, `${ordersSql} order by touchpoint_id`);
  return rows.map(([touchpointId = '', orderId = '', kurus = '']) => ({
    touchpointId,
    orderId,
    kurus: Number(kurus),
  }));
}

/** When touchpoints happened, as such a reader finds it. */
export async function timesInAthena(installation: Installation): Promise<ReadonlyMap<string, number>> {
  const sql = 'select touchpoint_id, cast(round(to_unixtime(occurred_at) * 1000) as bigint) from touchpoints';
  const rows = await rowsInAthena(installation, sql);
  return new Map(rows.map(([id = '', time = '']) => [id, Number(time)]));
}

/** The first thousand rows of an answer. */
export async function rowsInAthena(
  installation: Installation,
  sql: string,
): Promise<readonly (readonly string[])[]> {
  const athena = clientAt(installation.aws.endpoint);
  const [group] = installation.all('AWS::Athena::WorkGroup');
  const [database] = installation.all('AWS::Glue::Database');
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: group?.physicalId,
      QueryExecutionContext: { Database: database?.physicalId },
    }),
  );
  await untilEnded(athena, QueryExecutionId ?? '');
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  // the first row has the names of the columns
  return (ResultSet?.Rows ?? [])
    .slice(1)
    .map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? ''));
}

async function untilEnded(athena: AthenaClient, id: string): Promise<void> {
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED' || State === 'CANCELLED')
      throw new Error(`the query ${State}: ${StateChangeReason}`);
    await sleep(100);
  }
}
