// The cards of one lifecycle, in the order of the questions: where they are, how that grew, how they move, where they
// are lost, and who does what.
import type { LifecycleSummary, Snapshot, View, ViewKind } from '../functions/core/snapshot.ts';
import { html, type SafeHtml } from './markup.ts';
import { inLanguage, type PageContext } from './page-context.ts';
import { type LifecyclePlace, stagePaints, titleIn } from './stages.ts';
import { viewPlace } from './views/card.ts';
import { dropoffSentence } from './views/dropoffs.ts';
import { stageDropoff } from './views/stage-dropoff.ts';
import { stageFlow } from './views/stage-flow.ts';
import { stageHistory } from './views/stage-history.ts';
import { readOccupancy, stageOccupancy } from './views/stage-occupancy.ts';
import { stageProfiles } from './views/stage-profiles.ts';

type StageKind = Extract<ViewKind, `stage_${string}`>;

export interface LifecycleGroup {
  readonly place: LifecyclePlace;
  readonly views: Readonly<Partial<Record<StageKind, View>>>;
}

const kinds: readonly StageKind[] = [
  'stage_occupancy',
  'stage_history',
  'stage_flow',
  'stage_dropoff',
  'stage_profiles',
];

function groupOf(lifecycle: LifecycleSummary, index: number, views: readonly View[]): LifecycleGroup {
  const mine = views.filter((view) => view.lifecycle === lifecycle.id);
  const found = kinds.flatMap((kind) => {
    const view = mine.find((candidate) => candidate.kind === kind);
    return view ? [[kind, view] as const] : [];
  });
  return {
    place: { lifecycle, paints: stagePaints(lifecycle), suffix: index === 0 ? '' : `-${index + 1}` },
    views: Object.fromEntries(found),
  };
}

/** In the order of the configuration: the first is the page's main one. */
export function lifecycleGroups({ manifest, views }: Snapshot): readonly LifecycleGroup[] {
  return manifest.lifecycles.map((lifecycle, index) => groupOf(lifecycle, index, views));
}

export function mainDropoffSentence(group: LifecycleGroup | undefined, context: PageContext): string | null {
  const view = group?.views.stage_dropoff;
  return group && view ? dropoffSentence(view, group.place, context) : null;
}

/** Two pairs of cards, then the profiles over the whole width. */
export function lifecycleCards({ place, views }: LifecycleGroup, context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const draw = (
    kind: StageKind,
    anchor: string,
    title: string,
    span: string,
    drawView: (view: View) => SafeHtml,
  ): SafeHtml | null =>
    viewPlace(
      views[kind],
      {
        id: `${kind}.${place.lifecycle.id}`,
        anchor: `${anchor}${place.suffix}`,
        title: titleIn(place, title, context),
        span,
      },
      drawView,
      context,
    );
  const occupancy = views.stage_occupancy ? readOccupancy(views.stage_occupancy, place) : null;
  return html`<div class="grid group">${draw('stage_occupancy', 'occupancy', text.occupancyQuestion, 'span-5', (view) => stageOccupancy(view, 'span-5', place, context))}${draw('stage_history', 'history', text.historyQuestion, 'span-7', (view) => stageHistory(view, 'span-7', place, context))}</div>
<div class="grid group">${draw('stage_flow', 'flow', text.flowQuestion, 'span-7', (view) => stageFlow(view, 'span-7', place, context))}${draw('stage_dropoff', 'dropoff', text.dropoffQuestion, 'span-5', (view) => stageDropoff(view, 'span-5', place, context))}</div>
<div class="grid group">${draw('stage_profiles', 'profiles', text.profilesQuestion, 'span-12', (view) => stageProfiles(view, 'span-12', place, occupancy, context))}</div>`;
}

/** A lifecycle after the first, under its name. */
export function furtherLifecycle(group: LifecycleGroup, context: PageContext): SafeHtml {
  const { lifecycle, suffix } = group.place;
  return html`<h2 class="lifecycle-head" id="lifecycle${suffix}">${inLanguage(lifecycle.label, context)}</h2>${lifecycleCards(group, context)}`;
}

/** Where to find which lifecycle; nothing to find with one. */
export function lifecycleList(groups: readonly LifecycleGroup[], context: PageContext): SafeHtml | null {
  if (groups.length < 2) return null;
  return html`<nav class="lifecycle-list" aria-label="${context.text.stages.lifecycles}">${context.text.stages.lifecycles}:${groups.map(
    ({ place }, index) =>
      html` <a href="#${index === 0 ? 'occupancy' : `lifecycle${place.suffix}`}">${inLanguage(place.lifecycle.label, context)}</a>`,
  )}</nav>`;
}
