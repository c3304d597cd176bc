import { type AthenaClient, GetWorkGroupCommand, type WorkGroupConfiguration } from '@aws-sdk/client-athena';
import { isDenied, notTaken } from './athena-faults.ts';
import type { AthenaSettings } from './athena-settings.ts';

/** What of a workgroup's settings is a risk to whoever pays, or stops every statement. */
export async function workgroupWarnings(
  client: AthenaClient,
  { workgroup }: Pick<AthenaSettings, 'workgroup'>,
): Promise<readonly string[]> {
  const configuration = await configurationOf(client, workgroup);
  return configuration ? risksOf(configuration).map((risk) => `the workgroup ${workgroup} ${risk}`) : [];
}

/** Nothing where the role may not read it: a run does not need that right. */
async function configurationOf(
  client: AthenaClient,
  workgroup: string,
): Promise<WorkGroupConfiguration | undefined> {
  try {
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: workgroup }));
    return WorkGroup?.Configuration;
  } catch (error) {
    if (isDenied(error)) {
      return undefined;
    }
    throw notTaken(error);
  }
}

function risksOf(configuration: WorkGroupConfiguration): readonly string[] {
  const { ResultConfiguration, ManagedQueryResultsConfiguration } = configuration;
  const hasPlace =
    (ResultConfiguration?.OutputLocation ?? '') !== '' || ManagedQueryResultsConfiguration?.Enabled === true;
  return [
    ...(configuration.EnforceWorkGroupConfiguration === true
      ? []
      : ['does not enforce its settings: a caller may set aside its limit and its place for results']),
    ...(hasPlace ? [] : ['has no place for results: Athena may refuse every statement']),
    ...(configuration.BytesScannedCutoffPerQuery === undefined
      ? ['has no limit of bytes that one statement may read']
      : []),
  ];
}
