import type { Kpi, KpiDefinition } from './kpi-definition.ts';

/** A KPI that is computed, or one that lifecycles may already name and that is not computed yet. */
export interface ListedKpi {
  readonly kpi: string;
  readonly state: 'built' | 'planned';
  readonly labelTr: string;
  readonly labelEn: string;
  readonly unit: string;
  readonly better: string;
  readonly definition: KpiDefinition | undefined;
}

type SeedRow = Readonly<Record<string, string>>;

/** Every KPI, in the order of the vocabulary (the seed `known_kpis`); those of the product's own at the end. */
export function listKpis(known: readonly SeedRow[], built: readonly Kpi[]): readonly ListedKpi[] {
  const definitions = new Map(built.map(({ definition }) => [definition.kpi, definition]));
  const named = new Set(known.map(({ kpi_id }) => kpi_id));
  const own = built.filter(({ definition }) => !named.has(definition.kpi)).map(seedRowOf);
  return [...known, ...own].map((row): ListedKpi => {
    const definition = definitions.get(row.kpi_id ?? '');
    return {
      kpi: row.kpi_id ?? '',
      state: definition ? 'built' : 'planned',
      labelTr: definition?.label.tr ?? row.label_tr ?? '',
      labelEn: definition?.label.en ?? row.label_en ?? '',
      unit: row.unit ?? '',
      better: row.better ?? '',
      definition,
    };
  });
}

const seedRowOf = ({ definition: { kpi, unit, better } }: Kpi): SeedRow => ({ kpi_id: kpi, unit, better });

/** The page docs/kpis.md, which a test holds to the catalogue. */
export function kpiPage(kpis: readonly ListedKpi[]): string {
  const built = kpis.filter(({ state }) => state === 'built');
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rowOf = ({ kpi, labelTr, labelEn, unit, better, definition }: ListedKpi): string =>
    `| \`${kpi}\` | ${[labelTr, labelEn, unit, better, definition?.formula ?? ''].map(cell).join(' | ')} |`;
  const table = (rows: readonly ListedKpi[]): string =>
    [
      '| KPI | Türkçe | English | unit | better | formula |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows.map(rowOf),
    ].join('\n');
  return `# KPIs

Made by \`npx dongu kpis --format markdown\`; edit the files in \`sql/kpis\` instead. \`npx dongu kpis NAME\` tells all about one: both definitions, formula, where the definition comes from, and the file of its SQL.

${built.length} are built, ${kpis.length - built.length} planned. All values are rows of \`kpi_values\`, by period and segment, with numerator, denominator and \`n\`; a null value has its \`null_reason\`.

## Built

${table(built)}

## Planned

Named by lifecycles and targets already; they have no values.

${table(kpis.filter(({ state }) => state === 'planned'))}
`;
}
