// What the stateless stack hands to whoever builds the runs: infra/constructs/runs.ts.
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Assets } from '../assets.ts';
import type { DeployConfiguration } from '../configuration.ts';
import type { Place } from './rights.ts';

export interface RunsProps {
  /** `timeZone`, `runs.schedule`, `runs.engine`, retention, architecture. */
  readonly configuration: DeployConfiguration;
  readonly assets: Assets;
  readonly duckdbLayer: LayerVersion;
  /** lake/…, runs/…, keys/…, inbox/…; identities are not in it, and a run has no right to them. */
  readonly lake: Place;
  /** Batches are merged with theirs: by a function of its own. */
  readonly identities: Place;
  /** Holds dashboards/… as a home does. */
  readonly dashboards: Place;
  /** What Athena answers. */
  readonly results: Place;
  /** Where readers find views; a run makes databases of its own beside it, NAME_run_… */
  readonly database: CfnDatabase;
  /** `database`'s name. */
  readonly databaseName: string;
  readonly workgroup: CfnWorkGroup;
  readonly workgroupName: string;
}
