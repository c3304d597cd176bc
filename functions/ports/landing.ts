import type { FactDefinition } from '../core/fact-definition.ts';
import type { Source } from '../core/source-definition.ts';
import type { InspectedFile } from './input-files.ts';

export interface LandRequest {
  readonly source: Source;
  readonly facts: Readonly<Record<string, FactDefinition>>;
  readonly input: LandInput;
}

export type LandInput =
  /** A file as given. Its import id begins every ingest id. */
  | {
      readonly kind: 'file';
      readonly file: InspectedFile;
      readonly importId: string;
      readonly receivedAt: Date;
    }
  /** The items of an earlier landing (raw and quarantine objects), to be landed again under their own ids and times. */
  | { readonly kind: 'items'; readonly paths: readonly string[] }
  /** Requests as the collector received them, each item a JSON text of one line. The order makes no difference. */
  | {
      readonly kind: 'requests';
      readonly requests: readonly ReceivedRequest[];
      /** Items, by ingest id, at which an earlier try failed: they go to quarantine unmapped. */
      readonly refused: ReadonlyMap<string, Refusal>;
    };

export interface ReceivedRequest {
  /** Begins the ingest id of each of its items. */
  readonly id: string;
  readonly receivedAt: Date;
  readonly items: readonly string[];
}

export interface Refusal {
  readonly reason: string;
  /** Of its text nothing can be kept but length and keyed hash: it cannot even be cleaned. */
  readonly isWithheld: boolean;
}

export type LandedZone = 'identities' | 'quarantine' | 'rows' | 'items';

/** One finished Parquet file of a landing, to be put under its zone. `relation` says which rows: touchpoints or a fact. */
export interface LandedFile {
  readonly zone: LandedZone;
  readonly relation: string;
  readonly localPath: string;
  readonly rows: number;
}

export interface GatheredPart {
  readonly path: string;
  /** Requests whose items are taken from another part. */
  readonly without: readonly string[];
}

export interface GatheredFile {
  readonly localPath: string;
  readonly rows: number;
}

/**
 * Turns a file or requests into rows of the lake through its source's selects: maps, normalises, hashes personal
 * identifiers and judges every row. Nothing is thrown away: what cannot be loaded goes to quarantine with a reason.
 */
export interface Landing {
  /** Throws SourceError when the source's SQL fails, InputFileError when rows cannot be told apart. */
  land(request: LandRequest): Promise<readonly LandedFile[]>;
  /** One object of several, without the rows whose `key` an earlier one already has. */
  merge(paths: readonly string[], key: readonly string[]): Promise<string>;
  /** One object of the same zone of several batches. Of `values`, equal rows become one. */
  gather(parts: readonly GatheredPart[], kind: 'items' | 'values'): Promise<GatheredFile>;
  /** Rows of one object. */
  countRows(path: string): Promise<number>;
}
