import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { AssemblyStack, TemplateResource } from './assembly.ts';
import type { Installation } from './installation.ts';
import type { FunctionCode } from './runtime-client.ts';

interface Parts {
  readonly assembly: string;
  readonly stacks: readonly AssemblyStack[];
}

/** A deployed function: the assets of the assembly, and what its deployment has made of its environment. */
export async function functionCode(
  installation: Installation,
  name: string,
  { assembly, stacks }: Parts,
): Promise<FunctionCode> {
  const { Environment, Handler, MemorySize, Timeout } = await new LambdaClient(installation.aws).send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  const deployed = installation.resources.find(({ physicalId }) => physicalId === name);
  const resources = stacks.find((stack) => stack.name === deployed?.stack)?.template.Resources ?? {};
  const found = resources[deployed?.logicalId ?? ''];
  if (found === undefined) throw new Error(`no template has the function ${name}`);
  const [layer] = (found.Properties?.Layers ?? []) as readonly { readonly Ref: string }[];
  const { endpoint, region, credentials } = installation.aws;
  return {
    name,
    folder: join(assembly, assetOf(found)),
    handler: Handler ?? '',
    memoryMegabytes: MemorySize ?? 0,
    timeoutSeconds: Timeout ?? 0,
    environment: {
      ...Environment?.Variables,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpoint,
    },
    layer: layer && join(assembly, assetOf(resources[layer.Ref])),
  };
}

function assetOf(resource: TemplateResource | undefined): string {
  const path = resource?.Metadata?.['aws:asset:path'];
  if (typeof path !== 'string') throw new Error('a resource of the template says no asset');
  return path;
}
