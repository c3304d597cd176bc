import { StatementFailure, userError } from './execution-errors.ts';
import type { TokenReader } from './hive-tokens.ts';

export interface RelationName {
  /** Undefined: the database of the context. */
  readonly database: string | undefined;
  readonly relation: string;
}

function relationOf(parts: readonly string[]): RelationName {
  return { database: parts.at(-2), relation: parts.at(-1) ?? '' };
}

function partsOf(name: () => string, reader: TokenReader): readonly string[] {
  const parts = [name()];
  while (reader.accept('.')) {
    parts.push(name());
  }
  return parts;
}

export function hiveRelation(reader: TokenReader): RelationName {
  return relationOf(partsOf(() => reader.hiveName(), reader));
}

/** With up to three parts; the catalog is always Glue's. */
export function trinoRelation(reader: TokenReader): RelationName {
  return relationOf(partsOf(() => reader.trinoName(), reader));
}

/** The database that a name means, where the statement says none. */
export function databaseOf(name: RelationName | undefined, schema: string | undefined): string {
  const database = name?.database ?? schema;
  if (database === undefined) {
    throw new StatementFailure(
      'FAILED: SemanticException Schema must be specified when session schema is not set',
      userError,
    );
  }
  return database;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
