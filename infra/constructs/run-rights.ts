import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { glueArn, objectRights } from './rights.ts';
import type { RunsProps } from './runs-props.ts';

/** What a run reads of a lake. Identities are elsewhere. */
const lakeFolders = ['lake/receipts/', 'lake/landed/', 'lake/raw/', 'lake/quarantine/'];

/** What tells which runs there were, and whose turn it is. */
const turnOfRuns = ['runs/lease.json', 'runs/manifest.json', 'runs/duckdb/manifest.json'];

export function runRights({ lake, dashboards }: RunsProps): readonly PolicyStatement[] {
  return [
    ...objectRights(lake, {
      read: [...lakeFolders, 'dongu.yaml', 'runs/'],
      write: ['runs/'],
      // Athena writes tables so, with the rights of the run
      inParts: ['runs/'],
      delete: ['runs/'],
      list: 'everything',
    }),
    ...objectRights(dashboards, { read: ['dashboards/'], write: ['dashboards/'], list: 'everything' }),
  ];
}

/** Merging reads, writes and deletes batches, their clear values included; of runs it takes the lease. */
export function compactRights({ lake, identities }: RunsProps): readonly PolicyStatement[] {
  return [
    ...objectRights(lake, {
      read: [...lakeFolders, 'dongu.yaml', ...turnOfRuns],
      write: [...lakeFolders, 'runs/lease.json'],
      delete: lakeFolders,
      list: 'everything',
    }),
    ...objectRights(identities, {
      read: ['lake/identities/'],
      write: ['lake/identities/'],
      delete: ['lake/identities/'],
      list: 'everything',
    }),
  ];
}

/** docs/athena.md tells why each is needed. */
export function athenaRights(stack: Stack, props: RunsProps): readonly PolicyStatement[] {
  const { lake, results, databaseName, workgroupName } = props;
  const [database, ofRuns] = [databaseName, `${databaseName}_run_*`];
  return [
    ...objectRights(results, {
      read: ['athena/'],
      write: ['athena/'],
      inParts: ['athena/'],
      list: 'everything',
    }),
    new PolicyStatement({
      actions: ['s3:GetBucketLocation'],
      resources: [lake.bucket.bucketArn, results.bucket.bucketArn],
    }),
    new PolicyStatement({
      actions: [
        'athena:StartQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:StopQueryExecution',
        'athena:GetWorkGroup',
      ],
      resources: [
        Arn.format(
          {
            service: 'athena',
            resource: 'workgroup',
            resourceName: workgroupName,
            arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
          },
          stack,
        ),
      ],
    }),
    new PolicyStatement({
      actions: ['glue:GetDatabase', 'glue:GetDatabases'],
      resources: [glueArn(stack, 'catalog'), glueArn(stack, 'database', 'default')],
    }),
    new PolicyStatement({
      actions: glueActions,
      resources: [
        glueArn(stack, 'catalog'),
        ...[database, ofRuns].flatMap((name) => [
          glueArn(stack, 'database', name),
          glueArn(stack, 'table', `${name}/*`),
        ]),
        glueArn(stack, 'userDefinedFunction', `${ofRuns}/*`),
      ],
    }),
  ];
}

const glueActions = [
  ...['CreateDatabase', 'GetDatabase', 'GetDatabases', 'DeleteDatabase'],
  ...['CreateTable', 'GetTable', 'GetTables', 'UpdateTable', 'DeleteTable', 'BatchDeleteTable'],
  ...[
    'GetPartition',
    'GetPartitions',
    'BatchGetPartition',
    'CreatePartition',
    'BatchCreatePartition',
    'UpdatePartition',
  ],
].map((verb) => `glue:${verb}`);
