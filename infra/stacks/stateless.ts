import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Assets, lambdaArchitecture } from '../assets.ts';
import type { DeployConfiguration } from '../configuration.ts';
import { Collector } from '../constructs/collector.ts';
import { Landing } from '../constructs/landing.ts';
import { Runs } from '../constructs/runs.ts';
import type { RunsProps } from '../constructs/runs-props.ts';
import type { StatefulStack } from './stateful.ts';

export interface StatelessStackProps extends StackProps {
  readonly configuration: DeployConfiguration;
  readonly assets: Assets;
  readonly stateful: StatefulStack;
}

/** What an installation does. Nothing in it is missed when it is deployed anew. */
export class StatelessStack extends Stack {
  readonly landing: Landing;
  readonly collector: Collector;
  readonly runs: Runs;

  constructor(scope: Construct, id: string, props: StatelessStackProps) {
    super(scope, id, props);
    const { configuration, assets, stateful } = props;
    const { lake, identities, identityKeyArn } = stateful;
    const duckdbLayer = new LayerVersion(this, 'DuckDB', {
      description: 'DuckDB for Node',
      code: assets.duckdbLayer(),
      compatibleArchitectures: [lambdaArchitecture(configuration)],
    });
    this.landing = new Landing(this, 'Landing', {
      configuration,
      assets,
      duckdbLayer,
      lake,
      identities,
      identityKeyArn,
    });
    this.collector = new Collector(this, 'Collector', {
      configuration,
      assets,
      lake,
      queue: this.landing.queue,
    });
    this.runs = new Runs(this, 'Runs', runsProps(props, duckdbLayer));

    new CfnOutput(this, 'CollectorAddress', { value: this.collector.address });
    new CfnOutput(this, 'QueueAddress', { value: this.landing.queue.queueUrl });
    new CfnOutput(this, 'RunMachine', { value: this.runs.machine.stateMachineArn });
  }
}

const runsProps = (
  { configuration, assets, stateful }: StatelessStackProps,
  duckdbLayer: LayerVersion,
): RunsProps => ({
  configuration,
  assets,
  duckdbLayer,
  lake: stateful.lake,
  identities: stateful.identities,
  dashboards: stateful.dashboards,
  results: stateful.results,
  database: stateful.database,
  databaseName: stateful.databaseName,
  workgroup: stateful.workgroup,
  workgroupName: stateful.workgroupName,
});
