import { notImitated } from './athena-refusal.ts';
import { unquotedValue } from './table-properties.ts';

/** A table that CTAS or UNLOAD writes, in Trino's properties. */
export interface WrittenTable {
  readonly properties: readonly string[];
  /** The value of Trino's session property `compression_codec`; undefined leaves its own. */
  readonly codec: string | undefined;
}

/** Properties whose name and value Trino shares with Athena. */
const shared: readonly string[] = ['partitioned_by', 'bucketed_by', 'bucket_count'];
const compressions: readonly string[] = [
  'write_compression',
  'parquet_compression',
  'orc_compression',
  'compression',
];
const read: readonly string[] = [
  'format',
  'external_location',
  'field_delimiter',
  ...shared,
  ...compressions,
];

function codecOf(properties: ReadonlyMap<string, string>): string | undefined {
  const written = compressions.map((name) => properties.get(name)).find((value) => value !== undefined);
  return unquotedValue(written)?.toUpperCase();
}

export function refuseUntranslated(properties: ReadonlyMap<string, string>): void {
  const unknown = [...properties.keys()].find((name) => !read.includes(name));
  if (unknown !== undefined) {
    throw notImitated(`the table property ${unknown}`);
  }
}

/** From Athena's properties, once those that are not translated are refused. */
export function writtenTable(properties: ReadonlyMap<string, string>, location: string): WrittenTable {
  // Athena's own default is Parquet, Trino's is ORC
  const format = unquotedValue(properties.get('format'))?.toUpperCase() ?? 'PARQUET';
  const delimiter = properties.get('field_delimiter');
  return {
    properties: [
      `format = '${format}'`,
      `external_location = '${location}'`,
      ...shared.flatMap((name) => {
        const value = properties.get(name);
        return value === undefined ? [] : [`${name} = ${value}`];
      }),
      ...(delimiter === undefined ? [] : [`textfile_field_separator = ${delimiter}`]),
    ],
    codec: codecOf(properties),
  };
}
