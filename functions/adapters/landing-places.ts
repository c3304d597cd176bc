import { writeFile } from 'node:fs/promises';
import { requestItemId } from '../core/ingest-id.ts';
import type { InspectedFile } from '../ports/input-files.ts';
import type { LandInput, ReceivedRequest, Refusal } from '../ports/landing.ts';
import { literal, type Statements } from './duckdb-connection.ts';
import type { Numbering } from './landing-sql.ts';

// Items of many requests or files in one landing. Line numbers repeat among them, so each gets a number of its own in the
// landing, and an id that carries this number and its time of receipt. Objects get the true ones back, from `item_places`.

/** More than any queue takes as a message. */
const MAX_ITEM_BYTES = 2 * 1024 * 1024;

/** What turns ids within a landing into those of the lake. */
export interface Places {
  readonly receivedAt: string;
  /** These of a table with the columns ingest_id and line_number. */
  readonly ingestId: (table: string) => string;
  readonly lineNumber: (table: string) => string;
  readonly join: (table: string) => string;
  /** Items that count occurrences together, as columns of `item_places`; none: all of them. */
  readonly scope: string;
  /** Begins an `order by`, or is empty. */
  readonly order: string;
}

export const filePlaces: Places = {
  receivedAt: "getvariable('received_at')",
  ingestId: (table) => `${table}.ingest_id`,
  lineNumber: (table) => `${table}.line_number`,
  join: () => '',
  scope: '',
  order: '',
};

export const itemPlaces: Places = {
  receivedAt: 'item_places.received_at',
  ingestId: () => 'item_places.ingest_id',
  lineNumber: () => 'item_places.line_number',
  join: (table) => `inner join item_places on item_places.item_number = ${table}.line_number`,
  scope: 'item_places.batch_id, ',
  order: '',
};

/** In a fixed order, so that the same requests give the same bytes whoever lands them. */
export const requestPlaces: Places = { ...itemPlaces, order: 'order by item_places.item_number' };

export const requestNumbering: Numbering = {
  lineNumber: 'item_places.item_number',
  ingestId: 'item_places.own_id',
  join: 'inner join item_places on item_places.row_index = staged.rowid',
  joinOfMapped:
    'inner join item_places on item_places.row_index = staged.rowid and item_places.refused is null',
};

const OWN_ID = "printf('%015d', epoch_ms(received_at)) || ':' || printf('%010d', item_number)";

/** The time of receipt of each item, which landing's SQL asks for by the item's id. */
export const receivedAtMacro = (input: LandInput): string =>
  input.kind === 'file'
    ? "create temp macro item_received_at(item_id) as getvariable('received_at')"
    : 'create temp macro item_received_at(item_id) as make_timestamp_ms(cast(left(item_id, 15) as bigint))';

/** Items of all objects; one that a broken try left in several is taken once, from the last. */
function keptItemsSelect(paths: readonly string[]): string {
  const parts = paths.map((path, index) => {
    const later = paths
      .slice(index + 1)
      .map((other, at) => `anti join read_parquet(${literal(other)}) as later_${at} using (ingest_id)`);
    return `select ingest_id, line_number, received_at, payload
      from read_parquet(${literal(path)}) as kept ${later.join(' ')}`;
  });
  return parts.join(' union all ');
}

/** Makes `item_places` and `landing_items` of kept items. */
export async function placeKeptItems(connection: Statements, paths: readonly string[]): Promise<void> {
  await connection.run(`create temp table kept_items as
    select row_number() over () as item_number, ingest_id, line_number::bigint as line_number, received_at, payload
    from (${keptItemsSelect(paths)}) as kept`);
  await connection.run(`create temp view item_places as
    select item_number, ingest_id, line_number, received_at, left(ingest_id, length(ingest_id) - 11) as batch_id from kept_items`);
  await connection.run(`create temp view landing_items as
    select ${OWN_ID} as ingest_id, item_number as line_number, payload from kept_items`);
}

export interface RequestLines {
  readonly file: InspectedFile;
  /** Makes `item_places` once the lines are staged. */
  readonly place: (connection: Statements) => Promise<void>;
  /** Items of which no text is kept, by their number in the landing. */
  readonly withheld: readonly {
    readonly itemNumber: number;
    readonly text: string;
    readonly reason: string;
  }[];
}

/** Writes the items as lines. */
export async function writeRequests(
  requests: readonly ReceivedRequest[],
  refused: ReadonlyMap<string, Refusal>,
  path: string,
): Promise<RequestLines> {
  const inOrder = [...requests].sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines: string[] = [];
  const refusals: (readonly [number, string, boolean])[] = [];
  const withheld: RequestLines['withheld'][number][] = [];
  let itemNumber = 0;
  for (const { id, items } of inOrder) {
    for (const [index, text] of items.entries()) {
      const refusal = refused.get(requestItemId(id, index));
      if (refusal) {
        refusals.push([itemNumber, refusal.reason, refusal.isWithheld]);
      }
      if (refusal?.isWithheld) {
        withheld.push({ itemNumber, text, reason: refusal.reason });
      } else {
        lines.push(lineOf(text));
      }
      itemNumber += 1;
    }
  }
  const bytes = Buffer.from(lines.length > 0 ? `${lines.join('\n')}\n` : '');
  await writeFile(path, bytes);
  const file = linesFile(path, bytes.length - lines.length, lines.length);
  return { file, withheld, place: (connection) => makePlaces(connection, inOrder, refusals) };
}

/** One line for each item, whatever it is: readers pass over lines without text. */
function lineOf(text: string): string {
  const line = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text;
  return line.trim() === '' ? '""' : line;
}

function linesFile(path: string, textBytes: number, records: number): InspectedFile {
  return {
    path,
    name: 'requests',
    sha256: '',
    bytes: textBytes + records,
    textBytes,
    records,
    isGzip: false,
    isIrregular: false,
    header: [],
    lineShifts: [],
    maxLineBytes: MAX_ITEM_BYTES,
  };
}

async function makePlaces(
  connection: Statements,
  requests: readonly ReceivedRequest[],
  refusals: readonly (readonly [number, string, boolean])[],
): Promise<void> {
  const given = requests.map(({ id, receivedAt, items }) => [id, receivedAt.getTime(), items.length]);
  const firstRow = await connection.count('select coalesce(min(rowid), 0) from staged');
  await connection.rows(
    `create temp table item_places as
      with requests as (
        select cells[1] as batch_id, make_timestamp_ms(cells[2]::bigint) as received_at, cells[3]::bigint as items, request_number
        from (select unnest(lists) as cells, generate_subscripts(lists, 1) as request_number
          from (select from_json($1::json, '[["VARCHAR"]]') as lists) as texts) as given
      ),
      refusals as (
        select cells[1]::bigint as item_number, cells[2] as refused, cells[3]::boolean as is_withheld
        from (select unnest(from_json($2::json, '[["VARCHAR"]]')) as cells) as given
      ),
      items as (
        select batch_id, received_at, unnest(range(items)) as line_number, request_number from requests
      ),
      numbered as (
        select row_number() over (order by request_number, line_number) - 1 as item_number, batch_id, received_at, line_number
        from items
      )
      select item_number, batch_id, received_at, line_number, refused, ${OWN_ID} as own_id,
        batch_id || ':' || printf('%010d', line_number) as ingest_id,
        case when not coalesce(is_withheld, false)
          then $3::bigint + item_number - coalesce(sum(is_withheld::integer) over (order by item_number), 0) end as row_index
      from numbered left join refusals using (item_number)
      order by item_number`,
    [JSON.stringify(given), JSON.stringify(refusals), String(firstRow)],
  );
}
