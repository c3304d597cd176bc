import type { Template } from 'aws-cdk-lib/assertions';
import type { Policy, Statement } from '../aws/support/policy.ts';
import { type StackName, stackNames } from './synthesised.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

interface TemplateJson {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Export?: { Name: string } }>>;
}

type Templates = Readonly<Record<StackName, Template>>;

const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Logical ids end with eight digits of a hash. */
export const plainName = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

const arns: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:eu-central-1:111122223333:${name}`,
  'AWS::KMS::Key': (name) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:eu-central-1:111122223333:log-group:${name}:*`,
};

/** All templates of an installation as if they were deployed: what is named by its logical id has that name. */
export class Resolved {
  readonly #templates: Readonly<Record<StackName, TemplateJson>>;
  readonly #exports = new Map<string, readonly [StackName, unknown]>();

  constructor(templates: Templates) {
    this.#templates = Object.fromEntries(
      stackNames.map((name) => [name, templates[name].toJSON()]),
    ) as unknown as Record<StackName, TemplateJson>;
    for (const name of stackNames) {
      for (const { Value, Export } of Object.values(this.#templates[name].Outputs ?? {})) {
        if (Export) {
          this.#exports.set(Export.Name, [name, Value]);
        }
      }
    }
  }

  /** By stack and name, of one type or all. */
  resources(type?: string): readonly (Resource & { readonly stack: StackName; readonly name: string })[] {
    return stackNames.flatMap((stack) =>
      Object.entries(this.#templates[stack].Resources)
        .filter(([, { Type }]) => type === undefined || Type === type)
        .map(([id, resource]) => ({
          ...resource,
          Properties: this.value(stack, resource.Properties ?? {}) as Record<string, unknown>,
          stack,
          name: plainName(id),
        })),
    );
  }

  /** What inline policies of the role whose name begins so allow. */
  policiesOf(role: string): readonly Policy[] {
    return this.resources('AWS::IAM::Policy')
      .filter(({ Properties }) => (Properties.Roles as string[]).some((one) => one === role))
      .map(({ Properties }) => Properties.PolicyDocument as Policy);
  }

  statementsOf(role: string): readonly Statement[] {
    return this.policiesOf(role).flatMap(({ Statement: given }) => given as Statement[]);
  }

  /** Texts without functions of CloudFormation. */
  value(stack: StackName, given: unknown): unknown {
    if (Array.isArray(given)) {
      return given.map((one) => this.value(stack, one));
    }
    if (typeof given !== 'object' || given === null) {
      return given;
    }
    const [[name, argument] = ['', undefined], ...more] = Object.entries(given);
    if (more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      return this.#call(stack, name, argument);
    }
    return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, this.value(stack, one)]));
  }

  #call(stack: StackName, name: string, argument: unknown): unknown {
    if (name === 'Ref') {
      return pseudo[String(argument)] ?? plainName(String(argument));
    }
    if (name === 'Fn::GetAtt') {
      return this.#attribute(stack, argument as [string, string]);
    }
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(this.value(stack, part))).join(separator);
    }
    if (name === 'Fn::Sub') {
      return String(argument).replace(/\$\{([^}]+)\}/g, (_, id: string) =>
        String(this.#call(stack, 'Ref', id)),
      );
    }
    if (name === 'Fn::ImportValue') {
      const found = this.#exports.get(String(argument));
      if (found === undefined) {
        throw new Error(`nothing exports ${String(argument)}`);
      }
      return this.value(...found);
    }
    throw new Error(`${name} is not understood here`);
  }

  #attribute(stack: StackName, [id, attribute]: [string, string]): string {
    const type = this.#templates[stack].Resources[id]?.Type ?? '';
    const arn = arns[type];
    return attribute === 'Arn' && arn ? arn(plainName(id)) : `${plainName(id)}.${attribute}`;
  }
}
