import type { FactDefinition } from '../core/fact-definition.ts';
import type { Source } from '../core/source-definition.ts';
import type { InspectedFile } from './input-files.ts';

export interface LandRequest {
  readonly source: Source;
  readonly facts: Readonly<Record<string, FactDefinition>>;
  /** Begins every ingest id of this file. */
  readonly importId: string;
  readonly receivedAt: Date;
  /** A file as given, or the items of an earlier landing (raw and quarantine objects), to be landed again. */
  readonly input:
    | { readonly kind: 'file'; readonly file: InspectedFile }
    | { readonly kind: 'items'; readonly paths: readonly string[] };
}

export type LandedZone = 'identities' | 'quarantine' | 'rows' | 'items';

/** One finished Parquet file of a landing, to be put under its zone. `relation` says which rows: touchpoints or a fact. */
export interface LandedFile {
  readonly zone: LandedZone;
  readonly relation: string;
  readonly localPath: string;
  readonly rows: number;
}

/**
 * Turns a file into rows of the lake through its source's selects: maps, normalises, hashes personal
 * identifiers and judges every row. Nothing is thrown away: what cannot be loaded goes to quarantine with a reason.
 */
export interface Landing {
  /** Throws SourceError when the source's SQL fails, InputFileError when rows cannot be told apart. */
  land(request: LandRequest): Promise<readonly LandedFile[]>;
  /** One object of several, without the rows whose `key` an earlier one already has. */
  merge(paths: readonly string[], key: readonly string[]): Promise<string>;
  /** Rows of one object. */
  countRows(path: string): Promise<number>;
}
