import { ConfigurationError } from './errors.ts';
import type { Lifecycle, StageTarget } from './lifecycle-template.ts';
import { unknownNameText } from './nearest-name.ts';

type StageTargets = Readonly<Record<string, Readonly<Record<string, StageTarget>>>>;

/** Puts the project's targets (`stage_targets` of dongu.yaml) in the place of the templates' default ones. */
export function withStageTargets(
  lifecycles: readonly Lifecycle[],
  targets: StageTargets,
): readonly Lifecycle[] {
  const ids = lifecycles.map(({ template }) => template.lifecycle);
  const unknown = Object.keys(targets).find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `dongu.yaml: stage_targets: the lifecycle ${unknownNameText(unknown, ids)}`,
      'Name a lifecycle of this project, or add it to `lifecycles`.',
    );
  }
  return lifecycles.map((lifecycle) => withTargets(lifecycle, targets[lifecycle.template.lifecycle] ?? {}));
}

function withTargets(lifecycle: Lifecycle, targets: StageTargets[string]): Lifecycle {
  const { template } = lifecycle;
  const ids = template.stages.map(({ id }) => id);
  for (const id of Object.keys(targets)) {
    const place = `dongu.yaml: stage_targets.${template.lifecycle}`;
    if (!ids.includes(id)) {
      throw new ConfigurationError(
        `${place}: the stage ${unknownNameText(id, ids)}`,
        `Name a stage of ${lifecycle.file}.`,
      );
    }
    if (id === ids.at(-1)) {
      throw new ConfigurationError(
        `${place}.${id}: from the last stage nobody can advance`,
        'Leave this target out.',
      );
    }
  }
  const stages = template.stages.map((stage) => ({ ...stage, target: targets[stage.id] ?? stage.target }));
  return {
    ...lifecycle,
    template: { ...template, stages },
    ownTargets: [...lifecycle.ownTargets, ...Object.keys(targets)],
  };
}
