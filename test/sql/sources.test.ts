import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const Column = z.strictObject({
  required: z.boolean().optional(),
  description: z.string().min(3),
  example: z.string(),
});

const Source = z.strictObject({
  source: z.string(),
  version: z.int().positive(),
  description: z.string().min(3),
  format: z.enum(['csv', 'ndjson', 'parquet']),
  delimiter: z.string().optional(),
  header: z.boolean().optional(),
  encoding: z.enum(['utf-8', 'latin-1']),
  time_zone: z.string(),
  country: z.string().length(2).optional(),
  currency: z.string().length(3).optional(),
  lawful_basis: z.enum(['contract', 'legal_obligation', 'legitimate_interest', 'consent']),
  columns: z.record(z.string(), Column),
  personal: z.record(z.string(), z.enum(['email', 'phone', 'name', 'address', 'text', 'removed'])),
  key: z.array(z.string()).optional(),
  yields: z.array(z.string()).nonempty(),
});

const Fact = z.strictObject({
  fact: z.string(),
  description: z.string().min(3),
  columns: z.record(
    z.string(),
    z.strictObject({
      type: z.enum([
        'varchar',
        'date',
        'timestamp',
        'decimal(18,2)',
        'decimal(18,8)',
        'bigint',
        'double',
        'boolean',
      ]),
      required: z.boolean().optional(),
      description: z.string().min(3),
    }),
  ),
  key: z.array(z.string()).nonempty(),
});

const namesIn = (folder: string): string[] =>
  readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => file.slice(0, -'.yml'.length));

/** Enough CSV for the seeds and examples: quotes, doubled quotes, no line breaks inside fields. */
const fieldsOf = (line: string): string[] =>
  Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );

const rowsOf = (path: string): Record<string, string>[] => {
  const [header = '', ...lines] = read(path).trimEnd().split('\n');
  const names = fieldsOf(header);
  return lines.map((line) => {
    const fields = fieldsOf(line);
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  });
};

const sources = namesIn('sql/sources').map((name) => ({
  name,
  source: Source.parse(parse(read(`sql/sources/${name}.yml`))),
}));
const facts = namesIn('sql/facts').map((name) => ({
  name,
  fact: Fact.parse(parse(read(`sql/facts/${name}.yml`))),
}));
const documentation = read('docs/sources.md');
const sectionOf = (name: string): string =>
  documentation.split(/^## /m).find((section) => section.startsWith(`${name}\n`)) ?? '';

describe.each(sources)('source $name', ({ name, source }) => {
  it('is named like its file', () => {
    expect(source.source).toBe(name);
  });

  it('has one select for each yield, over source_rows', () => {
    const files =
      source.yields.length === 1 ? [`${name}.sql`] : source.yields.map((yielded) => `${name}.${yielded}.sql`);

    for (const file of files) {
      expect(read(`sql/sources/${file}`)).toMatch(/^(select|with)\b[\s\S]*\bfrom source_rows\b/);
    }
  });

  it('yields touchpoints or a known fact', () => {
    const known = ['touchpoints', ...facts.map((fact) => fact.name)];

    expect(known).toEqual(expect.arrayContaining(source.yields));
  });

  it('has its columns in the documentation, and no other', () => {
    const documented = Array.from(sectionOf(name).matchAll(/^\| `([^`]+)`(\*?) \|/gm))
      .map(([, column = '', star]) => ({ column, required: star === '*' }))
      .filter(({ column }) => column in source.columns || source.format === 'csv');
    const declared = Object.entries(source.columns).map(([column, { required = false }]) => ({
      column,
      required,
    }));

    expect(documented.slice(0, declared.length)).toEqual(declared);
  });

  it('names personal fields and key columns that exist', () => {
    const columns = Object.keys(source.columns);
    const personal = Object.keys(source.personal).map((path) =>
      source.format === 'ndjson' ? (path.split('.')[0] ?? '') : path,
    );

    expect(columns).toEqual(expect.arrayContaining(personal));
    expect(columns).toEqual(expect.arrayContaining(source.key ?? []));
  });

  it('treats every column that is called like a person’s field as personal', () => {
    const suspicious = Object.keys(source.columns).filter((column) =>
      /^(e_?mail|phone|full_name|address|comment|review_body)$/i.test(column),
    );

    expect(Object.keys(source.personal)).toEqual(expect.arrayContaining(suspicious));
  });

  it('has an example file with exactly its columns', () => {
    if (source.format === 'ndjson') {
      const lines = read(`sql/sources/examples/${name}.ndjson`).trimEnd().split('\n');
      const keys = lines.flatMap((line) => Object.keys(z.looseObject({}).parse(JSON.parse(line))));

      expect(Object.keys(source.columns)).toEqual(expect.arrayContaining(keys));
    } else if (source.header === false) {
      const [line = ''] = read(`sql/sources/examples/${name}.csv`).split('\n');

      expect(line.trim().split(/\s+/)).toHaveLength(Object.keys(source.columns).length);
    } else {
      const [header = ''] = read(`sql/sources/examples/${name}.csv`).split('\n');

      expect(fieldsOf(header)).toEqual(Object.keys(source.columns));
    }
  });

  it('fills the required columns of its example', () => {
    if (source.format !== 'csv' || source.header === false) return;
    const required = Object.entries(source.columns).filter(([, column]) => column.required);

    for (const row of rowsOf(`sql/sources/examples/${name}.csv`)) {
      for (const [column] of required) expect(row[column]).not.toBe('');
    }
  });

  it('keeps to reserved domains in its example', () => {
    const extension = source.format === 'ndjson' ? 'ndjson' : 'csv';
    const addresses = read(`sql/sources/examples/${name}.${extension}`).match(/@[\w.-]+/g) ?? [];

    for (const address of addresses) expect(address).toMatch(/^@example\.(com|org|net)$/);
  });
});

describe.each(facts)('fact $name', ({ name, fact }) => {
  it('is named like its file and has its key among its required or known columns', () => {
    expect(fact.fact).toBe(name);
    expect(Object.keys(fact.columns)).toEqual(expect.arrayContaining(fact.key));
  });
});

describe('channel seeds', () => {
  const channels = rowsOf('sql/seeds/channels.csv').map((row) => row.channel);
  const marketingChannels = rowsOf('sql/seeds/marketing_channels.csv');
  const rules = rowsOf('sql/seeds/marketing_channel_rules.csv');
  const patterns = ['medium', 'source', 'campaign', 'referrer', 'click_id'].map(
    (field) => `${field}_pattern`,
  );

  it('number the rules and the marketing channels from 1 without gaps', () => {
    expect(rules.map((rule) => rule.rule_number)).toEqual(rules.map((_, index) => String(index + 1)));
    expect(marketingChannels.map((row) => row.position)).toEqual(
      marketingChannels.map((_, index) => String(index + 1)),
    );
  });

  it('have a rule for every marketing channel, and only known names', () => {
    const named = new Set(rules.map((rule) => rule.marketing_channel));

    expect(named).toEqual(new Set(marketingChannels.map((row) => row.marketing_channel)));
    for (const rule of rules) expect(['', ...channels]).toContain(rule.channel);
    for (const rule of rules) {
      expect(['', 'influencer', 'referral_code']).toContain(rule.needs);
    }
  });

  it('end with direct, the only rule without a condition', () => {
    const open = rules.filter((rule) =>
      Object.entries(rule).every(
        ([name, value]) => ['rule_number', 'marketing_channel'].includes(name) || value === '',
      ),
    );

    expect(open).toEqual([rules.at(-1)]);
    expect(rules.at(-1)).toMatchObject({ marketing_channel: 'direct' });
  });

  it('use anchored lower-case patterns that RE2 and Java read alike', () => {
    const used = rules.flatMap((rule) => patterns.map((name) => rule[name] ?? '')).filter(Boolean);

    for (const pattern of used) {
      expect(pattern).toMatch(/^\^.*\$$/);
      expect(pattern).not.toMatch(/[A-Z]|\(\?|\\[^.]/);
      expect(() => new RegExp(pattern)).not.toThrow();
    }
  });
});

describe('visit kinds of events', () => {
  const kinds = rowsOf('sql/seeds/event_visit_kinds.csv');
  const events = kinds.map((row) => row.event);

  it('name each event once, in order, and never as what a visit is made of', () => {
    expect(events).toEqual([...new Set(events)].sort());
    for (const { visit_kind } of kinds) expect(visit_kind).toBe('none');
  });

  it('leave what a person does to its channel', () => {
    const ofPersons = ['page_viewed', 'order_completed', 'order_cancelled', 'payment_attempted'];

    for (const event of [...ofPersons, 'ticket_created', 'lead_created']) expect(events).not.toContain(event);
  });
});

describe('segments of recency and frequency', () => {
  const cells = rowsOf('sql/seeds/rfm_segment_map.csv');

  it('cover each of the 25 cells once', () => {
    const scores = ['1', '2', '3', '4', '5'];
    const all = scores.flatMap((recency) => scores.map((frequency) => `${recency}${frequency}`));

    expect(cells.map((cell) => `${cell.recency_score}${cell.frequency_score}`).sort()).toEqual(all);
  });

  it('have labels in both languages', () => {
    const labels = rowsOf('sql/seeds/segments.csv');

    for (const { segment } of cells) expect(labels.map((row) => row.segment)).toContain(segment);
    for (const row of labels) {
      expect(row.label_tr).not.toBe('');
      expect(row.label_en).not.toBe('');
    }
  });
});
