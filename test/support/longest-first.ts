import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begins of names of the files that take longest, the longest first. */
const longest = [
  'relations-made',
  'relations-real',
  'cloud-run',
  'cases.athena',
  'killed-runs',
  'marts-',
  'real-crashes',
  'crash.worlds',
  'collect.faults',
  'run.faults',
  'explain',
  'lifecycle.worlds',
  'lifecycle-real',
  'one-more',
  'million',
  'planted-bugs',
];

function rankOf({ moduleId }: TestSpecification): number {
  const file = moduleId.slice(moduleId.lastIndexOf('/') + 1);
  const rank = longest.findIndex((begin) => file.startsWith(begin));
  return rank === -1 ? longest.length : rank;
}

/** Long files first: else one of them begins last, and all other workers wait for it. A fresh clone has no times to go by. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
