import type { Lifecycle, Sector } from './lifecycle-template.ts';

/** A sector's default target of a KPI. */
export interface DefaultTarget {
  readonly kpiId: string;
  readonly target: number;
  readonly labelTr: string;
  readonly labelEn: string;
  /** The only grain that it is meant for, if not for every one. */
  readonly grain: string | undefined;
}

export interface Project {
  readonly sector: Sector;
  readonly lifecycles: readonly Lifecycle[];
  readonly builtIn: readonly string[];
  readonly targets: readonly DefaultTarget[];
}

/** The text of a new `dongu.yaml`. Default targets stay comments: written out, they would be the project's own. */
export function projectText({ sector, lifecycles, builtIn, targets }: Project): string {
  const names = lifecycles.map(({ template }) => template.lifecycle).join(', ');
  return `# Settings of this project. docs/configuration.md describes every key; what is commented out shows a default.
reporting:
  time_zone: Europe/Istanbul   # where a day, week and month begin
  currency: TRY
  locale: tr

sector: ${sector}

# The lifecycles that run side by side. Built in: ${builtIn.join(', ')}.
# A file lifecycles/ID.yml beside this one wins over the built-in lifecycle of that id; docs/lifecycles.md.
lifecycles: [${names}]

# What makes a customer active in a period.
# activity_event: order_completed

# Campaign sources and coupons of influencers.
# influencers: []

privacy:
  minimum_group: 10            # smaller groups are hidden on pages

# Targets of KPIs. Each comment below is the default one of the sector: a plausible value to start from, none of them
# measured or published. It is called a default target until the project writes its own: take the # away and change it.
targets:
${targetLines(targets)}

# Targets of stages: the share that should advance, within so many days. The comments are the defaults of the lifecycle.
stage_targets:
${lifecycles.map(stageTargetLines).join('\n')}

# engine:
#   memory_limit: 2GB
#   threads: 2
`;
}

function targetLines(targets: readonly DefaultTarget[]): string {
  if (targets.length === 0) {
    return '  # this sector has no default targets; the KPIs that there are: sql/seeds/known_kpis.csv';
  }
  const width = Math.max(...targets.map(({ kpiId, target }) => `${kpiId}: ${target}`.length));
  return targets
    .map(({ kpiId, target, labelTr, labelEn, grain }) => {
      const meant = grain === undefined ? '' : `; for a ${grain}: your own is held against every period`;
      return `  # ${`${kpiId}: ${target}`.padEnd(width)}   # ${labelTr} / ${labelEn}${meant}`;
    })
    .join('\n');
}

function stageTargetLines({ template }: Lifecycle): string {
  const stages = template.stages.flatMap(({ id, target }) =>
    target
      ? [`  #   ${id}: { advance_rate: ${target.advance_rate}, within_days: ${target.within_days} }`]
      : [],
  );
  return [`  # ${template.lifecycle}:`, ...stages].join('\n');
}

/** A built-in lifecycle's text as the project's own file, with what one may do to it on top. */
export function ownLifecycleText(id: string, text: string): string {
  return `# A copy of the built-in lifecycle ${id}, to edit: rename stages, split one (\`parent\` keeps its history together),
# add one, change rules. While this file is here it is used instead of the built-in one. docs/lifecycles.md has every key.
${text}`;
}
