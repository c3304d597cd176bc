import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InputFileError } from '../core/errors.ts';
import { nearestName } from '../core/nearest-name.ts';
import type { SourceDefinition } from '../core/source-definition.ts';
import type { InspectedFile } from '../ports/input-files.ts';
import { literal, quoted, type Statements } from './duckdb-connection.ts';
import { ingestId, isJsonLines, isReadByLine, type Numbering, stagedLinesSelect } from './landing-sql.ts';
import { quotedDelimiter } from './local-input-files.ts';
import { RecordScanner } from './record-scanner.ts';

/** Lines longer than this go to quarantine: a guard against a file that is no text, not a limit of use. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

interface Lines {
  readonly path: string;
  readonly isGzip: boolean;
  /** Readers take sixteen times as much memory as the longest line may have. */
  readonly maxLineBytes: number;
}

const linesReader = ({ path, isGzip, maxLineBytes }: Lines, encoding: string) =>
  `read_csv(${literal(path)}, columns = {line: 'VARCHAR'}, delim = '\\x01', quote = '', escape = '', header = false, ` +
  `auto_detect = false, store_rejects = true, rejects_limit = 0, max_line_size = ${maxLineBytes}, ` +
  `encoding = ${literal(encoding)}, compression = ${isGzip ? "'gzip'" : "'none'"})`;

const csvReader = (path: string, isGzip: boolean, definition: SourceDefinition, columns: readonly string[]) =>
  `read_csv(${literal(path)}, columns = {${columns.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ')}}, ` +
  `delim = ${literal(definition.delimiter)}, quote = '"', escape = '"', header = ${definition.header}, ` +
  `auto_detect = false, store_rejects = true, rejects_limit = 0, max_line_size = ${MAX_LINE_BYTES}, ` +
  `encoding = ${literal(definition.encoding)}, compression = ${isGzip ? "'gzip'" : "'none'"})`;

/** For lines of JSON alone, and sparing the parse that tells whether a line is one: it stops at the first that is not. */
const jsonLinesReader = ({ path, isGzip, maxLineBytes }: Lines) =>
  `read_json_objects(${literal(path)}, format = 'newline_delimited', maximum_object_size = ${maxLineBytes}, ` +
  `compression = ${isGzip ? "'gzip'" : "'uncompressed'"})`;

/** The file's own column names, in its order; a source without a header names them. Doubles get a number. */
export function fileColumns(definition: SourceDefinition, file: InspectedFile): readonly string[] {
  const names = file.header.length > 0 ? file.header : Object.keys(definition.columns);
  const seen = new Map<string, number>();
  return names.map((name, index) => {
    const plain = name === '' ? `column_${index + 1}` : name;
    const count = (seen.get(plain.toLowerCase()) ?? 0) + 1;
    seen.set(plain.toLowerCase(), count);
    return count === 1 ? plain : `${plain}_${count}`;
  });
}

/** The header as a message may show it: a first line that is no header is somebody's data. */
function shownHeader(header: readonly string[]): string {
  const isData = header.some((cell) => /@|\d{4}|^[\d.,+-]+$/.test(cell));
  return isData
    ? 'the first line does not look like a header'
    : `the header is ${header.join(', ').slice(0, 300)}`;
}

/** Throws when a required column is missing, with the nearest name that the file has. */
export function checkColumns(definition: SourceDefinition, file: InspectedFile): void {
  if (file.header.length === 0) {
    return;
  }
  const present = new Set(file.header.map((name) => name.toLowerCase()));
  const missing = Object.entries(definition.columns)
    .filter(([name, column]) => column.required && !present.has(name.toLowerCase()))
    .map(([name]) => name);
  if (missing.length > 0) {
    if (file.header[0]?.startsWith('{')) {
      throw new InputFileError(
        `${file.name}: holds JSON lines, but its source ${definition.source} reads csv`,
        'Give the file to a source that reads ndjson, such as segment.',
      );
    }
    const guesses = missing.map((name) => {
      const nearest = nearestName(name, file.header);
      return nearest ? `${name} (the file has ${nearest})` : name;
    });
    throw new InputFileError(
      `${file.name}: the column ${guesses.join(', ')} is missing for source ${definition.source}; ${shownHeader(file.header)}`,
      'Rename the columns, choose another source, or check the delimiter; docs/sources.md lists the headers.',
    );
  }
}

/** Writes the file with LF line ends, without blank lines and byte-order mark. */
async function writeRegularCopy(
  definition: SourceDefinition,
  file: InspectedFile,
  path: string,
): Promise<void> {
  const scanner = new RecordScanner({ delimiter: quotedDelimiter(definition) });
  let isStart = true;
  const regular = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const isMarked = isStart && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
      isStart = false;
      yield scanner.push(isMarked ? chunk.subarray(3) : chunk, true);
    }
  };
  const source = createReadStream(file.path, { highWaterMark: 1024 * 1024 });
  const sink = createWriteStream(path);
  await (file.isGzip ? pipeline(source, createGunzip(), regular, sink) : pipeline(source, regular, sink));
}

/**
 * Reads the file into the temporary table `staged` in file order: one text column for formats of lines, all
 * columns otherwise. Rows that the CSV reader refuses are in `rejected (record, content)`.
 */
export async function stageFile(
  connection: Statements,
  definition: SourceDefinition,
  file: InspectedFile,
  workDirectory: string,
): Promise<void> {
  checkColumns(definition, file);
  const isGzip = file.isGzip && !file.isIrregular;
  const path = file.isIrregular ? `${workDirectory}/regular-copy` : file.path;
  if (file.isIrregular) {
    await writeRegularCopy(definition, file, path);
  }
  if (file.records === 0) {
    await stageNothing(connection, definition, file);
  } else if (definition.format === 'parquet') {
    await connection.run(`create temp table staged as select * from read_parquet(${literal(path)})`);
  } else {
    const maxLineBytes = file.maxLineBytes ?? MAX_LINE_BYTES;
    await stageText(connection, definition, file, { path, isGzip, maxLineBytes });
  }
  await stageRejected(connection, file);
  await checkCount(connection, definition, file);
}

async function stageText(
  connection: Statements,
  definition: SourceDefinition,
  file: InspectedFile,
  lines: Lines,
): Promise<void> {
  if (isJsonLines(definition) && (await stageValidLines(connection, definition, file, lines))) {
    return;
  }
  const reader = isReadByLine(definition)
    ? linesReader(lines, definition.encoding)
    : csvReader(lines.path, lines.isGzip, definition, fileColumns(definition, file));
  const select = isJsonLines(definition)
    ? stagedLinesSelect(definition, `(select line, try_cast(line as json) as json from ${reader})`)
    : `select * from ${reader}`;
  await connection.run(`create temp table staged as ${select}`);
}

/**
 * The fast way: the reader of JSON hands out each line as it stands, or stops. False, and nothing staged, unless every
 * line and every byte of the file came: then a line is no JSON or has blanks around it, and lines are read as text.
 */
async function stageValidLines(
  connection: Statements,
  definition: SourceDefinition,
  file: InspectedFile,
  given: Lines,
): Promise<boolean> {
  if (file.isIrregular || definition.encoding !== 'utf-8') {
    return false;
  }
  const lines = `(select json::varchar as line, json from ${jsonLinesReader(given)} as objects (json))`;
  try {
    await connection.run(`create temp table staged as ${stagedLinesSelect(definition, lines)}`);
  } catch {
    // the careful reader says which line it is, and loads the others
    return false;
  }
  // it also takes longer lines than it is told
  const [found] =
    await connection.rows(`select sum(bytes) as text_bytes, max(bytes) as longest, count(*) as records
    from (select strlen(coalesce(line::varchar, unread)) as bytes from staged) as texts`);
  const isWhole =
    Number(found?.text_bytes ?? 0) === file.textBytes &&
    Number(found?.records) === file.records &&
    Number(found?.longest ?? 0) <= given.maxLineBytes;
  if (!isWhole) {
    await connection.run('drop table staged');
  }
  return isWhole;
}

async function stageNothing(
  connection: Statements,
  definition: SourceDefinition,
  file: InspectedFile,
): Promise<void> {
  const columns = isReadByLine(definition) ? ['line'] : fileColumns(definition, file);
  const cells = columns.map((name) => `null::varchar as ${quoted(name)}`).join(', ');
  const nothing = `(select ${cells} where false)`;
  await connection.run(
    `create temp table staged as ${isJsonLines(definition) ? stagedLinesSelect(definition, `(select line, line::json as json from ${nothing})`) : `from ${nothing}`}`,
  );
}

async function stageRejected(connection: Statements, file: InspectedFile): Promise<void> {
  const isCsv = await hasRejects(connection);
  const headerLines = file.header.length > 0 ? 1 : 0;
  await connection.run(
    isCsv
      ? `create temp table rejected as
           select line - ${headerLines} as record, any_value(error_type::varchar) as error_type,
               any_value(trim(csv_line, chr(10) || chr(13))) as content
           from reject_errors group by 1`
      : 'create temp table rejected (record bigint, error_type varchar, content varchar)',
  );
}

/** Only the CSV reader makes the table of rejects. */
async function hasRejects(connection: Statements): Promise<boolean> {
  return (
    (await connection.count("select count(*) from duckdb_tables() where table_name = 'reject_errors'")) > 0
  );
}

async function checkCount(
  connection: Statements,
  definition: SourceDefinition,
  file: InspectedFile,
): Promise<void> {
  const read = await connection.count(
    'select (select count(*) from staged) + (select count(*) from rejected)',
  );
  if (read !== file.records) {
    throw new InputFileError(
      `${file.name}: has ${file.records} rows by its line ends but ${read} by its ${definition.format} structure`,
      'A quote or delimiter is misplaced somewhere: mend it, or split the file to find the place. Nothing was landed.',
    );
  }
}

/**
 * Where each staged row stood in the file. Rejected rows and line breaks in quotes shift the rows after them: then the
 * numbers are in the table `staged_lines`, otherwise the row's own place tells it. Makes `rejected_lines` as well.
 */
export async function numberLines(
  connection: Statements,
  file: InspectedFile,
  importId: string,
): Promise<Numbering> {
  const rejects = await connection.count('select count(*) from rejected');
  const shifts = [{ record: 0, shift: 0 }, ...file.lineShifts];
  await connection.run(`create temp table line_shifts as
    select * from (values ${shifts.map(({ record, shift }) => `(${record}, ${shift})`).join(', ')}) as t (record, shift)`);
  await connection.run(`create temp table rejected_lines as
    select rejected.record + line_shifts.shift as line_number, rejected.error_type, rejected.content
    from rejected asof join line_shifts on rejected.record >= line_shifts.record`);
  const isConstant =
    rejects === 0 && (shifts.length === 1 || (shifts.length === 2 && (shifts[1]?.record ?? 2) <= 1));
  if (isConstant) {
    const lineNumber = `(staged.rowid + 1 + ${shifts.at(-1)?.shift ?? 0})`;
    return { lineNumber, ingestId: ingestId(importId, lineNumber), join: '' };
  }
  await connection.run(`create temp table reject_shifts as
    select record - row_number() over (order by record) as threshold, row_number() over (order by record) as shift
    from rejected union all select -1, 0`);
  await connection.run(`create temp table staged_lines as
    with records as (
      select staged.rowid as row_index, staged.rowid + 1 + reject_shifts.shift as record
      from (select rowid from staged) as staged
      asof join (select threshold, max(shift) as shift from reject_shifts group by 1) as reject_shifts
        on staged.rowid >= reject_shifts.threshold
    )
    select row_index, records.record + line_shifts.shift as line_number
    from records asof join line_shifts on records.record >= line_shifts.record`);
  return {
    lineNumber: 'staged_lines.line_number',
    ingestId: ingestId(importId, 'staged_lines.line_number'),
    join: 'inner join staged_lines on staged_lines.row_index = staged.rowid',
  };
}
