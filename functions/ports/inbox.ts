export interface InboxFile {
  readonly source: string;
  readonly name: string;
  /** Where it can be read on this machine. */
  readonly path: string;
  /** What tells whether it has changed since it was listed. */
  readonly version: string;
}

/** Files that wait to be imported, put there by whoever may: in a folder for each source. */
export interface Inbox {
  list(): Promise<readonly InboxFile[]>;
  /** After it was landed. A file that has changed meanwhile stays: it is another one. */
  takeAway(file: InboxFile, importId: string): Promise<void>;
}
