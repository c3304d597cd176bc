import { describe, expect, it } from 'vitest';
import { isAllowed, type Statement } from './aws/support/policy.ts';
import { Resolved } from './support/resolved.ts';
import { synthesised } from './support/synthesised.ts';

const resolved = new Resolved(synthesised().templates);

/** Everything of an installation that a role might reach for, as one object each. */
const lake = (key: string): string => `arn:aws:s3:::Lake/${key}`;
const objects = {
  receipts: lake('lake/receipts/source=orders/01K.json'),
  landed: lake('lake/landed/source=orders/01K.json'),
  raw: lake('lake/raw/items/source=orders/received_date=2026-01-01/01K.parquet'),
  quarantine: lake('lake/quarantine/source=orders/received_date=2026-01-01/01K.parquet'),
  keyCheck: lake('lake/identity-key-check'),
  writeKeys: lake('keys/write-keys.yml'),
  inbox: lake('inbox/orders/today.csv'),
  imported: lake('imported/orders/01K-today.csv'),
  runs: lake('runs/01K.json'),
  turn: lake('runs/lease.json'),
  manifest: lake('runs/manifest.json'),
  tables: lake('runs/duckdb/01K.duckdb'),
  configuration: lake('dongu.yaml'),
  identities: 'arn:aws:s3:::Identities/lake/identities/received_date=2026-01-01/01K.parquet',
  results: 'arn:aws:s3:::Results/athena/1.csv',
  pages: 'arn:aws:s3:::Dashboards/dashboards/index.html',
  exports: 'arn:aws:s3:::Exports/newsletter/1.csv',
  accessLogs: 'arn:aws:s3:::AccessLogs/lake/1',
} as const;
type ObjectName = keyof typeof objects;

const ofRuns = ['runs', 'turn', 'manifest', 'tables'] as const;

const verbs = { read: 's3:GetObject', write: 's3:PutObject', delete: 's3:DeleteObject' } as const;
type Verb = keyof typeof verbs;

/** All that a role may do with objects. What is not said here it must not do. */
const mayDo: Readonly<Record<string, Readonly<Record<Verb, readonly ObjectName[]>>>> = {
  CollectorCollectRole: { read: ['writeKeys'], write: [], delete: [] },
  LandingLandRole: {
    read: ['receipts', 'landed', 'raw', 'quarantine', 'keyCheck', 'identities'],
    write: ['receipts', 'landed', 'raw', 'quarantine', 'keyCheck', 'identities'],
    delete: [],
  },
  LandingImportRole: {
    read: ['receipts', 'landed', 'raw', 'quarantine', 'keyCheck', 'identities', 'inbox'],
    write: ['receipts', 'landed', 'raw', 'quarantine', 'keyCheck', 'identities', 'imported'],
    delete: ['receipts', 'inbox'],
  },
  RunsRunRole: {
    read: [
      ...(['receipts', 'landed', 'raw', 'quarantine', 'configuration', 'results', 'pages'] as const),
      ...ofRuns,
    ],
    write: [...ofRuns, 'results', 'pages'],
    delete: ofRuns,
  },
  RunsCompactRole: {
    read: ['receipts', 'landed', 'raw', 'quarantine', 'identities', 'configuration', 'turn', 'manifest'],
    write: ['receipts', 'landed', 'raw', 'quarantine', 'identities', 'turn'],
    delete: ['receipts', 'landed', 'raw', 'quarantine', 'identities'],
  },
  RunsMachineRole: { read: [], write: [], delete: [] },
  RunsScheduleRole: { read: [], write: [], delete: [] },
};

/** Of Step Functions for its own log and traces: none of them is about a resource. */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];
const tracing = [
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/** Roles of what is no function. */
const services: Readonly<Record<string, string>> = {
  RunsMachineRole: 'states.amazonaws.com',
  RunsScheduleRole: 'scheduler.amazonaws.com',
};

/** What else each of them does, on which one resource each. */
const otherRights: Readonly<Record<string, readonly string[]>> = {
  CollectorCollectRole: ['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage'],
  LandingLandRole: [
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:ListBucket',
    'secretsmanager:GetSecretValue',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ReceiveMessage',
  ],
  LandingImportRole: [
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:AbortMultipartUpload',
    's3:ListBucket',
    'secretsmanager:GetSecretValue',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ReceiveMessage',
  ],
  RunsRunRole: [
    'athena:GetQueryExecution',
    'athena:GetQueryResults',
    'athena:GetWorkGroup',
    'athena:StartQueryExecution',
    'athena:StopQueryExecution',
    'glue:BatchCreatePartition',
    'glue:BatchDeleteTable',
    'glue:BatchGetPartition',
    'glue:CreateDatabase',
    'glue:CreatePartition',
    'glue:CreateTable',
    'glue:DeleteDatabase',
    'glue:DeleteTable',
    'glue:GetDatabase',
    'glue:GetDatabases',
    'glue:GetPartition',
    'glue:GetPartitions',
    'glue:GetTable',
    'glue:GetTables',
    'glue:UpdatePartition',
    'glue:UpdateTable',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:AbortMultipartUpload',
    's3:GetBucketLocation',
    's3:ListBucket',
  ],
  RunsCompactRole: [
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:ListBucket',
  ],
  RunsMachineRole: ['lambda:InvokeFunction', ...logDelivery, ...tracing].toSorted(),
  RunsScheduleRole: ['sqs:SendMessage', 'states:StartExecution'],
};

const listed = (given: string | readonly string[]): readonly string[] =>
  typeof given === 'string' ? [given] : given;

const roles = resolved.resources('AWS::IAM::Role').map(({ name }) => name);
const allStatements = (): readonly (Statement & { readonly role: string })[] =>
  roles.flatMap((role) => resolved.statementsOf(role).map((statement) => ({ ...statement, role })));

describe('roles', () => {
  it('are those that are described here, each of one function, the machine of runs or its schedule', () => {
    const functions = resolved.resources('AWS::Lambda::Function');
    const used = functions.map(({ Properties }) => String(Properties.Role).split('.')[0]);

    expect(roles.toSorted()).toEqual(Object.keys(mayDo).toSorted());
    expect([...used, ...Object.keys(services)].toSorted()).toEqual(roles.toSorted());
  });

  it('have inline policies only: nothing that somebody else may widen', () => {
    for (const { Properties } of resolved.resources('AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toBeUndefined();
    }
  });

  it('allow no action by a wildcard, and on every resource only what is about none', () => {
    const actions = allStatements().flatMap(({ Action }) => listed(Action));
    const onEverything = allStatements().filter(({ Resource }) => listed(Resource).includes('*'));

    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(onEverything.map(({ role }) => role)).toEqual(onEverything.map(() => 'RunsMachineRole'));
    expect(onEverything.flatMap(({ Action }) => listed(Action)).toSorted()).toEqual([
      ...logDelivery,
      ...tracing,
    ]);
  });

  it('have wildcards in resources at the end of a prefix or of a log only', () => {
    const wild = allStatements().flatMap(({ Resource }) =>
      listed(Resource).filter((one) => one.includes('*') && one !== '*'),
    );

    expect(wild.length).toBeGreaterThan(0);
    for (const resource of wild) {
      expect(resource).toMatch(
        /^arn:aws:(s3:::(Lake|Identities|Results|Dashboards)\/[a-z]+\/([a-z]+\/)?\*|glue:[^*]*:(database\/dongu_run_\*|table\/dongu(_run_\*)?\/\*|userDefinedFunction\/dongu_run_\*\/\*)|logs:.*:log-group:[A-Za-z]+:\*)$/,
      );
    }
  });

  for (const [role, allowed] of Object.entries(mayDo)) {
    for (const verb of Object.keys(verbs) as Verb[]) {
      it(`of ${role} may ${verb} ${allowed[verb].join(', ') || 'nothing'}, and nothing else`, () => {
        const policies = resolved.policiesOf(role);
        const reached = (Object.keys(objects) as ObjectName[]).filter((name) =>
          isAllowed(policies, { action: verbs[verb], resource: objects[name], context: {} }),
        );

        expect(reached.toSorted()).toEqual(allowed[verb].toSorted());
      });
    }

    it(`of ${role} has no right beyond objects but those that are listed`, () => {
      const actions = resolved
        .statementsOf(role)
        .flatMap(({ Action }) => listed(Action))
        .filter((action) => !/^s3:(Get|Put|Delete)Object$/.test(action));

      expect([...new Set(actions)].toSorted()).toEqual(otherRights[role]);
    });
  }

  it('reach the key of identities only where identities are landed or merged', () => {
    const key = 'arn:aws:kms:eu-central-1:111122223333:key/IdentitiesKey';
    const may = roles.filter((role) =>
      isAllowed(resolved.policiesOf(role), { action: 'kms:Decrypt', resource: key, context: {} }),
    );

    expect(may.toSorted()).toEqual(['LandingImportRole', 'LandingLandRole', 'RunsCompactRole']);
  });

  it('are taken by Lambda alone, but for those of runs', () => {
    for (const { Properties, name } of resolved.resources('AWS::IAM::Role')) {
      const { Statement: trust } = Properties.AssumeRolePolicyDocument as {
        Statement: readonly { Principal: unknown; Action: unknown }[];
      };
      expect(trust).toMatchObject([
        { Action: 'sts:AssumeRole', Principal: { Service: services[name] ?? 'lambda.amazonaws.com' } },
      ]);
    }
  });
});

describe('uploads in parts', () => {
  it('are taken back, where they broke off, by whoever writes large objects alone', () => {
    const places = allStatements()
      .filter(({ Action }) => listed(Action).includes('s3:AbortMultipartUpload'))
      .flatMap(({ role, Resource }) => listed(Resource).map((resource) => `${role} ${resource}`));

    expect(places.toSorted()).toEqual([
      'LandingImportRole arn:aws:s3:::Lake/imported/*',
      'RunsRunRole arn:aws:s3:::Lake/runs/*',
      'RunsRunRole arn:aws:s3:::Results/athena/*',
    ]);
  });
});
