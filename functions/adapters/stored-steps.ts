import { createHash } from 'node:crypto';
import { LakeError, UnfinishedRun } from '../core/errors.ts';
import { mapSideBySide } from '../core/run-graph.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Steps } from '../ports/steps.ts';

const READS_AT_ONCE = 32;

export interface StepsOptions {
  readonly store: ObjectStore;
  /** Without a slash at its end. */
  readonly folder: string;
  readonly runId: string;
  /** Whether this process has to end: no step begins then, and one that fails is taken for broken off by that. */
  readonly isOver: () => boolean;
  /** Whether it has time enough for any step: one that ends without a step done would then be followed by others like it. */
  readonly isLong: boolean;
}

/** Steps of which each answer is an object. */
export class StoredSteps implements Steps {
  readonly #options: StepsOptions;
  readonly #answers: Map<string, unknown>;
  readonly #counts = new Map<string, number>();
  #done = 0;

  private constructor(options: StepsOptions, answers: Map<string, unknown>) {
    this.#options = options;
    this.#answers = answers;
  }

  static async open(options: StepsOptions): Promise<StoredSteps> {
    const { store, folder } = options;
    const answers = await mapSideBySide(await store.list(folder), READS_AT_ONCE, async (key) => {
      const { answer } = JSON.parse((await store.getText(key)) ?? '{}') as { readonly answer?: unknown };
      return [key, answer] as const;
    });
    return new StoredSteps(options, new Map(answers));
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { store, folder, isOver } = this.#options;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const key = `${folder}/${createHash('sha256').update(`${count} ${name}`).digest('hex')}.json`;
    if (this.#answers.has(key)) {
      return this.#answers.get(key) as T;
    }
    if (isOver()) {
      throw this.#unfinished();
    }
    const answer = await work().catch((error: unknown) => {
      throw isOver() ? this.#unfinished(error) : error;
    });
    await store.putText(key, JSON.stringify({ answer }));
    this.#done += 1;
    return answer;
  }

  #unfinished(cause?: unknown): Error {
    const { runId, isLong } = this.#options;
    return this.#done > 0 || !isLong
      ? new UnfinishedRun(runId, { cause })
      : new LakeError(
          'one statement takes longer than a function may live',
          'Run it from a machine: dongu run --engine athena, with engine.athena of this installation.',
          { cause },
        );
  }
}
