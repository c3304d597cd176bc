/** A place for files that are written piece by piece. */
export interface FileSink {
  /** Adds text to the end of a file, which begins empty. Resolves once the sink can take more; rejects when it cannot write. */
  write(file: string, text: string): Promise<void>;
  /** Finishes all files. Resolves once they are complete. */
  close(): Promise<void>;
}
