import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type Assets, entryHandler } from '../../assets.ts';
import { readDeployConfiguration } from '../../configuration.ts';
import { addInstallation, type Installation } from '../../installation.ts';

/** Functions whose code is of no interest here: bundling and the layer have tests of their own. */
export function blankAssets(): Assets {
  const folder = mkdtempSync(join(tmpdir(), 'dongu-blank-'));
  writeFileSync(join(folder, 'blank'), '');
  return {
    entry: (name) => ({ code: Code.fromAsset(folder), handler: entryHandler(name) }),
    duckdbLayer: () => Code.fromAsset(folder),
  };
}

export const stackNames = ['stateful', 'stateless', 'edge', 'operations'] as const;
export type StackName = (typeof stackNames)[number];

export interface Synthesised {
  readonly app: App;
  readonly installation: Installation;
  readonly templates: Readonly<Record<StackName, Template>>;
}

/** An app with the flags that the command line gives it. */
export function newApp(): App {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  return new App({ context, outdir: mkdtempSync(join(tmpdir(), 'dongu-cdk-')) });
}

/** All stacks as they are deployed, of a project whose dongu.yaml says this. */
export function synthesised(yaml = ''): Synthesised {
  const app = newApp();
  const installation = addInstallation(app, readDeployConfiguration(yaml, 'dongu.yaml'), blankAssets());
  const templates = Object.fromEntries(
    stackNames.map((name) => [name, Template.fromStack(installation[name])]),
  ) as Record<StackName, Template>;
  return { app, installation, templates };
}
