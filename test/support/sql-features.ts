import { strippedSql } from './deny-list.ts';

/** Words before a bracket that call nothing. */
const words = new Set(
  'all and any as between by case cube distinct else except exists filter from having if in inner intersect is join left limit lateral materialized not on or order over partition range rollup rows select sets some then union unnest using values when where window with'.split(
    ' ',
  ),
);

/** Syntax of which the engines could have two minds, by the pattern that finds it. */
const patterns: Readonly<Record<string, RegExp>> = {
  'operator ||': /\|\|/,
  'operator %': /%/,
  'operator /': /\//,
  'operator * between values': /(?<!\bselect|,)\s\*\s/,
  'unary minus': /(?:[(,]|\b(?:then|else|select)\s)\s*-\s*[\w(]/,
  'is null': /\bis null\b/,
  'is not null': /\bis not null\b/,
  'is distinct from': /\bis (?:not )?distinct from\b/,
  between: /(?<!rows |range )\bbetween\b/,
  like: /\blike\b/,
  escape: /\bescape\b/,
  'in a list': /(?<!\bnot )\bin\s*\(\s*(?!select\b)/,
  'not in a list': /\bnot in\s*\(\s*(?!select\b)/,
  'in a subquery': /(?<!\bnot )\bin\s*\(\s*select\b/,
  'not in a subquery': /\bnot in\s*\(\s*select\b/,
  exists: /\bexists\s*\(/,
  'a scalar subquery': /(?:\bselect|[-+=<>,(]|\bcase|\bwhen|\bthen|\bcoalesce)\s*\(\s*select\b/,
  'case with conditions': /\bcase\s+when\b/,
  'case of a value': /\bcase\s+(?!when\b)\w/,
  union: /\bunion\b(?! all)/,
  'union all': /\bunion all\b/,
  except: /\bexcept\b/,
  intersect: /\bintersect\b/,
  'inner join': /\binner join\b/,
  'left join': /\bleft join\b/,
  'right join': /\bright join\b/,
  'full join': /\bfull (?:outer )?join\b/,
  'cross join': /\bcross join\b/,
  unnest: /\bunnest\s*\(/,
  filter: /\bfilter\s*\(\s*where\b/,
  'count distinct': /\bcount\s*\(\s*distinct\b/,
  'select distinct': /\bselect\s+distinct\b/,
  'group by positions': /\bgroup by\s+\d/,
  'group by names': /\bgroup by\s+[a-z]/,
  'grouping sets': /\bgrouping sets\b/,
  rollup: /\brollup\b/,
  cube: /\bcube\b/,
  having: /\bhaving\b/,
  'nulls first': /\bnulls first\b/,
  'nulls last': /\bnulls last\b/,
  'order desc': /\bdesc\b/,
  limit: /\blimit\b/,
  offset: /\boffset \d/,
  'a named window': /\bwindow\s+\w+\s+as\b/,
  'an order inside an aggregate': /\barray_agg\s*\([^()]*\border by\b/,
  'at time zone': /\bat time zone\b/,
  'with ordinality': /\bwith ordinality\b/,
  'date literal': /\bdate\s*''/,
  'timestamp literal': /\btimestamp\s*''/,
  'double literal': /\b\d+(?:\.\d+)?e-?\d/,
  'decimal literal': /\b\d+\.\d+\b(?!e)/,
  array: /\barray\s*\[/,
};

const castTypes =
  /\bas ((?:bigint|integer|smallint|tinyint|double|real|varchar|boolean|date|timestamp|varbinary|json|time|decimal\(\d+, ?\d+\)|array\(\w+\))) ?\)/g;

function* found(sql: string, pattern: RegExp): Generator<readonly string[]> {
  for (const match of sql.matchAll(pattern)) {
    yield match.map((text) => text ?? '');
  }
}

/** What a select uses: functions, types, literals, frames and syntax, each by one name. */
export function featuresOf(sql: string): ReadonlySet<string> {
  const text = strippedSql(sql).replace(/\s+/g, ' ');
  const features = new Set<string>();
  for (const [, name = ''] of found(text, /(?<!\bas )(?<!\bwith )\b([a-z_]\w*) ?\(/g)) {
    if (!words.has(name) && !new RegExp(String.raw`\b${name} \([\w, ]+\) as \(`).test(text)) {
      features.add(`function ${name}`);
    }
  }
  for (const [, cast = ''] of found(text, /\b((?:try_)?cast) ?\(/g)) {
    features.add(`function ${cast}`);
  }
  for (const [, type = ''] of found(text, castTypes)) {
    features.add(`type ${type}`);
  }
  for (const [, unit = ''] of found(text, /\binterval '' (\w+)/g)) {
    features.add(`interval ${unit}`);
  }
  for (const [frame = ''] of found(
    text,
    /\b(?:rows|range) between [\w ]+? and (?:current row|unbounded following|\d+ \w+)/g,
  )) {
    features.add(`frame ${frame}`);
  }
  for (const [name, pattern] of Object.entries(patterns)) {
    if (pattern.test(text)) {
      features.add(name);
    }
  }
  return features;
}

/** Units and fields, which stand in the texts of a select and change what its functions do. */
export function unitsOf(sql: string): ReadonlySet<string> {
  const units = sql.toLowerCase().matchAll(/\b(date_trunc|date_add|date_diff)\s*\(\s*'(\w+)'/g);
  return new Set([...units].map(([, name = '', unit = '']) => `${name} of ${unit}`));
}
