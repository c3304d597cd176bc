import { AthenaRefusal, invalidRequest } from './athena-refusal.ts';
import type { Json } from './aws-json-server.ts';
import { stoppedByUser } from './execution-runner.ts';
import {
  booleanField,
  numberField,
  objectField,
  requiredText,
  textField,
  textsField,
} from './request-fields.ts';
import { resultPage } from './result-pages.ts';
import { type QueryEquipment, startQuery } from './start-query.ts';
import type { WorkGroup } from './workgroups.ts';

type Operation = (input: Json, equipment: QueryEquipment) => Promise<Json> | Json;

function describeGroup(group: WorkGroup): Json {
  return {
    Name: group.name,
    State: 'ENABLED',
    Description: group.description,
    CreationTime: group.createdAt / 1000,
    Configuration: {
      ResultConfiguration: group.outputLocation === undefined ? {} : { OutputLocation: group.outputLocation },
      EnforceWorkGroupConfiguration: group.enforced,
      PublishCloudWatchMetricsEnabled: false,
      RequesterPaysEnabled: false,
      ...(group.bytesScannedCutoff === undefined
        ? {}
        : { BytesScannedCutoffPerQuery: group.bytesScannedCutoff }),
      EngineVersion: {
        SelectedEngineVersion: 'AUTO',
        EffectiveEngineVersion: 'Athena engine version 3',
      },
    },
  };
}

function groupFrom(input: Json): WorkGroup {
  const configuration = objectField(input, 'Configuration');
  return {
    name: requiredText(input, 'Name'),
    description: textField(input, 'Description') ?? '',
    // the default of the service
    enforced: booleanField(configuration, 'EnforceWorkGroupConfiguration') ?? true,
    outputLocation: textField(objectField(configuration, 'ResultConfiguration'), 'OutputLocation'),
    bytesScannedCutoff: numberField(configuration, 'BytesScannedCutoffPerQuery'),
    createdAt: Date.now(),
  };
}

/** A page of a list that is held in memory; the token is the place of the next one. */
function pageOf(
  items: readonly string[],
  input: Json,
  most: number,
): { readonly items: readonly string[]; readonly next: Json } {
  const size = numberField(input, 'MaxResults') ?? most;
  if (size < 1 || size > most) {
    throw invalidRequest(`MaxResults must be between 1 and ${most}`);
  }
  const start = Number(textField(input, 'NextToken') ?? '0');
  if (!Number.isInteger(start) || start < 0) {
    throw invalidRequest('NextToken is not valid');
  }
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: String(end) } : {} };
}

const operations: Readonly<Record<string, Operation>> = {
  StartQueryExecution: startQuery,
  GetQueryExecution: (input, { store }) => ({
    QueryExecution: store.find(requiredText(input, 'QueryExecutionId')).describe(),
  }),
  BatchGetQueryExecution: (input, { store }) => {
    const ids = textsField(input, 'QueryExecutionIds');
    return {
      QueryExecutions: ids.filter((id) => store.has(id)).map((id) => store.find(id).describe()),
      UnprocessedQueryExecutionIds: ids
        .filter((id) => !store.has(id))
        .map((id) => ({
          QueryExecutionId: id,
          ErrorCode: 'INVALID_INPUT',
          ErrorMessage: `QueryExecution ${id} was not found`,
        })),
    };
  },
  ListQueryExecutions: (input, { store, workGroups }) => {
    const group = workGroups.find(textField(input, 'WorkGroup') ?? 'primary');
    const page = pageOf(store.newestFirst(group.name), input, 50);
    return { QueryExecutionIds: page.items, ...page.next };
  },
  StopQueryExecution: (input, { store }) => {
    const execution = store.find(requiredText(input, 'QueryExecutionId'));
    execution.cancelling.abort(stoppedByUser);
    return {};
  },
  GetQueryResults: (input, { store }) =>
    resultPage(store.find(requiredText(input, 'QueryExecutionId')), input),
  GetWorkGroup: (input, { workGroups }) => ({
    WorkGroup: describeGroup(workGroups.find(requiredText(input, 'WorkGroup'))),
  }),
  CreateWorkGroup: (input, { workGroups }) => {
    workGroups.create(groupFrom(input));
    return {};
  },
  DeleteWorkGroup: (input, { workGroups }) => {
    workGroups.delete(requiredText(input, 'WorkGroup'));
    return {};
  },
  ListWorkGroups: (input, { workGroups }) => {
    const groups = new Map(workGroups.list().map((group) => [group.name, describeGroup(group)]));
    const page = pageOf([...groups.keys()], input, 50);
    return {
      WorkGroups: page.items.map((name) => {
        const { Configuration: _left, ...summary } = groups.get(name) ?? {};
        return summary;
      }),
      ...page.next,
    };
  },
};

/** Answers one call of the API, after the throttling that a test has asked for. */
export async function answerOperation(name: string, input: Json, equipment: QueryEquipment): Promise<Json> {
  const throttled = equipment.faults.takeThrottle(name);
  if (throttled !== undefined) {
    throw new AthenaRefusal(throttled, 'Rate exceeded');
  }
  const operation = operations[name];
  if (operation === undefined) {
    throw new AthenaRefusal('UnknownOperationException', `athena-facade does not imitate ${name}`);
  }
  return operation(input, equipment);
}
