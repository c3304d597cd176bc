import { createHash } from 'node:crypto';
import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { GateCall } from '../../../../test/support/bed/gate.ts';
import { account, region } from './cdk-command.ts';
import type { Installation } from './installation.ts';
import { isAllowed, type Policy } from './policy.ts';
import { type Place, wishesOf } from './wishes.ts';

/** A function and what its role may do. */
export interface Grants {
  readonly name: string;
  /** Signs the calls of the function. */
  readonly accessKey: string;
  readonly policies: readonly Policy[];
}

/** As the emulator gives a function the credentials of its role: one pair for each function and role. */
const accessKeyOf = (functionArn: string, roleArn: string): string =>
  `ASIA${createHash('sha256').update(`${functionArn}:${roleArn}`).digest('hex').slice(0, 16).toUpperCase()}`;

/** The policies of a role, with the names that a deployment has put into the template's. */
async function policiesOf(iam: IAMClient, role: string): Promise<readonly Policy[]> {
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
  const [managed] = attached.AttachedPolicies ?? [];
  if (managed) throw new Error(`${role} has ${managed.PolicyName}, which is none of its own policies`);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
  return Promise.all(
    PolicyNames.map(async (name) => {
      const given = await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
      return JSON.parse(decodeURIComponent(given.PolicyDocument ?? '')) as Policy;
    }),
  );
}

/** Every function of the installation with its role's rights. */
export async function readGrants(installation: Installation): Promise<readonly Grants[]> {
  const iam = new IAMClient(installation.aws);
  const lambda = new LambdaClient(installation.aws);
  return Promise.all(
    installation.all('AWS::Lambda::Function').map(async ({ physicalId }) => {
      const { FunctionArn = '', Role = '' } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: physicalId }),
      );
      const role = Role.split('/').at(-1) ?? '';
      return {
        name: physicalId,
        accessKey: accessKeyOf(FunctionArn, Role),
        policies: await policiesOf(iam, role),
      };
    }),
  );
}

const arnOfKey = (key: string | undefined): string | undefined =>
  key === undefined || key === '' || key.startsWith('alias/aws/')
    ? undefined
    : key.startsWith('arn:')
      ? key
      : `arn:aws:kms:${region}:${account}:key/${key}`;

async function bucketKey(s3: S3Client, bucket: string): Promise<string | undefined> {
  const { ServerSideEncryptionConfiguration: given } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket: bucket }),
  );
  const rule = given?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  return rule?.SSEAlgorithm === 'aws:kms' ? arnOfKey(rule.KMSMasterKeyID) : undefined;
}

/** Where things of the installation are, for those who judge a call. */
export async function readPlace(installation: Installation): Promise<Place> {
  const s3 = new S3Client({ ...installation.aws, forcePathStyle: true });
  const secrets = new SecretsManagerClient(installation.aws);
  const [bucketKeys, otherKeys, secretArns] = [
    new Map<string, string>(),
    new Map<string, string>(),
    new Map<string, string>(),
  ];
  for (const { physicalId } of installation.all('AWS::S3::Bucket')) {
    const key = await bucketKey(s3, physicalId);
    if (key !== undefined) bucketKeys.set(physicalId, key);
  }
  for (const { physicalId } of installation.all('AWS::SecretsManager::Secret')) {
    const {
      ARN = '',
      Name = '',
      KmsKeyId,
    } = await secrets.send(new DescribeSecretCommand({ SecretId: physicalId }));
    secretArns.set(Name, ARN);
    const key = arnOfKey(KmsKeyId);
    if (key !== undefined) otherKeys.set(ARN, key);
  }
  const [group] = installation.all('AWS::Athena::WorkGroup');
  return {
    account,
    region,
    bucketKeys,
    otherKeys,
    secretArn: (name) => secretArns.get(name) ?? name,
    workGroup: group?.physicalId,
  };
}

/** What of calls a function's role does not allow, in words; each once. */
export function deniedCalls(
  calls: readonly GateCall[],
  { name, policies }: Grants,
  place: Place,
): readonly string[] {
  const denied = calls.flatMap((call) => {
    const wishes = wishesOf(call, place);
    if (wishes === undefined) return [`${name}: a call that nobody judges: ${call.method} ${call.path}`];
    return wishes
      .filter((wish) => !isAllowed(policies, wish))
      .map(({ action, resource }) => `${name}: ${action} on ${resource}`);
  });
  return [...new Set(denied)];
}

/** Which of a role's verbs its calls have made no use of: for a person to think about. */
export function usedActions(calls: readonly GateCall[], place: Place): readonly string[] {
  const actions = calls.flatMap((call) => (wishesOf(call, place) ?? []).map(({ action }) => action));
  return [...new Set(actions)].sort();
}
