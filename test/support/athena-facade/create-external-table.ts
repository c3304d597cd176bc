import { type Column, CreateTableCommand, type TableInput } from '@aws-sdk/client-glue';
import { invalidRequest, notImitated } from './athena-refusal.ts';
import { ddlFailed, StatementFailure } from './execution-errors.ts';
import { hiveColumns, hiveProperties } from './hive-clauses.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, hiveRelation } from './relation-name.ts';
import type { StatementPlan } from './statement-plan.ts';
import { type StorageFormat, storageFormats, textFormat } from './storage-formats.ts';

type Properties = Readonly<Record<string, string>>;

/** The clauses after the columns, as far as they are read. */
interface Clauses {
  comment?: string;
  partitionKeys: readonly Column[];
  format: StorageFormat;
  serde?: string;
  serdeProperties: Properties;
  location?: string;
  tableProperties: Properties;
}

/** Characters in DDL are written as text, some of them escaped. */
function character(reader: TokenReader): string {
  const text = reader.text();
  return { '\\t': '\t', '\\n': '\n', '\\001': '\u0001' }[text] ?? text;
}

function delimited(reader: TokenReader): Properties {
  const found: Record<string, string> = {};
  for (;;) {
    if (reader.accept('fields', 'terminated', 'by')) {
      found['field.delim'] = character(reader);
      found['serialization.format'] = found['field.delim'];
    } else if (reader.accept('escaped', 'by')) {
      found['escape.delim'] = character(reader);
    } else if (reader.accept('collection', 'items', 'terminated', 'by')) {
      found['collection.delim'] = character(reader);
    } else if (reader.accept('map', 'keys', 'terminated', 'by')) {
      found['mapkey.delim'] = character(reader);
    } else if (reader.accept('lines', 'terminated', 'by')) {
      found['line.delim'] = character(reader);
    } else if (reader.accept('null', 'defined', 'as')) {
      found['serialization.null.format'] = reader.text();
    } else {
      return found;
    }
  }
}

function rowFormat(reader: TokenReader, clauses: Clauses): void {
  if (reader.accept('delimited')) {
    clauses.serdeProperties = { ...clauses.serdeProperties, ...delimited(reader) };
    return;
  }
  reader.expect('serde');
  clauses.serde = reader.text();
}

function storedAs(reader: TokenReader, clauses: Clauses): void {
  if (reader.accept('inputformat')) {
    const inputFormat = reader.text();
    reader.expect('outputformat');
    clauses.format = { inputFormat, outputFormat: reader.text(), serde: clauses.format.serde };
    return;
  }
  const word = reader.take('a file format', 'word').value;
  const format = storageFormats[word];
  if (format === undefined) {
    throw notImitated(`STORED AS ${word.toUpperCase()}`);
  }
  clauses.format = format;
}

interface ClauseReader {
  readonly words: readonly string[];
  /** Its place in the statement: it may follow clauses of a lower place, and of `after`. */
  readonly place: number;
  readonly after?: number;
  readonly read: (reader: TokenReader, clauses: Clauses) => void;
}

const clauseReaders: readonly ClauseReader[] = [
  {
    words: ['comment'],
    place: 1,
    read: (reader, clauses) => {
      clauses.comment = reader.text();
    },
  },
  {
    words: ['partitioned', 'by'],
    place: 2,
    read: (reader, clauses) => {
      clauses.partitionKeys = hiveColumns(reader);
    },
  },
  { words: ['row', 'format'], place: 3, read: rowFormat },
  {
    // the guide shows it on either side of STORED AS
    words: ['with', 'serdeproperties'],
    place: 4,
    after: 5,
    read: (reader, clauses) => {
      clauses.serdeProperties = { ...clauses.serdeProperties, ...hiveProperties(reader) };
    },
  },
  { words: ['stored', 'as'], place: 5, read: storedAs },
  {
    words: ['location'],
    place: 6,
    read: (reader, clauses) => {
      clauses.location = reader.text();
    },
  },
  {
    words: ['tblproperties'],
    place: 7,
    read: (reader, clauses) => {
      clauses.tableProperties = hiveProperties(reader);
    },
  },
];

/** In the one order of the guide: Athena refuses another. */
function clausesOf(reader: TokenReader): Clauses {
  const clauses: Clauses = {
    partitionKeys: [],
    format: textFormat,
    serdeProperties: {},
    tableProperties: {},
  };
  let reached = 0;
  while (reader.peek() !== undefined) {
    if (reader.isNext('clustered')) {
      throw notImitated('CLUSTERED BY');
    }
    const clause = clauseReaders.find(
      ({ words, place, after }) => (reached < place || reached === after) && reader.accept(...words),
    );
    if (clause === undefined) {
      reader.refuse('<EOF>');
    }
    clause.read(reader, clauses);
    reached = Math.max(reached, clause.place);
  }
  return clauses;
}

function tableInput(name: string, own: readonly Column[], clauses: Clauses): TableInput {
  if (clauses.location === undefined) {
    throw invalidRequest('LOCATION is required for an external table', 'MALFORMED_QUERY');
  }
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    ...(clauses.comment === undefined ? {} : { Description: clauses.comment }),
    PartitionKeys: [...clauses.partitionKeys],
    Parameters: { EXTERNAL: 'TRUE', ...clauses.tableProperties },
    StorageDescriptor: {
      Columns: [...own],
      Location: clauses.location,
      InputFormat: clauses.format.inputFormat,
      OutputFormat: clauses.format.outputFormat,
      SerdeInfo: {
        SerializationLibrary: clauses.serde ?? clauses.format.serde,
        Parameters: { 'serialization.format': '1', ...clauses.serdeProperties },
      },
    },
  };
}

/** Trino would make such a table; Athena has it for Iceberg only. */
function refuseManagedTable(sql: string): never {
  if (/'table_type'\s*=\s*'iceberg'/i.test(sql)) {
    throw notImitated('CREATE TABLE of an Iceberg table');
  }
  throw invalidRequest(
    'External keyword required for tables that are not made by a query',
    'MALFORMED_QUERY',
  );
}

/** Trino has no such statement: Athena itself only puts the table into Glue, and so does this. */
export function planCreateExternalTable(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('create');
  if (!reader.accept('external')) {
    refuseManagedTable(sql);
  }
  reader.expect('table');
  const isForgiving = reader.accept('if', 'not', 'exists');
  const name = hiveRelation(reader);
  const own = hiveColumns(reader);
  const input = tableInput(name.relation, own, clausesOf(reader));
  return async ({ glue, session }) => {
    const DatabaseName = databaseOf(name, session.schema);
    try {
      await glue.send(new CreateTableCommand({ DatabaseName, TableInput: input }));
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AlreadyExistsException')) {
        throw error;
      }
      if (!isForgiving) {
        throw new StatementFailure(
          `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Table ${name.relation} already exists.)`,
          ddlFailed,
        );
      }
    }
  };
}
