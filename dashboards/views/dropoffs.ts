// Drop-off by stage: the rate against its target, the customers lost, and the stage that loses most.
import type { View } from '../../functions/core/snapshot.ts';
import { decimalText, type PageContext, ratioText } from '../page-context.ts';
import { type LifecyclePlace, readStage, type Stage, stageName } from '../stages.ts';
import { type RowReader, readRows } from '../view-reader.ts';

export interface Rate {
  readonly entered: number | null;
  readonly mature: number | null;
  readonly advanced: number | null;
  readonly rate: number | null;
  readonly shortfall: number | null;
}

export interface Dropoff extends Rate {
  readonly stage: Stage;
  readonly target: number | null;
  readonly isDefaultTarget: boolean;
  readonly withinDays: number;
  readonly benchmark: number | null;
  readonly benchmarkSource: string | null;
  readonly months: ReadonlyMap<string, Rate>;
}

function readRate(row: RowReader): Rate {
  return {
    entered: row.number('count_entered'),
    mature: row.number('count_mature'),
    advanced: row.number('count_advanced'),
    rate: row.number('advance_rate'),
    shortfall: row.number('count_shortfall'),
  };
}

/** In stage order; the row without a month is the stage's sum. */
export function readDropoffs(view: View, { paints }: LifecyclePlace): readonly Dropoff[] {
  const groups = Map.groupBy(readRows(view), (row) => row.label('stage_id'));
  return [...groups.values()]
    .flatMap((rows): Dropoff[] => {
      const sum = rows.find((row) => row.text('entry_month') === null);
      const stage = sum ? readStage(sum, paints) : null;
      if (!sum || !stage) return [];
      const months = rows.flatMap((row): [string, Rate][] => {
        const month = row.text('entry_month');
        return month === null ? [] : [[month, readRate(row)]];
      });
      return [
        {
          stage,
          ...readRate(sum),
          target: sum.number('target_rate'),
          isDefaultTarget: sum.text('target_source') === 'default',
          withinDays: sum.number('within_days') ?? 0,
          benchmark: sum.number('benchmark_rate'),
          benchmarkSource: sum.text('benchmark_source'),
          months: new Map(months),
        },
      ];
    })
    .sort((a, b) => a.stage.rank - b.stage.rank);
}

/** Whole customers; a part of one is nobody. The hair is what adding doubles may lose. */
export function wholeCustomers(shortfall: number): number {
  return Math.floor(shortfall + 1e-6);
}

/** Of the stages in order: the largest sum, the lower rank among equals; none where nothing is lost. */
export function mainDropoff(dropoffs: readonly Dropoff[]): Dropoff | null {
  let main: Dropoff | null = null;
  for (const dropoff of dropoffs) {
    if ((dropoff.shortfall ?? 0) > (main?.shortfall ?? 0)) main = dropoff;
  }
  return main;
}

/** In points to one decimal, as it is written. */
export function gapOf({ rate, target }: Dropoff): number | null {
  return rate === null || target === null ? null : Math.round((rate - target) * 1000) / 10;
}

export function pointsText(points: number, context: PageContext): string {
  return context.text.points(decimalText(Math.abs(points), context, 1));
}

/** One sentence, for the card and for the headline; null where no stage has both a rate and a target. */
export function dropoffSentence(view: View, place: LifecyclePlace, context: PageContext): string | null {
  const { stages: text } = context.text;
  const dropoffs = readDropoffs(view, place);
  const main = mainDropoff(dropoffs);
  if (!main) return dropoffs.some((one) => one.shortfall !== null) ? text.allTargetsMet : null;
  const gap = gapOf(main) ?? 0;
  const phrase = main.isDefaultTarget ? text.belowDefaultTarget : text.belowTarget;
  const lost = wholeCustomers(main.shortfall ?? 0);
  return text.mainDropoff(
    stageName(main.stage, context),
    ratioText(main.rate, context),
    gap < 0 ? phrase(pointsText(gap, context)) : '',
    lost > 0 ? text.lostCustomers(decimalText(lost, context, 0)) : '',
  );
}
