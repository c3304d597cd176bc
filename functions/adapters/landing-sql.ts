import { SourceError } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import { unknownNameText } from '../core/nearest-name.ts';
import { type Source, type SourceDefinition, touchpointColumns } from '../core/source-definition.ts';
import { literal, quoted } from './duckdb-connection.ts';

// Builders of landing's own SQL from a source's YAML. Only names of the closed catalogue (columns, paths, kinds)
// enter a text; received data never does.

const jsonPath = (path: string) =>
  literal(
    `$.${path
      .split('.')
      .map((key) => `"${key}"`)
      .join('.')}`,
  );

/** `{"a": {"b": value}}` for the path a.b. */
function nestedObject(path: string, value: string): string {
  return path
    .split('.')
    .reverse()
    .reduce((inner, key) => `json_object(${literal(key)}, ${inner})`, value);
}

const ingestId = (importId: string, line: string) => `${literal(`${importId}:`)} || printf('%010d', ${line})`;

/** Rows of a file with their ingest id and the payload that may be kept: personal fields replaced by their keys. */
export function itemsSelect(importId: string): string {
  return `select ${ingestId(importId, 'staged_lines.line_number')} as ingest_id, staged_lines.line_number,
    coalesce(cleaned.payload, plain.payload) as payload
    from plain inner join staged_lines on plain.row_index = staged_lines.row_index
    left join cleaned on cleaned.row_index = plain.row_index`;
}

/** Each staged row as the text to keep: (row_index, payload). For CSV the declared personal columns are keys already. */
export function plainSelect(source: Source, columns: readonly string[]): string {
  const { definition } = source;
  if (isReadByLine(definition)) {
    return `select rowid as row_index, ${lineWithoutRemoved(definition)} as payload from staged`;
  }
  // cleaned in a step of their own, because the hashing macro repeats its argument
  const personal = columns.filter((name) => personalKind(definition, name) !== undefined);
  const cleaned = personal.map((name) => `clean_text(${quoted(name)}::varchar) as ${quoted(name)}`);
  const replaced = cleaned.length > 0 ? ` replace (${cleaned.join(', ')})` : '';
  return `select row_index, ${rowPayload(definition, columns)} as payload
    from (select rowid as row_index, *${replaced} from staged) as cleaned_columns`;
}

/** Values that are not kept at all go by their text: a parse of every line would cost more than all the rest. */
function lineWithoutRemoved(definition: SourceDefinition): string {
  return Object.entries(definition.personal)
    .filter(([, kind]) => kind === 'removed')
    .map(([path]) => path.split('.').at(-1) ?? path)
    .reduce(
      (text, key) => `regexp_replace(${text}, '"${key}"\\s*:\\s*"[^"]*"', '"${key}":null', 'g')`,
      'line',
    );
}

/**
 * Makes, in order, `suspects` (the few rows whose text may still hold something personal), `personal_found` (the values
 * of declared paths with their keys) and `cleaned` (row_index, strays, payload): the suspects' texts without them.
 * Suspects are taken apart first, because parsing every line a second time would double the work of an import.
 */
export function cleaningStatements(source: Source): readonly string[] {
  const paths = personalPaths(source.definition);
  const isSuspect = (text: string) =>
    `regexp_matches(${text}, ${literal(suspectPattern(paths.map(([path]) => path)))})`;
  return [
    `create temp table suspects as
      select row_index, payload, is_json_object(payload) is true as is_object
      from ${isReadByLine(source.definition) ? `(select rowid as row_index, ${lineWithoutRemoved(source.definition)} as payload from staged where ${isSuspect('line')}) as lines` : `plain where ${isSuspect('payload')}`}`,
    paths.length === 0
      ? 'create temp table personal_found (row_index bigint, path_number bigint, kind varchar, given varchar, personal_key varchar)'
      : `create temp table personal_found as
          with found as (
            select row_index, unnest(range(1, ${paths.length + 1})) as path_number,
              unnest(json_extract_string(payload, [${paths.map(([path]) => jsonPath(path)).join(', ')}])) as given
            from suspects where is_object
          ),
          named as (
            select row_index, path_number, given, ([${paths.map(([, kind]) => literal(kind)).join(', ')}])[path_number] as kind
            from found where given is not null
          ),
          cleaned_values as (select *, clean_text(given) as clean from named)
          select row_index, path_number, kind, given, key_of(kind, clean) as personal_key from cleaned_values`,
    `create temp table cleaned as
      with patches as (
        select row_index, case path_number ${patchCases(paths)} end as patch from personal_found where personal_key is not null
      ),
      merged as (
        select row_index, list_reduce(list(patch), lambda left_patch, right_patch: json_merge_patch(left_patch, right_patch)) as patch
        from patches group by 1
      ),
      patched as (
        select suspects.row_index,
          case when merged.patch is null then suspects.payload
            else json_merge_patch(suspects.payload::json, merged.patch)::varchar end as payload
        from suspects left join merged on merged.row_index = suspects.row_index
      ),
      searched as (select row_index, payload, stray_emails(payload) as strays from patched)
      select row_index, strays, without_strays(payload, strays) as payload from searched`,
  ];
}

function personalPaths(definition: SourceDefinition): readonly (readonly [string, string])[] {
  return isJsonLines(definition)
    ? Object.entries(definition.personal).filter(([, kind]) => kind !== 'removed')
    : [];
}

function patchCases(paths: readonly (readonly [string, string])[]): string {
  return paths.length === 0
    ? "when 0 then '{}'::json"
    : paths.map(([path], index) => `when ${index + 1} then ${nestedObject(path, 'personal_key')}`).join(' ');
}

/**
 * What a line must hold to be looked at: an address sign, or a key that tells a personal path. Of `traits.name` that is
 * `traits`, because `name` alone stands in every product.
 */
function suspectPattern(paths: readonly string[]): string {
  const telling = paths.map((path) => {
    const keys = path.split('.');
    const parent = keys.at(-2);
    return parent && parent !== 'properties' && parent !== 'context' ? parent : (keys.at(-1) ?? path);
  });
  const keys = [...new Set(telling)].map((key) => `"${key}"`);
  return ['@', '%40', ...keys].join('|');
}

export function isReadByLine(definition: SourceDefinition): boolean {
  return definition.format === 'ndjson' || definition.delimiter === 'whitespace';
}

export function isJsonLines(definition: SourceDefinition): boolean {
  return definition.format === 'ndjson';
}

function rowPayload(definition: SourceDefinition, columns: readonly string[]): string {
  const cells = columns.map((name) => {
    const kind = personalKind(definition, name);
    const kept =
      kind === undefined ? quoted(name) : kind === 'removed' ? 'null' : `key_of('${kind}', ${quoted(name)})`;
    return `${literal(name)}, ${kept}`;
  });
  return `json_object(${cells.join(', ')})::varchar`;
}

function personalKind(definition: SourceDefinition, column: string): string | undefined {
  return Object.entries(definition.personal).find(
    ([name]) => name.toLowerCase() === column.toLowerCase(),
  )?.[1];
}

/** The relation that a source's select reads when a file is landed. */
export function sourceRowsSelect(source: Source, importId: string, columns: readonly string[]): string {
  const { definition } = source;
  const id = `${ingestId(importId, 'staged_lines.line_number')} as ingest_id`;
  const from = 'from staged inner join staged_lines on staged.rowid = staged_lines.row_index';
  if (isJsonLines(definition)) {
    const declared = Object.keys(definition.columns).map(
      (name) => `json_extract_string(line, ${jsonPath(name)}) as ${quoted(name)}`,
    );
    return `select ${[id, 'line::json as payload', ...declared].join(', ')} ${from} where is_json_object(line)`;
  }
  if (definition.delimiter === 'whitespace') {
    const names = Object.keys(definition.columns);
    const cells = names.map((name, index) => `cells[${index + 1}] as ${quoted(name)}`);
    return `select ${['ingest_id', ...cells].join(', ')} from (
      select ${id}, regexp_split_to_array(trim(line), '\\s+') as cells ${from}) as split where len(cells) = ${names.length}`;
  }
  const present = new Map(columns.map((name) => [name.toLowerCase(), name]));
  const cells = Object.keys(definition.columns).map((name) => {
    const own = present.get(name.toLowerCase());
    return `${own ? `staged.${quoted(own)}` : 'null::varchar'} as ${quoted(name)}`;
  });
  return `select ${[id, ...cells].join(', ')} ${from}`;
}

/** The same relation when kept payloads are landed again. */
export function sourceRowsOfItemsSelect(source: Source): string {
  const { definition } = source;
  const names = Object.keys(definition.columns);
  if (definition.delimiter === 'whitespace') {
    const cells = names.map((name, index) => `cells[${index + 1}] as ${quoted(name)}`);
    return `select ${['ingest_id', ...cells].join(', ')} from (
      select ingest_id, regexp_split_to_array(trim(payload), '\\s+') as cells from landing_items) as split
      where len(cells) = ${names.length}`;
  }
  const cells = names.map((name) => `json_extract_string(payload, ${jsonPath(name)}) as ${quoted(name)}`);
  const payload = isJsonLines(definition) ? ['payload::json as payload'] : [];
  return `select ${['ingest_id', ...payload, ...cells].join(', ')} from landing_items where is_json_object(payload)`;
}

/** Rows whose text cannot be read at all: (line_number, reason). */
export function unreadableSelect(source: Source, column: 'line' | 'payload', relation: string): string {
  const { definition } = source;
  if (definition.delimiter === 'whitespace') {
    const count = Object.keys(definition.columns).length;
    return `select line_number, 'malformed_row' as reason from ${relation}
      where len(regexp_split_to_array(trim(${column}), '\\s+')) <> ${count}`;
  }
  if (isJsonLines(definition) || column === 'payload') {
    return `select line_number, '${isJsonLines(definition) ? 'invalid_json' : 'malformed_row'}' as reason
      from ${relation} where not coalesce(is_json_object(${column}), false)`;
  }
  return `select 0::bigint as line_number, '' as reason where false`;
}

/** The clear personal values of a file: (kind, given). They go to the identities zone and nowhere else. */
export function personalValuesSelect(definition: SourceDefinition, columns: readonly string[]): string {
  const declared = columns.flatMap((name) => {
    const kind = isJsonLines(definition) ? undefined : personalKind(definition, name);
    const isKept = kind !== undefined && kind !== 'removed';
    return isKept ? [`select '${kind}' as kind, ${quoted(name)}::varchar as given from staged`] : [];
  });
  const found = 'select kind, given from personal_found';
  const strays =
    'select stray_kind(stray), given_stray(stray) from (select unnest(strays) as stray from cleaned) as stray_values';
  return [
    'select null::varchar as kind, null::varchar as given where false',
    ...declared,
    found,
    strays,
  ].join(' union all ');
}

/** All columns of the raw zone as text, from a select that yields some of them. */
export function touchpointsProjection(select: string, yielded: readonly string[], file: string): string {
  const known: readonly string[] = touchpointColumns;
  checkYield(yielded, known, file);
  const cells = known.map(
    (name) => `${yielded.includes(name) ? `${quoted(name)}::varchar` : 'null::varchar'} as ${quoted(name)}`,
  );
  return `select ${cells.join(', ')} from (${select}) as source_select`;
}

export function checkYield(yielded: readonly string[], known: readonly string[], file: string): void {
  const unknown = yielded.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SourceError(
      `${file}: yields ${unknown.map((name) => unknownNameText(name, known)).join('; ')}`,
      'A touchpoints select yields the columns of docs/sources.md; put anything else into `properties`.',
    );
  }
  if (!yielded.includes('ingest_id')) {
    throw new SourceError(
      `${file}: does not yield ingest_id`,
      'Add `ingest_id` of the relation that drives the select.',
    );
  }
}

/** Typed columns of a fact, and the reason why a row cannot be loaded. */
export function factProjection(
  select: string,
  fact: FactDefinition,
  yielded: readonly string[],
  file: string,
): string {
  checkYield(yielded, ['ingest_id', 'reject_reason', ...Object.keys(fact.columns)], file);
  const reasons = Object.entries(fact.columns).flatMap(([name, column]) => {
    if (!yielded.includes(name)) {
      return column.required ? [`when true then 'missing_${name}'`] : [];
    }
    const text = `clean_text(${quoted(name)}::varchar)`;
    return [
      ...(column.required ? [`when ${text} is null then 'missing_${name}'`] : []),
      `when ${text} is not null and try_cast(${text} as ${column.type}) is null then 'invalid_${name}'`,
    ];
  });
  const cells = Object.entries(fact.columns).map(([name, column]) =>
    yielded.includes(name)
      ? `try_cast(clean_text(${quoted(name)}::varchar) as ${column.type}) as ${quoted(name)}`
      : `null::${column.type} as ${quoted(name)}`,
  );
  const rejected = yielded.includes('reject_reason')
    ? ['when reject_reason is not null then reject_reason']
    : [];
  return `select ingest_id, cast(right(ingest_id, 10) as bigint) as line_number, ${cells.join(', ')},
    case ${[...rejected, ...reasons].join(' ')} end as reason, null::varchar as given_touchpoint_id
    from (${select}) as source_select`;
}

/** A row's key, for a source that declares one: the values of its key columns, as text. */
export function keySelect(definition: SourceDefinition): string {
  const parts = definition.key.map((name) => `coalesce(${quoted(name)}::varchar, '')`);
  return `select ingest_id, md5(concat_ws(chr(31), ${parts.join(', ')})) as content_md5 from source_rows`;
}
