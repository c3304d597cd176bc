export interface ObjectDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Objects under keys, as in S3: a put is atomic, a reader sees the whole object or none.
 * Keys are relative, use `/`, and no part begins with `_` or `.` (Athena would not see it).
 */
export interface ObjectStore {
  /** Writes an object. With `ifAbsent`, an existing object stays as it is and the answer is false. */
  putText(key: string, text: string, options?: { readonly ifAbsent?: boolean }): Promise<boolean>;
  /** Moves a finished local file to the key, replacing what is there. */
  putFile(key: string, localPath: string): Promise<void>;
  /** The object's text, or undefined where there is none. */
  getText(key: string): Promise<string | undefined>;
  /** All keys under a prefix, in byte order. */
  list(prefix: string): Promise<readonly string[]>;
  /** SHA-256 and size of an object, read as a stream; undefined where there is none. */
  digest(key: string): Promise<ObjectDigest | undefined>;
  delete(key: string): Promise<void>;
  /** Where an engine finds the object: a path of this machine, or a URI. */
  address(key: string): string;
  /** A path of this machine for the object or the whole prefix. Only of a store that lies on this machine. */
  localPath(key: string): string;
}
