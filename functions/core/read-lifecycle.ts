import { parentIssues, parentLabels } from './check-parents.ts';
import { ruleIssues } from './check-rules.ts';
import { ConfigurationError } from './errors.ts';
import { keyPathText } from './key-path.ts';
import {
  type LifecycleIssue,
  type LifecycleVocabulary,
  notOneText,
  repeatedIssues,
} from './lifecycle-issue.ts';
import { type Lifecycle, LifecycleTemplate, reservedStageIds, type Stage } from './lifecycle-template.ts';
import { checkYaml, parseYaml } from './read-yaml.ts';

export interface LifecycleContext {
  readonly vocabulary: LifecycleVocabulary;
  readonly origin: Lifecycle['origin'];
  /** Of a project's own: the built-in lifecycle of the same id, whose stages may be split. */
  readonly builtIn?: LifecycleTemplate | undefined;
}

const problem = (message: string, hint: string) => new ConfigurationError(message, hint);

/** Reads a template and checks what no schema can; the error says each fault with file, key and reason. */
export function readLifecycle(text: string, file: string, context: LifecycleContext): Lifecycle {
  const { vocabulary, origin, builtIn } = context;
  const raw = parseYaml(text, file, problem);
  const template = checkYaml(raw, file, LifecycleTemplate, problem);
  const issues = [
    ...idIssues(template),
    ...template.stages.flatMap((stage, index) => stageIssues(stage, vocabulary, ['stages', index])),
    ...lastStageIssues(template),
    ...parentIssues(template, builtIn),
  ];
  if (issues.length > 0) {
    const texts = issues.map(({ path, message }) => `${keyPathText(raw, path)}: ${message}`);
    throw problem(
      `${file}: ${texts.join('; ')}`,
      'Correct the keys; docs/lifecycles.md says what each may hold.',
    );
  }
  return {
    template,
    file,
    origin,
    parentLabels: parentLabels(template, builtIn),
    ownTargets: origin === 'project' ? changedTargets(template, builtIn) : [],
  };
}

function idIssues({ stages }: LifecycleTemplate): readonly LifecycleIssue[] {
  const ids = stages.map(({ id }) => id);
  return ids.flatMap((id, index) => {
    const path = ['stages', index, 'id'];
    if (reservedStageIds.some((reserved) => reserved === id)) {
      return [{ path, message: `"${id}" is reserved: name the stage otherwise` }];
    }
    const first = ids.indexOf(id);
    return first < index ? [{ path, message: `"${id}" is already the id of stage ${first + 1}` }] : [];
  });
}

/** Stages whose target is not what the built-in lifecycle says: a target that was only copied stays a default. */
function changedTargets(
  template: LifecycleTemplate,
  builtIn: LifecycleTemplate | undefined,
): readonly string[] {
  const defaults = new Map(builtIn?.stages.map(({ id, target }) => [id, target]));
  return template.stages.flatMap(({ id, target }) => {
    const before = defaults.get(id);
    const isSame =
      target?.advance_rate === before?.advance_rate && target?.within_days === before?.within_days;
    return target && !isSame ? [id] : [];
  });
}

type NameList = readonly [key: PropertyKey, kind: string, names: readonly string[], known: readonly string[]];

function stageIssues(
  stage: Stage,
  vocabulary: LifecycleVocabulary,
  path: readonly PropertyKey[],
): readonly LifecycleIssue[] {
  const { roles, categories, phases, channels, marketingChannels, kpis } = vocabulary;
  const single = (place: readonly PropertyKey[], kind: string, name: string, known: readonly string[]) =>
    known.includes(name) ? [] : [{ path: [...path, ...place], message: notOneText(kind, name, known) }];
  const lists: readonly NameList[] = [
    ['channels', 'channel', stage.channels, channels],
    ['marketing_channels', 'marketing channel', stage.marketing_channels, marketingChannels],
    ['kpis', 'KPI, neither built (sql/kpis) nor planned (sql/seeds/known_kpis.csv)', stage.kpis, kpis],
  ];
  const supporting = stage.role?.supporting ?? [];
  return [
    ...single(['category'], 'category', stage.category, categories),
    ...single(['phase'], 'phase', stage.phase, phases),
    ...(stage.role ? single(['role', 'responsible'], 'role', stage.role.responsible, roles) : []),
    ...supporting.flatMap((role, index) => single(['role', 'supporting', index], 'role', role, roles)),
    ...repeatedIssues(supporting, [...path, 'role', 'supporting']),
    ...lists.flatMap(([key, kind, names, known]) => [
      ...names.flatMap((name, index) => single([key, index], kind, name, known)),
      ...repeatedIssues(names, [...path, key]),
    ]),
    ...ruleIssues(stage, channels, path),
  ];
}

function lastStageIssues({ stages }: LifecycleTemplate): readonly LifecycleIssue[] {
  const last = stages.length - 1;
  return stages[last]?.target
    ? [
        {
          path: ['stages', last, 'target'],
          message: 'from the last stage nobody can advance: leave target out',
        },
      ]
    : [];
}
