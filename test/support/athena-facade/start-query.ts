import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { AthenaRefusal, invalidRequest } from './athena-refusal.ts';
import type { Json } from './aws-json-server.ts';
import { type RunningSlots, runExecution } from './execution-runner.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { Faults } from './faults.ts';
import { refuseUnparsable } from './parse-check.ts';
import { planStatement } from './plan-statement.ts';
import { type ExecutionRequest, QueryExecution } from './query-execution.ts';
import { refuseSyntax } from './refused-syntax.ts';
import { refuseBadText } from './refused-text.ts';
import { objectField, requiredText, textField, textsField } from './request-fields.ts';
import { ResultSpool } from './result-spool.ts';
import { type StatementKind, statementKind } from './statement-kind.ts';
import type { StatementContext, StatementPlan } from './statement-plan.ts';
import { parameterPositions, trimmedStatement, withParameters } from './statement-text.ts';
import type { WorkGroup, WorkGroups } from './workgroups.ts';

export interface QueryEquipment {
  readonly trinoUrl: string;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  readonly spoolFolder: string;
  readonly workGroups: WorkGroups;
  readonly store: ExecutionStore;
  readonly slots: RunningSlots;
  readonly faults: Faults;
  /** How many DML statements may be queued or running, as the service quota of an account. */
  readonly dmlQuota: number;
  readonly mostNewPartitions: number;
}

const noOutputLocation =
  'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.';

function resultPrefix(input: Json, workGroup: WorkGroup): string {
  const asked = textField(objectField(input, 'ResultConfiguration'), 'OutputLocation');
  const location = workGroup.enforced ? workGroup.outputLocation : (asked ?? workGroup.outputLocation);
  if (location === undefined) {
    throw invalidRequest(noOutputLocation);
  }
  if (!location.startsWith('s3://')) {
    throw invalidRequest(`outputLocation is not a valid S3 path: ${location}`);
  }
  return location.endsWith('/') ? location : `${location}/`;
}

function statementWithParameters(sql: string, parameters: readonly string[]): string {
  const places = parameterPositions(sql).length;
  if (places !== parameters.length) {
    throw invalidRequest(
      `Incorrect number of parameters: expected ${places} but found ${parameters.length}`,
      'MALFORMED_QUERY',
    );
  }
  return withParameters(sql, parameters);
}

function outputLocation(prefix: string, id: string, kind: StatementKind): string {
  if (kind.output !== 'none') {
    return `${prefix}${id}.${kind.output}`;
  }
  return kind.substatement === 'CREATE_TABLE_AS_SELECT' ? `${prefix}tables/${id}` : `${prefix}${id}`;
}

async function kindOf(sql: string, trinoUrl: string): Promise<StatementKind> {
  const kind = statementKind(sql);
  if (kind === undefined) {
    await refuseUnparsable(trinoUrl, sql);
    throw invalidRequest('Queries of this type are not supported', 'MALFORMED_QUERY');
  }
  return kind;
}

function refuseBeyondQuota(kind: StatementKind, equipment: QueryEquipment): void {
  if (kind.type === 'DML' && equipment.store.countActiveDml() >= equipment.dmlQuota) {
    throw new AthenaRefusal(
      'TooManyRequestsException',
      'You have exceeded the limit for the number of queries you can run concurrently. Please reduce the number of concurrent queries submitted by this account. Contact customer support to request a concurrent query limit increase.',
      { Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED' },
    );
  }
}

function executionRequest(input: Json, kind: StatementKind, equipment: QueryEquipment): ExecutionRequest {
  const workGroup = equipment.workGroups.find(textField(input, 'WorkGroup') ?? 'primary');
  const context = objectField(input, 'QueryExecutionContext');
  const id = randomUUID();
  const path = join(equipment.spoolFolder, id);
  return {
    id,
    statement: requiredText(input, 'QueryString'),
    kind,
    workGroup,
    catalog: textField(context, 'Catalog'),
    database: textField(context, 'Database'),
    outputLocation: outputLocation(resultPrefix(input, workGroup), id, kind),
    parameters: textsField(input, 'ExecutionParameters'),
    spool: kind.output === 'none' ? undefined : new ResultSpool(path, kind.output),
  };
}

/** Reads a statement as far as Athena does before it answers, and refuses what Athena then refuses. */
async function understood(
  input: Json,
  workGroup: WorkGroup,
  trinoUrl: string,
): Promise<{ readonly kind: StatementKind; readonly plan: StatementPlan }> {
  const text = requiredText(input, 'QueryString');
  refuseBadText(text);
  const sql = statementWithParameters(trimmedStatement(text), textsField(input, 'ExecutionParameters'));
  const kind = await kindOf(sql, trinoUrl);
  refuseSyntax(sql);
  const planned = planStatement(sql, kind, workGroup.enforced);
  if (planned.isTrinos) {
    await refuseUnparsable(trinoUrl, sql);
  }
  return { kind, plan: planned.run };
}

function contextOf(execution: QueryExecution, prefix: string, equipment: QueryEquipment): StatementContext {
  const { request } = execution;
  return {
    session: {
      url: equipment.trinoUrl,
      catalog: (request.catalog ?? 'awsdatacatalog').toLowerCase(),
      schema: request.database?.toLowerCase(),
    },
    glue: equipment.glue,
    s3: equipment.s3,
    executionId: request.id,
    resultPrefix: prefix,
    mostNewPartitions: equipment.mostNewPartitions,
    signal: execution.cancelling.signal,
  };
}

/** StartQueryExecution: answers at once, and leaves the statement running. */
export async function startQuery(input: Json, equipment: QueryEquipment): Promise<Json> {
  const workGroup = equipment.workGroups.find(textField(input, 'WorkGroup') ?? 'primary');
  const prefix = resultPrefix(input, workGroup);
  const token = textField(input, 'ClientRequestToken');
  const fingerprint = JSON.stringify({ ...input, ClientRequestToken: undefined });
  const { kind, plan } = await understood(input, workGroup, equipment.trinoUrl);
  // nothing is awaited from here on, so one token that comes twice at once still starts one statement
  const known = equipment.store.startedBy(token, fingerprint);
  if (known !== undefined) {
    return { QueryExecutionId: known.request.id };
  }
  refuseBeyondQuota(kind, equipment);
  const execution = new QueryExecution(executionRequest(input, kind, equipment));
  equipment.store.add(execution, token, fingerprint);
  execution.ended = runExecution(execution, plan, contextOf(execution, prefix, equipment), equipment);
  return { QueryExecutionId: execution.request.id };
}
