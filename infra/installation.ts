import { type App, Tags } from 'aws-cdk-lib';
import type { Assets } from './assets.ts';
import type { DeployConfiguration } from './configuration.ts';
import { StatefulStack } from './stacks/stateful.ts';
import { StatelessStack } from './stacks/stateless.ts';

export interface Installation {
  readonly stateful: StatefulStack;
  readonly stateless: StatelessStack;
}

/** All stacks of an installation. They name no account and no region: the credentials of whoever deploys do. */
export function addInstallation(app: App, configuration: DeployConfiguration, assets: Assets): Installation {
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
  for (const [key, value] of Object.entries({ 'dongu:installation': name, ...configuration.tags })) {
    Tags.of(app).add(key, value);
  }
  return { stateful, stateless };
}
