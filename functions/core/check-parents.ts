import { type LifecycleIssue, notOneText } from './lifecycle-issue.ts';
import type { LabelPair, LifecycleTemplate } from './lifecycle-template.ts';

/** Labels of what stages may be split from: the built-in lifecycle of the same id, and the file's own stages. */
export function parentLabels(
  template: LifecycleTemplate,
  builtIn: LifecycleTemplate | undefined,
): Readonly<Record<string, LabelPair>> {
  const stages = [...(builtIn?.stages ?? []), ...template.stages];
  const named = new Set(template.stages.map(({ parent }) => parent));
  return Object.fromEntries(stages.filter(({ id }) => named.has(id)).map(({ id, label }) => [id, label]));
}

/** A parent is known, has no parent itself, and its children are neighbours, so that they add up to one stage. */
export function parentIssues(
  template: LifecycleTemplate,
  builtIn: LifecycleTemplate | undefined,
): readonly LifecycleIssue[] {
  const { stages } = template;
  const known = [...new Set([...(builtIn?.stages ?? []), ...stages].map(({ id }) => id))];
  const parentOf = new Map(stages.map(({ id, parent }) => [id, parent]));
  const named = stages.flatMap(({ id, parent }, index) => {
    const path = ['stages', index, 'parent'];
    if (parent === undefined) {
      return [];
    }
    if (parent === id) {
      return [{ path, message: 'a stage is not split from itself: leave parent out' }];
    }
    const above = parentOf.get(parent);
    if (above !== undefined) {
      return [{ path, message: `"${parent}" is itself split from "${above}": name that one` }];
    }
    return known.includes(parent) ? [] : [{ path, message: unknownParentText(parent, known, builtIn) }];
  });
  return [...named, ...(named.length > 0 ? [] : neighbourIssues(template))];
}

function unknownParentText(
  parent: string,
  known: readonly string[],
  builtIn: LifecycleTemplate | undefined,
): string {
  const where = builtIn ? 'the built-in lifecycle or of this file' : 'this file';
  return notOneText(`stage of ${where}`, parent, known);
}

function neighbourIssues({ stages }: LifecycleTemplate): readonly LifecycleIssue[] {
  const family = stages.map(({ id, parent }) => parent ?? id);
  return family.flatMap((name, index) => {
    const before = family.lastIndexOf(name, index - 1);
    if (index === 0 || before === -1 || before === index - 1) {
      return [];
    }
    const key = stages[index]?.parent === undefined ? 'id' : 'parent';
    const between = stages.slice(before + 1, index).map(({ id }) => `"${id}"`);
    const message = `the parts of "${name}" are neighbours in rank, but ${between.join(', ')} stands between`;
    return [{ path: ['stages', index, key], message }];
  });
}
