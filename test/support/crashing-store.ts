import type { ObjectDigest, ObjectStore, TextVersion } from '../../functions/ports/object-store.ts';

export class Crash extends Error {}

/** Just before a call has its effect, or just after. */
export type CrashMoment = 'before' | 'after';

/** Which of all crashes are tried: at these moments of every `step`th call. */
export interface CrashPlan {
  readonly moments: readonly CrashMoment[];
  readonly step: number;
}

export interface CrashPoint {
  /** 1-based number of the call at which the process dies. */
  readonly call: number;
  readonly when: CrashMoment;
}

/** A store that dies at one of its calls, just before or just after the effect, and stays dead: no clean-up reaches it. */
export class CrashingStore implements ObjectStore {
  readonly #inner: ObjectStore;
  readonly #point: CrashPoint | undefined;
  #calls = 0;
  #isDead = false;

  constructor(inner: ObjectStore, point?: CrashPoint) {
    this.#inner = inner;
    this.#point = point;
  }

  get calls(): number {
    return this.#calls;
  }

  async #call<T>(effect: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    if (this.#isDead) throw new Crash('the process is dead');
    const isHere = this.#calls === this.#point?.call;
    this.#isDead = isHere;
    if (isHere && this.#point?.when === 'before') throw new Crash(`before call ${this.#calls}`);
    const result = await effect();
    if (isHere) throw new Crash(`after call ${this.#calls}`);
    return result;
  }

  putText(key: string, text: string, options?: { readonly ifAbsent?: boolean }): Promise<boolean> {
    return this.#call(() => this.#inner.putText(key, text, options));
  }

  replaceText(key: string, text: string, etag: string | undefined): Promise<boolean> {
    return this.#call(() => this.#inner.replaceText(key, text, etag));
  }

  getVersion(key: string): Promise<TextVersion> {
    return this.#call(() => this.#inner.getVersion(key));
  }

  putFile(key: string, localPath: string): Promise<void> {
    return this.#call(() => this.#inner.putFile(key, localPath));
  }

  getText(key: string): Promise<string | undefined> {
    return this.#call(() => this.#inner.getText(key));
  }

  list(prefix: string): Promise<readonly string[]> {
    return this.#call(() => this.#inner.list(prefix));
  }

  digest(key: string): Promise<ObjectDigest | undefined> {
    return this.#call(() => this.#inner.digest(key));
  }

  delete(key: string): Promise<void> {
    return this.#call(() => this.#inner.delete(key));
  }

  address(key: string): string {
    return this.#inner.address(key);
  }

  localPath(key: string): string {
    return this.#inner.localPath(key);
  }
}

/**
 * Does the work again and again, each time in a new place, dying at one call after the other as planned, until it finishes alive. `afterCrash` looks at what each crash left behind. Answers how often it died.
 */
export async function crashEverywhere(
  { moments, step }: CrashPlan,
  prepare: () => Promise<ObjectStore>,
  work: (store: ObjectStore) => Promise<unknown>,
  afterCrash: (left: ObjectStore, point: CrashPoint) => Promise<void>,
): Promise<number> {
  let deaths = 0;
  for (let call = 1; ; call += step) {
    for (const when of moments) {
      const inner = await prepare();
      const error = await work(new CrashingStore(inner, { call, when })).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) return deaths;
      if (!isCrash(error)) throw error;
      deaths += 1;
      await afterCrash(inner, { call, when });
    }
  }
}

const isCrash = (error: unknown): boolean =>
  error instanceof Crash || (error instanceof Error && isCrash(error.cause));
