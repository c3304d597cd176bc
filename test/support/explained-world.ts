import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { loadInputs, loadModelTexts } from '../../functions/adapters/model-files.ts';
import type { Explanation } from '../../functions/core/explain/explanation.ts';
import {
  LifecycleTemplate,
  type Lifecycle as ProgramLifecycle,
} from '../../functions/core/lifecycle-template.ts';
import type { InputDefinition, ModelText } from '../../functions/core/model-definition.ts';
import { runSettingsKey } from '../../functions/core/run-settings.ts';
import { explainCustomer } from '../../functions/use-cases/explain-customer.ts';
import { type Lifecycle, listOf } from '../oracle/lifecycle/types.ts';
import type { Relations } from '../oracle/types.ts';
import { LifecycleEngine, type LifecycleInput } from './lifecycle-engine.ts';

const RUN_ID = 'world-run';
const published = [
  'touchpoints',
  'subscription_periods',
  'orders',
  'customers',
  'stage_memberships',
  'stage_transitions',
] as const;

export interface Asked {
  readonly customerId: string;
  readonly lifecycle: string;
  readonly at: Date | undefined;
}

/** The lifecycle as the program reads it from a file; undefined for one that it would refuse. */
export function asTemplate({ lifecycle, policy, stages }: Lifecycle): LifecycleTemplate | undefined {
  const read = LifecycleTemplate.safeParse({
    lifecycle,
    policy: policy ?? 'furthest',
    label: { tr: lifecycle, en: lifecycle },
    stages: stages.map(({ id, enter, leave, hold_days }) => ({
      id,
      label: { tr: id, en: id },
      category: 'customer',
      phase: 'value_creation',
      enter: listOf(enter),
      ...(leave === undefined ? {} : { leave: listOf(leave) }),
      ...(hold_days === undefined || hold_days === null ? {} : { hold_days }),
    })),
  });
  return read.success ? read.data : undefined;
}

/** Random worlds, built by the project's models and published to a file, of which customers are then explained. */
export class ExplainedWorld {
  readonly #folder: string;
  readonly #engine: LifecycleEngine;
  readonly #texts: { readonly models: readonly ModelText[]; readonly inputs: readonly InputDefinition[] };
  #configured: readonly ProgramLifecycle[] = [];

  private constructor(
    folder: string,
    engine: LifecycleEngine,
    texts: { readonly models: readonly ModelText[]; readonly inputs: readonly InputDefinition[] },
  ) {
    this.#folder = folder;
    this.#engine = engine;
    this.#texts = texts;
  }

  static async open(): Promise<ExplainedWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'dongu-explained-'));
    const [engine, models, inputs] = await Promise.all([
      LifecycleEngine.open(undefined, ['stage_memberships', 'stage_transitions']),
      loadModelTexts(),
      loadInputs(),
    ]);
    return new ExplainedWorld(folder, engine, { models, inputs });
  }

  /** Builds and publishes; answers the marts. */
  async publish(input: LifecycleInput, templates: readonly LifecycleTemplate[]): Promise<Relations> {
    const relations = await this.#engine.relations(input);
    await this.#engine.publish(join(this.#folder, 'warehouse.duckdb'), published, RUN_ID);
    const settings = {
      schema: 'dongu.run-settings/1',
      run_id: RUN_ID,
      as_of: new Date(input.run.asOf).toISOString(),
      time_zone: input.run.timeZone,
      currency: 'TRY',
      lifecycles: templates,
    };
    await new FolderObjectStore(this.#folder).putText(runSettingsKey(RUN_ID), JSON.stringify(settings));
    this.#configured = templates.map((template) => ({
      template,
      file: `${template.lifecycle}.yml`,
      origin: 'project',
      parentLabels: {},
      ownTargets: [],
    }));
    return relations;
  }

  explain({ customerId, lifecycle, at }: Asked): Promise<Explanation> {
    const settings = { memoryLimit: '1GB', threads: 1, temporaryDirectory: this.#folder };
    return explainCustomer(
      { customer: { customerId }, at, lifecycle, ...this.#texts, configured: this.#configured },
      {
        store: new FolderObjectStore(this.#folder),
        openPublished: () => DuckdbWarehouse.openBeside(settings, join(this.#folder, 'warehouse.duckdb')),
      },
    );
  }

  async close(): Promise<void> {
    await this.#engine.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
