import type { ObjectDigest, ObjectStore, TextVersion } from '../ports/object-store.ts';

/** One store in two places: what lies in one folder has a store of its own, with keys as if it were the whole. */
export class DividedObjectStore implements ObjectStore {
  readonly #folder: string;
  readonly #own: ObjectStore;
  readonly #rest: ObjectStore;

  constructor(folder: string, own: ObjectStore, rest: ObjectStore) {
    this.#folder = `${folder}/`;
    this.#own = own;
    this.#rest = rest;
  }

  #of(key: string): ObjectStore {
    return `${key}/`.startsWith(this.#folder) ? this.#own : this.#rest;
  }

  async bring(keys: readonly string[]): Promise<void> {
    const { own = [], rest = [] } = Object.groupBy(keys, (key) =>
      this.#of(key) === this.#own ? 'own' : 'rest',
    );
    await Promise.all([this.#own.bring?.(own), this.#rest.bring?.(rest)]);
  }

  putText(key: string, text: string, options?: { readonly ifAbsent?: boolean }): Promise<boolean> {
    return this.#of(key).putText(key, text, options);
  }

  replaceText(key: string, text: string, etag: string | undefined): Promise<boolean> {
    return this.#of(key).replaceText(key, text, etag);
  }

  putFile(key: string, localPath: string): Promise<void> {
    return this.#of(key).putFile(key, localPath);
  }

  getText(key: string): Promise<string | undefined> {
    return this.#of(key).getText(key);
  }

  getVersion(key: string): Promise<TextVersion> {
    return this.#of(key).getVersion(key);
  }

  async list(prefix: string): Promise<readonly string[]> {
    const isAbove = this.#folder.startsWith(`${prefix}/`) && this.#folder !== `${prefix}/`;
    if (!isAbove) {
      return this.#of(prefix).list(prefix);
    }
    const [own, rest] = await Promise.all([
      this.#own.list(this.#folder.slice(0, -1)),
      this.#rest.list(prefix),
    ]);
    // what lies in the folder but in the other store is nobody's
    const others = rest.filter((key) => !key.startsWith(this.#folder));
    return [...own, ...others].sort((a, b) => (a < b ? -1 : 1));
  }

  digest(key: string): Promise<ObjectDigest | undefined> {
    return this.#of(key).digest(key);
  }

  delete(key: string): Promise<void> {
    return this.#of(key).delete(key);
  }

  address(key: string): string {
    return this.#of(key).address(key);
  }

  localPath(key: string): string {
    return this.#of(key).localPath(key);
  }
}
