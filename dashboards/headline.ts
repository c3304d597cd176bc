// The sentence on top, written by rules: no adjective, no guess, only what the tiles say too.
import { formatPeriod } from '../functions/core/format/date-format.ts';
import type { View } from '../functions/core/snapshot.ts';
import { inLanguage, type PageContext } from './page-context.ts';
import {
  changeOf,
  gapText,
  type Kpi,
  type KpiPoint,
  kpiValueText,
  lastComplete,
  readKpis,
  targetOf,
} from './views/kpi.ts';

/** What the sentence tells of, where it exists; otherwise the first three tiles. */
const wanted = ['customer_retention_rate', 'net_revenue', 'orders'];
const countParts = 3;

interface Told {
  readonly kpi: Kpi;
  readonly point: KpiPoint;
}

function chooseKpis(kpis: readonly Kpi[]): readonly Told[] {
  const known = kpis.flatMap((kpi): Told[] => {
    const point = lastComplete(kpi);
    return point && point.value !== null ? [{ kpi, point }] : [];
  });
  const byName = wanted.flatMap((id) => known.filter(({ kpi }) => kpi.id === id));
  const chosen = byName.length > 0 ? byName : known.slice(0, countParts);
  const newest = chosen
    .map(({ point }) => point.periodStart)
    .sort()
    .at(-1);
  return chosen.filter(({ point }) => point.periodStart === newest);
}

/** "Müşteri elde tutma oranı (CRR)" inside a sentence: no abbreviation in brackets, small first letter. */
function nameInSentence(kpi: Kpi, context: PageContext): string {
  const label = inLanguage(kpi.label, context).replace(/\s*\([^)]*\)$/, '');
  const [first = '', second = ''] = label;
  const isAbbreviation = second !== second.toLocaleLowerCase(context.language);
  return isAbbreviation ? label : first.toLocaleLowerCase(context.language) + label.slice(first.length);
}

function targetPhrase({ kpi, point }: Told, context: PageContext): string | null {
  const against = targetOf(kpi, point);
  if (!against) return null;
  if (against.isEqual) {
    return point.isDefaultTarget ? context.text.headlineOnDefaultTarget : context.text.headlineOnTarget;
  }
  if (against.target === 0 && kpi.unit !== 'ratio' && kpi.unit !== 'score') return null;
  return context.text.headlineTarget(
    gapText(against.gap, against.target, kpi.unit, context),
    against.gap < 0,
    point.isDefaultTarget,
  );
}

function changePhrase({ kpi, point }: Told, context: PageContext): string | null {
  const change = changeOf(kpi, point, context);
  if (typeof change === 'string') return null;
  if (change.direction === 'none') return context.text.headlineNoChange(kpi.grain);
  return context.text.headlineChange(change.text, change.direction === 'up', kpi.grain);
}

export function headline(view: View | undefined, context: PageContext): string {
  const told = view ? chooseKpis(readKpis(view)) : [];
  const [first] = told;
  if (!first) return context.text.headlineEmpty;
  const parts = told.map((one) => {
    const named = `${nameInSentence(one.kpi, context)} ${kpiValueText(one.point.value, one.kpi.unit, context)}`;
    const phrase = targetPhrase(one, context) ?? changePhrase(one, context);
    return phrase === null ? named : `${named}, ${phrase}`;
  });
  const period = formatPeriod(first.point.periodStart, first.kpi.grain, context.language);
  return context.text.headline(period, parts.join('; '));
}
