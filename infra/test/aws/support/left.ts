import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import type { AssemblyStack } from './assembly.ts';
import type { Installation } from './installation.ts';

async function gathered<T>(pages: AsyncIterable<T>, names: (page: T) => readonly (string | undefined)[]) {
  const found: string[] = [];
  for await (const page of pages) found.push(...names(page).filter((name) => name !== undefined));
  return found;
}

/** All that is in the account now, of the kinds that cost money or hold rights or data. */
async function inAccount(aws: Installation['aws']): Promise<readonly string[]> {
  const buckets = await new S3Client({ ...aws, forcePathStyle: true }).send(new ListBucketsCommand({}));
  const machines = await new SFNClient(aws).send(new ListStateMachinesCommand({}));
  return [
    ...(buckets.Buckets ?? []).map(({ Name }) => Name ?? ''),
    ...(machines.stateMachines ?? []).map(({ stateMachineArn }) => stateMachineArn ?? ''),
    ...(await gathered(paginateListFunctions({ client: new LambdaClient(aws) }, {}), ({ Functions = [] }) =>
      Functions.map(({ FunctionName }) => FunctionName),
    )),
    ...(await gathered(paginateListRoles({ client: new IAMClient(aws) }, {}), ({ Roles = [] }) =>
      Roles.map(({ RoleName }) => RoleName),
    )),
    ...(await gathered(
      paginateListSecrets({ client: new SecretsManagerClient(aws) }, {}),
      ({ SecretList = [] }) => SecretList.map(({ Name }) => Name),
    )),
    ...(await gathered(
      paginateListQueues({ client: new SQSClient(aws) }, {}),
      ({ QueueUrls = [] }) => QueueUrls,
    )),
  ];
}

/** Which resources of the installation are in the account still, by their logical names. */
export async function leftOf({ aws, resources }: Installation): Promise<readonly string[]> {
  const there = new Set(await inAccount(aws));
  return resources.filter(({ physicalId }) => there.has(physicalId)).map(({ logicalId }) => logicalId);
}

/** Which of them the templates say are kept; keys, which are not looked for above, apart. */
export function keptBy(stacks: readonly AssemblyStack[]): readonly string[] {
  return stacks.flatMap(({ template }) =>
    Object.entries(template.Resources)
      .filter(([, { DeletionPolicy, Type }]) => DeletionPolicy === 'Retain' && Type !== 'AWS::KMS::Key')
      .map(([id]) => id),
  );
}
