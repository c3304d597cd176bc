/** Where a record number begins to be on a later line than its number says: header, blank lines, line breaks in quotes. */
export interface LineShift {
  /** 1-based record from which on the shift holds. */
  readonly record: number;
  /** What to add to the record number to get its physical line. */
  readonly shift: number;
}

export interface InspectedFile {
  readonly path: string;
  /** File name without its folder, for messages. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly isGzip: boolean;
  /** Bytes of the records' text: unzipped, without line ends. An engine that read a regular file whole has as many. */
  readonly textBytes: number;
  /** Has a byte-order mark, CR line ends or blank lines: it is read through a regular copy. */
  readonly isIrregular: boolean;
  /** Records: non-blank lines, or rows of a CSV or Parquet file, without the header. */
  readonly records: number;
  /** The header's column names, where the format has one. */
  readonly header: readonly string[];
  readonly lineShifts: readonly LineShift[];
  /** Where longer ones cannot be: what is taken for a line at most. */
  readonly maxLineBytes?: number;
}

export interface InspectionRequest {
  readonly path: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly encoding: 'utf-8' | 'latin-1';
}

/** Files given by a person. Reads them as streams, never whole. */
export interface InputFiles {
  /**
   * Counts records, hashes and checks one file in one pass.
   * Throws InputFileError for a directory, an empty or truncated file, a wrong encoding or another format.
   */
  inspect(request: InspectionRequest): Promise<InspectedFile>;
}
