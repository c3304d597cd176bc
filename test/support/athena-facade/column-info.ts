import type { TrinoColumn, TrinoTypeSignature } from './trino-client.ts';

/** A column of a result, as GetQueryResults describes it. */
export interface ColumnInfo {
  readonly CatalogName: string;
  readonly SchemaName: string;
  readonly TableName: string;
  readonly Name: string;
  readonly Label: string;
  readonly Type: string;
  readonly Precision: number;
  readonly Scale: number;
  readonly Nullable: string;
  readonly CaseSensitive: boolean;
}

/** Where Athena's word differs from Trino's. */
const renamed: Readonly<Record<string, string>> = { real: 'float' };

/** As clients of the service have recorded them; a type that is not here has precision 0. */
const precisions: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  float: 17,
  double: 17,
  time: 3,
  timestamp: 3,
  'timestamp with time zone': 3,
  varbinary: 1_073_741_824,
};

const longestText = 2_147_483_647;

function lengthsOf(signature: TrinoTypeSignature): readonly number[] {
  return signature.arguments.flatMap((argument) =>
    typeof argument.value === 'number' ? [argument.value] : [],
  );
}

function precisionOf(type: string, lengths: readonly number[]): number {
  if (type === 'varchar' || type === 'char') {
    return lengths[0] ?? longestText;
  }
  return type === 'decimal' ? (lengths[0] ?? 0) : (precisions[type] ?? 0);
}

export function columnInfo(column: TrinoColumn): ColumnInfo {
  const { rawType } = column.typeSignature;
  const type = renamed[rawType] ?? rawType;
  const lengths = lengthsOf(column.typeSignature);
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: column.name,
    Label: column.name,
    Type: type,
    Precision: precisionOf(type, lengths),
    Scale: type === 'decimal' ? (lengths[1] ?? 0) : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: type === 'varchar' || type === 'char',
  };
}

/** A text column of the facade's own, for statements that Trino does not answer. */
export function textColumn(name: string): TrinoColumn {
  return {
    name,
    type: 'varchar',
    typeSignature: { rawType: 'varchar', arguments: [{ kind: 'LONG', value: longestText }] },
  };
}
