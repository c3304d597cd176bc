import { readFileSync } from 'node:fs';
import type { Scores, Seeds, SourceLine } from './types.ts';

type SeedRow = Readonly<Record<string, string>>;

/** The seed files of the project, read as data: the oracle computes with them by its own means. */
export function readSeeds(): Seeds {
  const read = (name: string) =>
    readFileSync(new URL(`../../sql/seeds/${name}.csv`, import.meta.url), 'utf8');
  return seedsFrom({
    channels: read('channels'),
    eventVisitKinds: read('event_visit_kinds'),
    marketingChannelRules: read('marketing_channel_rules'),
    rfmSegments: read('rfm_segment_map'),
  });
}

export function seedsFrom(texts: {
  readonly channels: string;
  readonly eventVisitKinds: string;
  readonly marketingChannelRules: string;
  readonly rfmSegments: string;
}): Seeds {
  const kinds = visitKindsBy('channel', texts.channels);
  const kindsOfEvents = visitKindsBy('event', texts.eventVisitKinds);
  const rules = rulesOf(texts.marketingChannelRules);
  const segments = rowsOf(texts.rfmSegments, ['recency_score', 'frequency_score', 'segment']);
  return {
    visitKindOf: (channel) => kinds.get(channel),
    visitKindOfEvent: (event) => kindsOfEvents.get(event),
    marketingChannelOf: (values) =>
      rules.find((rule) => holds(rule.conditions, values))?.marketingChannel ?? 'direct',
    segmentOf: (scores) => segmentOf(scores, segments),
  };
}

function visitKindsBy(column: string, text: string): Map<string | undefined, string | undefined> {
  return new Map(rowsOf(text, [column, 'visit_kind']).map((row) => [row[column], row.visit_kind]));
}

type Rule = { readonly marketingChannel: string; readonly conditions: SeedRow };

/** The lowest number of which all conditions hold decides. */
function rulesOf(text: string): Rule[] {
  return rowsOf(text, ['rule_number', 'marketing_channel', 'channel', 'event'])
    .toSorted((a, b) => Number(a.rule_number) - Number(b.rule_number))
    .map((row) => ({ marketingChannel: row.marketing_channel ?? '', conditions: row }));
}

/** What each pattern column of the rules looks at; all in lower case, nothing known is the empty text. */
const patternFields: Readonly<Record<string, (values: SourceLine) => string>> = {
  medium_pattern: (values) => values.campaign_medium ?? '',
  source_pattern: (values) => values.campaign_source ?? '',
  campaign_pattern: (values) => values.campaign_name ?? '',
  referrer_pattern: (values) => outsideHost(values),
  click_id_pattern: (values) => propertyOf('click_id_type', values) ?? '',
};

function holds(rule: SeedRow, values: SourceLine): boolean {
  const patterns = Object.entries(patternFields).every(([column, field]) => {
    const pattern = rule[column];
    return !pattern || new RegExp(pattern).test(field(values).toLowerCase());
  });
  const isHere = !rule.channel || values.channel === rule.channel;
  const isThis = !rule.event || values.event === rule.event;
  // no influencer is configured in a random world
  const isNeeded =
    !rule.needs || (rule.needs === 'referral_code' && propertyOf('referral_code', values) !== null);
  return patterns && isHere && isThis && isNeeded;
}

/** Host of the referring page, unless it is the host of the page itself. */
function outsideHost(values: SourceLine): string {
  const host = (key: string) => /^[a-z]+:\/\/([^/?#:]+)/.exec(propertyOf(key, values) ?? '')?.[1] ?? '';
  return host('referrer') === host('url') ? '' : host('referrer');
}

function propertyOf(field: string, values: SourceLine): string | null {
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
