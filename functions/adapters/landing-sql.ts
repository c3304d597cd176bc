import { SourceError } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import { unknownNameText } from '../core/nearest-name.ts';
import { type Source, type SourceDefinition, touchpointColumns } from '../core/source-definition.ts';
import { literal, quoted } from './duckdb-connection.ts';

// Builders of landing's own SQL from a source's YAML. Only names of the closed catalogue (columns, paths, kinds)
// enter a text; received data never does.

/** How a select over `staged` learns the line and the id of each row. */
export interface Numbering {
  readonly lineNumber: string;
  readonly ingestId: string;
  /** What the select joins for it. */
  readonly join: string;
  /** The same where rows shall be mapped; without one, all are. */
  readonly joinOfMapped?: string;
}

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

export const ingestId = (importId: string, line: string) =>
  `${literal(`${importId}:`)} || printf('%010d', ${line})`;

/** Rows of a file with their ingest id and the payload that may be kept: personal fields replaced by their keys. */
export function itemsSelect(): string {
  return `select plain.ingest_id, plain.line_number,
    coalesce(cleaned.payload, plain.payload) as payload
    from plain left join cleaned on cleaned.row_index = plain.row_index`;
}

/**
 * Each staged row as the text to keep: (row_index, ingest_id, line_number, payload). For CSV the declared personal columns are
 * keys already; of a line that cannot be taken apart only what `withheldText` leaves.
 */
export function plainSelect(source: Source, columns: readonly string[], numbering: Numbering): string {
  const { definition } = source;
  const place = `staged.rowid as row_index, ${numbering.ingestId} as ingest_id, ${numbering.lineNumber} as line_number`;
  const from = `from staged ${numbering.join}`;
  if (isJsonLines(definition)) {
    const unread = keptText(definition, 'unread');
    return `select ${place}, case when is_flagged then ${lineWithoutRemoved(definition)}
      when unread is null then line::varchar else ${unread} end as payload ${from}`;
  }
  if (isReadByLine(definition)) {
    return `select ${place}, line as payload ${from}`;
  }
  // cleaned in a step of their own, because the hashing macro repeats its argument
  const cells = columns.map((name, index) => {
    const cell = `staged.${quoted(name)}`;
    return `${personalKind(definition, name) ? `clean_text(${cell}::varchar)` : cell} as cell_${index + 1}`;
  });
  return `select row_index, ingest_id, line_number, ${rowPayload(definition, columns)} as payload
    from (select ${[place, ...cells].join(', ')} ${from}) as cells`;
}

/**
 * Lines of JSON as they are staged, from `(line, json)`. They are parsed before and not again: a value of the JSON type
 * is known to be valid. What is no JSON object stays text, in `unread`. `is_flagged`: holds something to take out.
 */
export function stagedLinesSelect(definition: SourceDefinition, relation: string): string {
  const keys = [...tellingKeys(personalPaths(definition).map(([path]) => path)), ...removedKeys(definition)];
  return `select case when is_object then json end as line, case when not is_object then line end as unread,
      is_object and ${isSuspect('line', keys)} as is_flagged
    from (select line, json, json is not null and starts_as_object(line) as is_object from ${relation} as lines) as told_apart`;
}

/** What is kept of a text that has no fields, so that nobody can say which part of it is personal. */
export function keptText(definition: SourceDefinition, text: string): string {
  return isWithheld(definition) ? `withheld_text(${text})` : text;
}

const isWithheld = ({ personal }: SourceDefinition) => Object.keys(personal).length > 0;

/** Values that are not kept at all go by their text: a parse of every line would cost more than all the rest. */
function lineWithoutRemoved(definition: SourceDefinition): string {
  return removedKeys(definition).reduce(
    (text, key) => `regexp_replace(${text}, '"${key}"\\s*:\\s*"[^"]*"', '"${key}":null', 'g')`,
    'line::varchar',
  );
}

function removedKeys(definition: SourceDefinition): readonly string[] {
  return Object.entries(definition.personal)
    .filter(([, kind]) => kind === 'removed')
    .map(([path]) => path.split('.').at(-1) ?? path);
}

/** The rows whose text may still hold something personal. Of the flagged lines those that only lose a value are none. */
function suspectsSelect(definition: SourceDefinition): string {
  const keys = tellingKeys(personalPaths(definition).map(([path]) => path));
  if (!isJsonLines(definition)) {
    return `select row_index, payload, false as is_object from plain where ${isSuspect('payload', keys)}`;
  }
  const lines = `select rowid as row_index, ${lineWithoutRemoved(definition)} as payload, true as is_object
    from staged where is_flagged and ${isSuspect('line', keys)}`;
  // a withheld text has nothing left to take out
  return isWithheld(definition)
    ? lines
    : `${lines} union all select rowid, unread, false from staged where unread is not null and ${isSuspect('unread', [])}`;
}

/**
 * Makes, in order, `suspects` (the few rows whose text may still hold something personal), `personal_found` (the values
 * of declared paths with their keys) and `cleaned` (row_index, strays, payload): the suspects' texts without them.
 * Suspects are taken apart first, because parsing every line a second time would double the work of an import.
 */
export function cleaningStatements(source: Source): readonly string[] {
  const paths = personalPaths(source.definition);
  return [
    `create temp table suspects as ${suspectsSelect(source.definition)}`,
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

/** An address sign or a telling key. Signs are looked for apart, because a search for one byte is ten times faster. */
function isSuspect(text: string, keys: readonly string[]): string {
  const byKey = keys.length > 0 ? ` or regexp_matches(${text}, ${literal(`"(?:${keys.join('|')})"`)})` : '';
  return `(contains(${text}, '@') or contains(${text}, '%40')${byKey})`;
}

/** Keys that tell a personal path. Of `traits.name` that is `traits`, because `name` alone stands in every product. */
function tellingKeys(paths: readonly string[]): readonly string[] {
  const telling = paths.map((path) => {
    const keys = path.split('.');
    const parent = keys.at(-2);
    return parent && parent !== 'properties' && parent !== 'context' ? parent : (keys.at(-1) ?? path);
  });
  return [...new Set(telling)];
}

export function isReadByLine(definition: SourceDefinition): boolean {
  return definition.format === 'ndjson' || definition.delimiter === 'whitespace';
}

export function isJsonLines(definition: SourceDefinition): boolean {
  return definition.format === 'ndjson';
}

function rowPayload(definition: SourceDefinition, columns: readonly string[]): string {
  const cells = columns.map((name, index) => {
    const kind = personalKind(definition, name);
    const cell = `cell_${index + 1}`;
    const kept = kind === undefined ? cell : kind === 'removed' ? 'null' : `key_of('${kind}', ${cell})`;
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
export function sourceRowsSelect(source: Source, columns: readonly string[], numbering: Numbering): string {
  const { definition } = source;
  const id = `${numbering.ingestId} as ingest_id`;
  const from = `from staged ${numbering.joinOfMapped ?? numbering.join}`;
  if (isJsonLines(definition)) {
    const declared = Object.keys(definition.columns).map(
      (name) => `json_extract_string(line, ${jsonPath(name)}) as ${quoted(name)}`,
    );
    return `select ${[id, 'line as payload', ...declared].join(', ')} ${from} where unread is null`;
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
    return `${own ? cellOfSelect(definition, own) : 'null::varchar'} as ${quoted(name)}`;
  });
  return `select ${[id, ...cells].join(', ')} ${from}`;
}

/**
 * A column as the source's select sees it. An address or number goes on to the identifiers, which have its shape
 * judged first; of every other personal value the select gets the key only, wherever it may put it.
 */
function cellOfSelect(definition: SourceDefinition, column: string): string {
  const cell = `staged.${quoted(column)}`;
  const kind = personalKind(definition, column);
  if (kind === undefined || kind === 'email' || kind === 'phone') {
    return cell;
  }
  return kind === 'removed' ? 'null::varchar' : `key_of('${kind}', clean_text(${cell}::varchar))`;
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

/** Rows of a file whose text cannot be read at all: (line_number, reason). */
export function unreadableSelect(source: Source, numbering: Numbering): string {
  const { definition } = source;
  const from = `from staged ${numbering.join}`;
  if (isJsonLines(definition)) {
    return `select ${numbering.lineNumber} as line_number, 'invalid_json' as reason ${from} where unread is not null`;
  }
  return isReadByLine(definition)
    ? `select ${numbering.lineNumber} as line_number, 'malformed_row' as reason ${from} where ${hasOtherCount(definition, 'line')}`
    : "select 0::bigint as line_number, '' as reason where false";
}

/** The same among kept payloads. */
export function unreadableItemsSelect(source: Source): string {
  const { definition } = source;
  const isUnreadable =
    definition.delimiter === 'whitespace'
      ? hasOtherCount(definition, 'payload')
      : 'not coalesce(is_json_object(payload), false)';
  return `select line_number, '${isJsonLines(definition) ? 'invalid_json' : 'malformed_row'}' as reason
    from landing_items where ${isUnreadable}`;
}

const hasOtherCount = ({ columns }: SourceDefinition, text: string) =>
  `len(regexp_split_to_array(trim(${text}), '\\s+')) <> ${Object.keys(columns).length}`;

/** Lines that the reader refused, as they are kept, and in the clear for the addresses in them. */
export function rejectedItemsSelect(definition: SourceDefinition, importId: string): string {
  return `select ${ingestId(importId, 'line_number')} as ingest_id, line_number, 'malformed_row' as reason,
    without_strays(kept, stray_personal(kept)) as content, content as clear_content
    from (select line_number, content, ${keptText(definition, 'content')} as kept from rejected_lines) as texts`;
}

/** The clear personal values of a file: (kind, given). They go to the identities zone and nowhere else. */
export function personalValuesSelect(definition: SourceDefinition, columns: readonly string[]): string {
  const declared = columns.flatMap((name) => {
    const kind = isJsonLines(definition) ? undefined : personalKind(definition, name);
    const isKept = kind !== undefined && kind !== 'removed';
    return isKept ? [`select '${kind}' as kind, ${quoted(name)}::varchar as given from staged`] : [];
  });
  const found = 'select kind, given from personal_found';
  const texts = [
    'select unnest(strays) as stray from cleaned',
    ...(isJsonLines(definition)
      ? ['select unnest(stray_personal(unread)) as stray from staged where unread is not null']
      : []),
  ];
  const strays = `select stray_kind(stray), given_stray(stray) from (${texts.join(' union all ')}) as stray_values`;
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
      ...(column.type.startsWith('decimal')
        ? [`when is_finer(${text}, try_cast(${text} as ${column.type})) then 'invalid_${name}'`]
        : []),
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
