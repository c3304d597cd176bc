import { loadKpis } from '../../adapters/model-files.ts';
import { readSeed } from '../../adapters/project-files.ts';
import { ConfigurationError } from '../../core/errors.ts';
import { kpiPage, type ListedKpi, listKpis } from '../../core/kpi-list.ts';
import { unknownNameText } from '../../core/nearest-name.ts';
import { csvText, tableText } from '../print-table.ts';

export const kpiFormats = ['table', 'csv', 'markdown'] as const;

/** Lists every KPI, built or planned, or tells all about one. Needs no home: it is about the program. */
export async function kpisCommand(
  name: string | undefined,
  { format }: { readonly format: (typeof kpiFormats)[number] },
): Promise<void> {
  const kpis = listKpis(await readSeed('known_kpis'), await loadKpis());
  if (name !== undefined) {
    process.stdout.write(`${aboutText(kpiNamed(name, kpis))}\n`);
    return;
  }
  if (format === 'markdown') {
    process.stdout.write(kpiPage(kpis));
    return;
  }
  const rows = kpis.map(({ kpi, state, labelTr, labelEn, unit, better }) => ({
    kpi,
    state,
    unit,
    better,
    tr: labelTr,
    en: labelEn,
  }));
  const write = format === 'csv' ? csvText : tableText;
  process.stdout.write(`${write(['kpi', 'state', 'unit', 'better', 'tr', 'en'], rows)}\n`);
}

function kpiNamed(name: string, kpis: readonly ListedKpi[]): ListedKpi {
  const found = kpis.find(({ kpi }) => kpi === name);
  if (!found) {
    const known = kpis.map(({ kpi }) => kpi);
    throw new ConfigurationError(`the KPI ${unknownNameText(name, known)}`, 'dongu kpis lists them.');
  }
  return found;
}

function aboutText({ kpi, state, labelTr, labelEn, unit, better, definition }: ListedKpi): string {
  const lines: readonly (readonly [string, string])[] = [
    ['label', `${labelTr} / ${labelEn}`],
    ['unit', unit],
    ['better', better],
    ...(definition
      ? ([
          ['formula', definition.formula],
          ['tr', definition.definition.tr],
          ['en', definition.definition.en],
          ['source', definition.source],
          ['version', String(definition.version)],
          ['SQL', `sql/kpis/${kpi}.sql`],
        ] as const)
      : []),
  ];
  return [`${kpi} (${state})`, ...lines.map(([key, text]) => `  ${key.padEnd(8)} ${text}`)].join('\n');
}
