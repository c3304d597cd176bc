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

/** Items of one request that follow each other, all of them landed, or one that is refused. */
interface Run {
  readonly request: ReceivedRequest;
  readonly firstIndex: number;
  readonly firstNumber: number;
  /** Among the lines; null where no text is kept. */
  readonly firstLine: number | null;
  readonly refused: string | null;
  items: number;
}

/** Writes the items as lines. */
export async function writeRequests(
  requests: readonly ReceivedRequest[],
  refused: ReadonlyMap<string, Refusal>,
  path: string,
): Promise<RequestLines> {
  const inOrder = [...requests].sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines: string[] = [];
  const runs: Run[] = [];
  const withheld: RequestLines['withheld'][number][] = [];
  let itemNumber = 0;
  for (const request of inOrder) {
    for (const [index, text] of request.items.entries()) {
      const refusal = refused.get(requestItemId(request.id, index));
      const firstLine = refusal?.isWithheld ? null : lines.length;
      addToRuns(runs, { request, firstIndex: index, firstNumber: itemNumber, firstLine, items: 1 }, refusal);
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
  return { file, withheld, place: (connection) => makePlaces(connection, runs) };
}

function addToRuns(runs: Run[], one: Omit<Run, 'refused'>, refusal: Refusal | undefined): void {
  const last = runs.at(-1);
  if (last?.request === one.request && last.refused === null && !refusal) {
    last.items += 1;
  } else {
    runs.push({ ...one, refused: refusal?.reason ?? null });
  }
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

/** Numbers are worked out before, where it costs nothing: windows and a join over the items took as long as reading them. */
async function makePlaces(connection: Statements, runs: readonly Run[]): Promise<void> {
  const given = runs.map(({ request, items, firstIndex, firstNumber, firstLine, refused }) => [
    request.id,
    request.receivedAt.getTime(),
    items,
    firstIndex,
    firstNumber,
    firstLine,
    refused,
  ]);
  const firstRow = await connection.count('select coalesce(min(rowid), 0) from staged');
  await connection.rows(
    `create temp table item_places as
      with runs as (
        select cells[1] as batch_id, make_timestamp_ms(cells[2]::bigint) as received_at, range(cells[3]::bigint) as places,
          cells[4]::bigint as first_index, cells[5]::bigint as first_number, $2::bigint + cells[6]::bigint as first_row,
          cells[7] as refused
        from (select unnest(from_json($1::json, '[["VARCHAR"]]')) as cells) as given
      ),
      placed as (select * exclude (places), unnest(places) as place from runs),
      numbered as (
        select batch_id, received_at, refused, first_index + place as line_number, first_number + place as item_number,
          first_row + place as row_index
        from placed
      )
      select item_number, batch_id, received_at, line_number, refused, ${OWN_ID} as own_id,
        batch_id || ':' || printf('%010d', line_number) as ingest_id, row_index
      from numbered`,
    [JSON.stringify(given), String(firstRow)],
  );
}
