import { nearestName } from './nearest-name.ts';

/** A fault of a template: where, and why. */
export interface LifecycleIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Names that a template may use besides those of its own stages; all of them are data of sql/. */
export interface LifecycleVocabulary {
  /** Built or planned. */
  readonly kpis: readonly string[];
  readonly roles: readonly string[];
  readonly categories: readonly string[];
  readonly phases: readonly string[];
  readonly channels: readonly string[];
  readonly marketingChannels: readonly string[];
}

/** More names than this are not listed in a message. */
const MOST_LISTED = 40;

/** `"markting" is no role; did you mean "marketing"?` */
export function notOneText(kind: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const rest = known.length > MOST_LISTED ? '' : `; known: ${[...known].sort().join(', ')}`;
  return `"${name}" is no ${kind}${nearest ? `; did you mean "${nearest}"?` : rest}`;
}

/** Entries that stand in a list for the second time. */
export function repeatedIssues(
  list: readonly unknown[],
  path: readonly PropertyKey[],
): readonly LifecycleIssue[] {
  return list.flatMap((entry, index) =>
    list.indexOf(entry) < index ? [{ path: [...path, index], message: `"${entry}" is named twice` }] : [],
  );
}
