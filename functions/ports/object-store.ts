export interface ObjectDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/** An object's text with the mark of its version; of no object, neither. */
export interface TextVersion {
  readonly text: string | undefined;
  readonly etag: string | undefined;
}

/**
 * Objects under keys, as in S3: a put is atomic, a reader sees the whole object or none.
 * Keys are relative, use `/`, and no part begins with `_` or `.` (Athena would not see it).
 */
export interface ObjectStore {
  /** Writes an object. With `ifAbsent`, an existing object stays as it is and the answer is false. */
  putText(key: string, text: string, options?: { readonly ifAbsent?: boolean }): Promise<boolean>;
  /**
   * Writes an object if it is still of the version that was read, or, without one, still absent; answers whether it did. True also
   * where the answer to this very write was lost on the way: a write that took effect is never told as one that did not.
   */
  replaceText(key: string, text: string, etag: string | undefined): Promise<boolean>;
  /** Moves a finished local file to the key, replacing what is there. */
  putFile(key: string, localPath: string): Promise<void>;
  /** The object's text, or undefined where there is none. */
  getText(key: string): Promise<string | undefined>;
  /** The text with the mark of its version, which is another one for every other text. */
  getVersion(key: string): Promise<TextVersion>;
  /** All keys under a prefix, in byte order. */
  list(prefix: string): Promise<readonly string[]>;
  /** SHA-256 and size of an object, read as a stream; undefined where there is none. */
  digest(key: string): Promise<ObjectDigest | undefined>;
  delete(key: string): Promise<void>;
  /**
   * Brings these objects to where `address` and `localPath` say, and passes over what is there already. Absent where they lie
   * there anyway.
   */
  bring?(keys: readonly string[]): Promise<void>;
  /** Where an engine finds the object: a path of this machine, or a URI. */
  address(key: string): string;
  /** A path of this machine for the object or the whole prefix. Only of a store that lies on this machine. */
  localPath(key: string): string;
}
