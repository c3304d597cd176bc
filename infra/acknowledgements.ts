// Findings of cdk-nag's AwsSolutions rules that stay, each with the reason why. A test holds that nothing else is found, and that
// every one of these still is.
import { type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Installation } from './installation.ts';

type BucketName = 'lake' | 'identities' | 'results' | 'dashboards';

interface Acknowledgement {
  readonly stack: keyof Installation;
  /** Paths of constructs within the stack. */
  readonly at: readonly string[];
  /** As cdk-nag calls it; of a finding that it tells apart, with what it says in brackets. */
  readonly rule: string;
  /** Of a right over many objects: the bucket, and which of its objects. */
  readonly objects?: { readonly of: BucketName; readonly keys: readonly string[] };
  /** Of a right over what Glue has: resources, in which NAME is the database of readers. */
  readonly catalogue?: readonly string[];
  readonly reason: string;
}

const land = 'Landing/Land/Role/DefaultPolicy/Resource';
const importing = 'Landing/Import/Role/DefaultPolicy/Resource';
const run = 'Runs/Run/Role/DefaultPolicy/Resource';
const compact = 'Runs/Compact/Role/DefaultPolicy/Resource';

export const acknowledgements: readonly Acknowledgement[] = [
  {
    stack: 'stateful',
    at: ['IdentityKey/Resource'],
    rule: 'AwsSolutions-SMG4',
    reason:
      'Identifiers in the lake are hashes by this key: with another one every customer would become a new one.',
  },
  {
    stack: 'stateless',
    at: ['Runs/DeadLetters/Resource'],
    rule: 'AwsSolutions-SQS3',
    reason: 'It is a queue of dead letters: of a schedule, for which the rule does not look.',
  },
  {
    stack: 'stateless',
    at: [land, importing],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'lake', keys: ['lake/receipts/*', 'lake/landed/*', 'lake/raw/*', 'lake/quarantine/*'] },
    reason:
      'Keys hold the source, the day and the id of each import, which no policy can name beforehand; the four folders are those that landing writes.',
  },
  {
    stack: 'stateless',
    at: [land, importing, compact],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'identities', keys: ['lake/identities/*'] },
    reason: 'An object for each day and import; the bucket holds nothing else.',
  },
  {
    stack: 'stateless',
    at: [importing],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'lake', keys: ['inbox/*', 'imported/*'] },
    reason: 'Files are named by whoever puts them into the inbox.',
  },
  {
    stack: 'stateless',
    at: [run, compact],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'lake', keys: ['lake/receipts/*', 'lake/landed/*', 'lake/raw/*', 'lake/quarantine/*'] },
    reason:
      'A run reads, and compaction merges, whatever imports there are: their keys hold ids that no policy can name beforehand.',
  },
  {
    stack: 'stateless',
    at: [run],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'lake', keys: ['runs/*'] },
    reason: 'Each run has a folder and records of its id, and deletes those of the runs before the last.',
  },
  {
    stack: 'stateless',
    at: [run],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'dashboards', keys: ['dashboards/*'] },
    reason: 'Published files are named by their content.',
  },
  {
    stack: 'stateless',
    at: [run],
    rule: 'AwsSolutions-IAM5',
    objects: { of: 'results', keys: ['athena/*'] },
    reason:
      'Athena names the answer of each statement by its id, and writes it with the rights of whoever asks.',
  },
  {
    stack: 'stateless',
    at: [run],
    rule: 'AwsSolutions-IAM5',
    catalogue: [
      'database/NAME_run_*',
      'table/NAME/*',
      'table/NAME_run_*/*',
      'userDefinedFunction/NAME_run_*/*',
    ],
    reason:
      'Each run on Athena builds in a database of its id, and makes the views of readers anew, whatever models there are.',
  },
  {
    stack: 'stateless',
    at: ['Runs/MachineRole/DefaultPolicy/Resource'],
    rule: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Deliveries of logs and traces of X-Ray are no resources that a policy could name.',
  },
  {
    stack: 'stateless',
    at: ['Collector/Api/DefaultRoute/Resource'],
    rule: 'AwsSolutions-APIG4',
    reason:
      'Senders are pages, apps and services without an identity in AWS: the function judges each request by its write key or signature, origin and quota.',
  },
  {
    stack: 'edge',
    at: ['Logs/Resource'],
    rule: 'AwsSolutions-S1',
    reason: 'It holds access logs; logs of who reads logs would go round in a circle.',
  },
  {
    stack: 'edge',
    at: ['Pages/Resource'],
    rule: 'AwsSolutions-CFR1',
    reason:
      'Whoever an installation is for may travel; what is published holds no persons and no small groups.',
  },
  {
    stack: 'edge',
    at: ['Pages/Resource'],
    rule: 'AwsSolutions-CFR2',
    reason:
      'Static files that are read only: no input that a firewall could judge, and its fee is many times what a small installation costs.',
  },
  {
    stack: 'edge',
    at: ['Pages/Resource'],
    rule: 'AwsSolutions-CFR4',
    reason:
      'Without a domain of its own the distribution has the certificate of CloudFront, which fixes the protocol; with edge.domain it is TLS 1.2 of 2021 at least.',
  },
  {
    stack: 'edge',
    at: ['Pages/Origin1'],
    rule: 'Annotation::@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
    reason: 'The stack of the bucket lets the distributions of this account read its pages.',
  },
];

/** The finding's id for each construct: a right over objects is told by the name under which its bucket is exported. */
export function findingIds(
  { rule, objects, catalogue }: Pick<Acknowledgement, 'rule' | 'objects' | 'catalogue'>,
  { stateful }: Installation,
): readonly string[] {
  if (catalogue !== undefined) {
    const place = 'arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>';
    return catalogue.map(
      (resource) => `${rule}[Resource::${place}:${resource.replace('NAME', stateful.databaseName)}]`,
    );
  }
  if (objects === undefined) {
    return [rule];
  }
  const { bucketArn } = stateful[objects.of].bucket;
  const imported = stateful.resolve(stateful.exportValue(bucketArn)) as { 'Fn::ImportValue': string };
  return objects.keys.map((key) => `${rule}[Resource::${imported['Fn::ImportValue']}/${key}]`);
}

/** Answers how many findings are acknowledged. */
export function acknowledgeFindings(installation: Installation): number {
  let count = 0;
  for (const { stack, at, reason, ...finding } of acknowledgements) {
    for (const path of at) {
      const construct = find(installation[stack], path);
      for (const id of findingIds(finding, installation)) {
        Validations.of(construct).acknowledge({ id, reason });
        count += 1;
      }
    }
  }
  return count;
}

const find = (stack: Stack, path: string): IConstruct =>
  path.split('/').reduce<IConstruct>((construct, id) => construct.node.findChild(id), stack);
