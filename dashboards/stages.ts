// How a page knows a stage: its name, its number, and its colour, the same in every card.
import type { LifecycleSummary, LocalisedText, StageSummary } from '../functions/core/snapshot.ts';
import { html, type SafeHtml, svg } from './markup.ts';
import type { PageContext } from './page-context.ts';
import type { RowReader } from './view-reader.ts';

const stageColours = 6;
export const hatchId = 'stage-hatch';

export interface StagePaint {
  readonly className: string;
  /** Beyond six colours, or split from a stage: the colour is another's too, so it is pale and hatched. */
  readonly isExtra: boolean;
}

/** A stage of a card; rank 0 is lapsed. */
export interface Stage {
  readonly id: string;
  readonly rank: number;
  readonly label: LocalisedText;
  readonly paint: StagePaint;
}

const lapsedPaint: StagePaint = { className: 'st-lapsed', isExtra: false };

/** Stages split from one stage stand together for it; each other stage stands for itself. */
function groupsOf(stages: readonly StageSummary[]): readonly string[] {
  return [...new Set(stages.map((stage) => stage.parent ?? stage.id))];
}

/**
 * By the stage's place among the unsplit stages: the six colours in order, or with more than six the nearest by
 * place ÷ number. Who comes second to a colour is extra.
 */
export function stagePaints(lifecycle: LifecycleSummary): ReadonlyMap<string, StagePaint> {
  const stages = lifecycle.stages.toSorted((a, b) => a.order - b.order);
  const groups = groupsOf(stages);
  const taken = new Set<number>();
  return new Map(
    stages.map((stage) => {
      const place = groups.indexOf(stage.parent ?? stage.id) + 1;
      const colour =
        groups.length <= stageColours ? place : Math.ceil((place / groups.length) * stageColours);
      const isExtra = taken.has(colour);
      taken.add(colour);
      return [stage.id, { className: `st${colour}`, isExtra }];
    }),
  );
}

/** Reads the stage of a row; null where the row stands for all stages together. */
export function readStage(
  row: RowReader,
  paints: ReadonlyMap<string, StagePaint>,
  prefix: '' | 'from_' | 'to_' = '',
): Stage | null {
  const id = row.text(`${prefix}stage_id`);
  const rank = row.number(prefix === '' ? 'stage_rank' : `${prefix}rank`);
  if (id === null || rank === null) return null;
  return {
    id,
    rank,
    label: { tr: row.label(`${prefix}label_tr`), en: row.label(`${prefix}label_en`) },
    paint: paints.get(id) ?? lapsedPaint,
  };
}

/** In stage order, lapsed last. */
export function byRank(a: Stage, b: Stage): number {
  return (a.rank || Number.MAX_SAFE_INTEGER) - (b.rank || Number.MAX_SAFE_INTEGER);
}

/** A shape in a stage's colour; `box` are the attributes of a rectangle. */
export function stageRect(paint: StagePaint, box: SafeHtml): SafeHtml {
  return svg`<rect class="${paint.className}${paint.isExtra && ' extra'}" ${box}/>${
    paint.isExtra && svg`<rect fill="url(#${hatchId})" ${box}/>`
  }`;
}

export function stageSwatch(paint: StagePaint): SafeHtml {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">${stageRect(paint, svg`width="12" height="12" rx="2"`)}</svg>`;
}

/** The patterns that every drawing of stages refers to, once a page. */
export function stagePatterns(): SafeHtml {
  return html`<svg class="visually-hidden" width="0" height="0" aria-hidden="true"><defs><pattern id="${hatchId}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-line" width="2" height="5"/></pattern></defs></svg>`;
}

export function stageName(stage: Stage, context: PageContext): string {
  return stage.label[context.language];
}

/** A part of a page that is there once for each lifecycle: ids of the second one end in `-2`. */
export interface LifecyclePlace {
  readonly lifecycle: LifecycleSummary;
  readonly paints: ReadonlyMap<string, StagePaint>;
  readonly suffix: string;
}

/** The title of a card: of a lifecycle after the first with its name, because the page has another card so titled. */
export function titleIn({ lifecycle, suffix }: LifecyclePlace, title: string, context: PageContext): string {
  return suffix === '' ? title : `${title} · ${lifecycle.label[context.language]}`;
}
