import { readFileSync } from 'node:fs';
import type { Scores, Seeds, SourceLine } from './types.ts';
import { groupBy } from './values.ts';

type SeedRow = Readonly<Record<string, string>>;

/** The seed files of the project, read as data: the oracle computes with them by its own means. */
export function readSeeds(): Seeds {
  const read = (name: string) =>
    readFileSync(new URL(`../../sql/seeds/${name}.csv`, import.meta.url), 'utf8');
  return seedsFrom({
    channels: read('channels'),
    marketingChannelRules: read('marketing_channel_rules'),
    rfmSegments: read('rfm_segments'),
  });
}

export function seedsFrom(texts: {
  readonly channels: string;
  readonly marketingChannelRules: string;
  readonly rfmSegments: string;
}): Seeds {
  const kinds = new Map(
    rowsOf(texts.channels, ['channel', 'visit_kind']).map((row) => [row.channel, row.visit_kind]),
  );
  const rules = rulesOf(texts.marketingChannelRules);
  const segments = rowsOf(texts.rfmSegments, [
    'recency_score',
    'frequency_score',
    'monetary_score',
    'segment',
  ]);
  return {
    visitKindOf: (channel) => kinds.get(channel),
    marketingChannelOf: (values) =>
      rules.find((rule) => rule.conditions.every((condition) => holds(condition, values)))
        ?.marketingChannel ?? 'direct',
    segmentOf: (scores) => segmentOf(scores, segments),
  };
}

type Rule = { readonly marketingChannel: string; readonly conditions: readonly SeedRow[] };

/** All lines with one rule_number are the conditions of one rule; the lowest number that holds decides. */
function rulesOf(text: string): Rule[] {
  const lines = rowsOf(text, ['rule_number', 'marketing_channel', 'field', 'operator', 'value']);
  return [...groupBy(lines, (line) => line.rule_number ?? '')]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, conditions]) => ({ marketingChannel: conditions[0]?.marketing_channel ?? '', conditions }));
}

/** Texts are compared in lower case; a value may name several, set apart by `|`. */
function holds(condition: SeedRow, values: SourceLine): boolean {
  const text = fieldOf(condition.field ?? '', values);
  if (text === null) return false;
  const wanted = (condition.value ?? '').toLowerCase().split('|');
  switch (condition.operator) {
    case 'present':
      return true;
    case 'is':
      return wanted.includes(text.toLowerCase());
    case 'contains':
      return wanted.some((part) => text.toLowerCase().includes(part));
    default:
      throw new Error(`marketing_channel_rules.csv: unknown operator "${condition.operator}"`);
  }
}

/** A column of the touchpoint, else a key of its properties. */
function fieldOf(field: string, values: SourceLine): string | null {
  if (field in values) return values[field as keyof SourceLine];
  const properties: unknown = JSON.parse(values.properties ?? '{}');
  const value = (properties as Record<string, unknown>)[field];
  return value === undefined || value === null ? null : String(value);
}

/** The first line whose scores hold; an empty cell is any score, `2-3` a range. */
function segmentOf(scores: Scores, segments: readonly SeedRow[]): string {
  const isIn = (score: number, cell: string | undefined) => {
    const [least, most] = (cell ?? '').split('-');
    return !least || (score >= Number(least) && score <= Number(most ?? least));
  };
  const found = segments.find(
    (row) =>
      isIn(scores.recencyScore, row.recency_score) &&
      isIn(scores.frequencyScore, row.frequency_score) &&
      isIn(scores.monetaryScore, row.monetary_score),
  );
  if (found?.segment === undefined) {
    throw new Error(`rfm_segments.csv: no segment for ${JSON.stringify(scores)}; add a line for it`);
  }
  return found.segment;
}

function rowsOf(text: string, columns: readonly string[]): SeedRow[] {
  const [header = [], ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(cellsOf);
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new Error(`seed file with ${header.join(', ')}: the oracle also needs ${missing.join(', ')}`);
  }
  return lines.map((cells) =>
    Object.fromEntries(header.map((column, place) => [column, cells[place] ?? ''])),
  );
}

function cellsOf(line: string): string[] {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
