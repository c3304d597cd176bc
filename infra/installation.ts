import { type App, Tags } from 'aws-cdk-lib';
import { acknowledgeFindings } from './acknowledgements.ts';
import type { Assets } from './assets.ts';
import type { DeployConfiguration } from './configuration.ts';
import { EdgeStack } from './stacks/edge.ts';
import { OperationsStack } from './stacks/operations.ts';
import { StatefulStack } from './stacks/stateful.ts';
import { StatelessStack } from './stacks/stateless.ts';

export interface Installation {
  readonly stateful: StatefulStack;
  readonly stateless: StatelessStack;
  readonly edge: EdgeStack;
  readonly operations: OperationsStack;
}

export interface InstallationOptions {
  /**
   * Whether findings of rules that stay are acknowledged; a test looks at them without.
   *
   * @default true
   */
  readonly acknowledges?: boolean;
}

/** All stacks of an installation. They name no account and no region: the credentials of whoever deploys do. */
export function addInstallation(
  app: App,
  configuration: DeployConfiguration,
  assets: Assets,
  { acknowledges = true }: InstallationOptions = {},
): Installation {
  const { name } = configuration;
  const stateful = new StatefulStack(app, `${name}-stateful`, {
    description: 'Döngü: what it knows',
    configuration,
  });
  const stateless = new StatelessStack(app, `${name}-stateless`, {
    description: 'Döngü: what it does',
    configuration,
    assets,
    stateful,
  });
  const edge = new EdgeStack(app, `${name}-edge`, {
    description: 'Döngü: its pages for readers',
    configuration,
    dashboards: stateful.dashboards.bucket,
  });
  const operations = new OperationsStack(app, `${name}-operations`, {
    description: 'Döngü: what its operator is told',
    configuration,
    stateful,
    stateless,
  });
  for (const [key, value] of Object.entries({ 'dongu:installation': name, ...configuration.tags })) {
    Tags.of(app).add(key, value);
  }
  const installation = { stateful, stateless, edge, operations };
  if (acknowledges) {
    acknowledgeFindings(installation);
  }
  return installation;
}
