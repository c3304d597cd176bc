import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { isAllowed } from './aws/support/policy.ts';
import { judges } from './support/promises.ts';
import { Resolved } from './support/resolved.ts';
import { type StackName, stackNames, synthesised } from './support/synthesised.ts';

const { templates } = synthesised();
const resolved = new Resolved(templates);

interface Json {
  [name: string]: Json | string | boolean | undefined;
}

/** The templates with one thing changed. */
function mutated(stack: StackName, change: (resources: Readonly<Record<string, Json>>) => void): Resolved {
  const copies = Object.fromEntries(
    stackNames.map((name) => [name, structuredClone(templates[name].toJSON())]),
  ) as Record<StackName, { Resources: Record<string, Json> }>;
  change(copies[stack].Resources);
  return new Resolved(
    Object.fromEntries(stackNames.map((name) => [name, { toJSON: () => copies[name] }])) as unknown as Record<
      StackName,
      Template
    >,
  );
}

/** Properties of the resource whose logical id begins so. */
function propertiesOf(resources: Readonly<Record<string, Json>>, begins: string): Json {
  const [, resource] =
    Object.entries(resources).find(([id]) => new RegExp(`^${begins}[0-9A-F]{8}$`).test(id)) ?? [];
  if (resource === undefined) {
    throw new Error(`no resource ${begins}`);
  }
  return resource.Properties as Json;
}

describe('an installation', () => {
  for (const [name, judge] of Object.entries(judges)) {
    it(`has nothing that is ${name}`, () => {
      expect(judge(resolved)).toEqual([]);
    });
  }

  it('prints how much there is of it', () => {
    const counts = stackNames.map(
      (stack) => `${stack} ${resolved.resources().filter((resource) => resource.stack === stack).length}`,
    );
    console.log(`resources: ${resolved.resources().length} (${counts.join(', ')})`);

    expect(resolved.resources().length).toBeGreaterThan(60);
  });

  it('stops a statement that reads too much, whatever its caller says', () => {
    templates.stateful.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 50 * 1024 ** 3,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
      },
    });
  });

  it('lets messages out of sight for six times as long as landing may take, and for five receives', () => {
    templates.stateless.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1860,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
    templates.stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 10_000,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('lets files of the inbox wait for fourteen days, each in a message of its own', () => {
    templates.stateless.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 86_400,
      VisibilityTimeout: 960,
      RedrivePolicy: { maxReceiveCount: 3 },
    });
    templates.stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    templates.stateless.resourceCountIs('AWS::Lambda::EventInvokeConfig', 0);
  });

  it('gives a key of 256 bits and says it nowhere', () => {
    templates.stateful.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: Match.objectLike({ PasswordLength: 64 }),
      SecretString: Match.absent(),
    });
  });

  it('tells the inbox of its own bucket alone, and says no names of files', () => {
    templates.stateless.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        source: ['aws.s3'],
        detail: { bucket: { name: [Match.anyValue()] }, object: { key: [{ prefix: 'inbox/' }] } },
      }),
    });
  });

  it('has a limit of requests, and an access log without addresses', () => {
    templates.stateless.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      AccessLogSettings: { Format: Match.not(Match.stringLikeRegexp('sourceIp|userAgent')) },
    });
  });

  it('names its resources and no account or region', () => {
    for (const stack of stackNames) {
      const text = JSON.stringify(templates[stack].toJSON());
      expect(text.replaceAll(':us-east-1:', ''), stack).not.toMatch(/\b\d{12}\b|\b(eu|us)-[a-z]+-\d\b/);
    }
    for (const { Properties, name } of resolved.resources('AWS::S3::Bucket')) {
      expect(Properties.Tags, name).toContainEqual({ Key: 'dongu:installation', Value: 'dongu' });
      expect(Properties.BucketName, name).toBeUndefined();
    }
  });
});

describe('mutations of a template', () => {
  it('a bucket without its policy is found', () => {
    const changed = mutated('stateful', (resources) => {
      const id = Object.keys(resources).find((one) => one.startsWith('LakePolicy')) ?? '';
      delete (resources as Record<string, Json>)[id];
    });

    expect(judges.withoutTls(changed)).toEqual(['Lake']);
  });

  it('one part of the block of public access that is open is found', () => {
    const changed = mutated('stateful', (resources) => {
      (propertiesOf(resources, 'Results').PublicAccessBlockConfiguration as Json).RestrictPublicBuckets =
        false;
    });

    expect(judges.openToPublic(changed)).toEqual(['Results']);
  });

  it("identities under S3's keys are found", () => {
    const changed = mutated('stateful', (resources) => {
      propertiesOf(resources, 'Identities').BucketEncryption = propertiesOf(
        resources,
        'Lake',
      ).BucketEncryption;
    });

    expect(judges.badlyEncrypted(changed)).toEqual(['Identities']);
  });

  it('a lake that goes with its stack, and one that goes with an update, are found', () => {
    for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy']) {
      const changed = mutated('stateful', (resources) => {
        const [, lake] = Object.entries(resources).find(([id]) => /^Lake[0-9A-F]{8}$/.test(id)) ?? [];
        Object.assign(lake ?? {}, { [policy]: 'Delete' });
      });

      expect(judges.wouldBeLost(changed), policy).toEqual(['Lake']);
    }
  });

  it('a log for ever and a function without bounds are found', () => {
    const changed = mutated('stateless', (resources) => {
      delete propertiesOf(resources, 'LandingLandLog').RetentionInDays;
      delete propertiesOf(resources, 'LandingLandFunction').ReservedConcurrentExecutions;
    });

    expect(judges.neverTidied(changed)).toEqual(['LandingLandLog']);
    expect(judges.unbounded(changed)).toEqual(['LandingLandFunction']);
  });
});

describe('mutations of a right', () => {
  it('a collector that reads the whole lake is found', () => {
    const wish = (action: string, resource: string) => ({ action, resource, context: {} });
    const raw = wish('s3:GetObject', 'arn:aws:s3:::Lake/lake/raw/items/1.parquet');
    const changed = mutated('stateless', (resources) => {
      const { PolicyDocument } = propertiesOf(resources, 'CollectorCollectRoleDefaultPolicy');
      const [, reading] = (PolicyDocument as unknown as { Statement: Json[] }).Statement;
      Object.assign(reading ?? {}, { Resource: 'arn:aws:s3:::Lake/*' });
    });

    expect(isAllowed(resolved.policiesOf('CollectorCollectRole'), raw)).toBe(false);
    expect(isAllowed(changed.policiesOf('CollectorCollectRole'), raw)).toBe(true);
  });
});

describe('what an operator chooses', () => {
  it('ends data when it is told to, and not otherwise', () => {
    const chosen = synthesised(
      'deploy: { retention: { raw_days: 400, identities_days: 100, imported_days: 3 } }',
    );
    const rules = (of: typeof templates, name: string) => {
      const bucket = new Resolved(of).resources('AWS::S3::Bucket').find((one) => one.name === name);
      const { Rules } = (bucket?.Properties.LifecycleConfiguration ?? { Rules: [] }) as {
        Rules: { Prefix?: string; ExpirationInDays?: number }[];
      };
      return Rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined).map(
        ({ Prefix = '', ExpirationInDays }) => `${Prefix} ${ExpirationInDays}`,
      );
    };

    expect(rules(templates, 'Lake')).toEqual(['imported/ 30']);
    expect(rules(templates, 'Identities')).toEqual([]);
    expect(rules(chosen.templates, 'Lake')).toEqual(['lake/ 400', 'imported/ 3']);
    expect(rules(chosen.templates, 'Identities')).toEqual([' 100']);
  });

  it('takes its data along only when keep_data is false', () => {
    const trial = new Resolved(synthesised('deploy: { keep_data: false }').templates);

    expect(judges.wouldBeLost(trial).length).toBeGreaterThan(5);
  });

  it('gives the lake a key of its own beside the one of identities', () => {
    const { templates: withKeys } = synthesised('deploy: { encryption: kms }');
    const both = new Resolved(withKeys);

    expect(both.resources('AWS::KMS::Key').map(({ name }) => name)).toEqual(['Key', 'IdentitiesKey']);
    expect(judges.badlyEncrypted(both)).toEqual([]);
    withKeys.stateful.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' } },
      },
    });
    const collect = both.statementsOf('CollectorCollectRole').flatMap(({ Action }) => Action);
    expect(collect).toContain('kms:Decrypt');
    expect(collect).not.toContain('kms:GenerateDataKey');
    // pages lie under S3's keys, so that CloudFront can read them
    const [, pages] = both
      .resources('AWS::S3::Bucket')
      .filter(({ name }) => /^(Lake|Dashboards)$/.test(name));
    expect(JSON.stringify(pages?.Properties.BucketEncryption)).toContain('AES256');
  });

  it('reserves nothing in an account whose quota is that of a new one', () => {
    const { templates: small } = synthesised('deploy: { reserve_concurrency: false, architecture: x86_64 }');

    small.stateless.allResourcesProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
      Architectures: ['x86_64'],
    });
  });
});
