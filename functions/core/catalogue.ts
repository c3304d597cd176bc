import type { FactDefinition } from './fact-definition.ts';
import type { Kpi } from './kpi-definition.ts';
import type { Lifecycle } from './lifecycle-template.ts';
import type { InputDefinition, Model } from './model-definition.ts';

/** Everything that decides what a run computes, besides the lake. */
export interface Catalogue {
  readonly models: readonly Model[];
  readonly kpis: readonly Kpi[];
  readonly inputs: readonly InputDefinition[];
  readonly facts: Readonly<Record<string, FactDefinition>>;
  /** The lifecycles of the configuration, in its order. */
  readonly lifecycles: readonly Lifecycle[];
  /** Rows of sql/seeds by input name. */
  readonly seeds: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}
