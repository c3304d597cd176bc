/**
 * The parts of a run that are worth keeping. A run that goes on in another process goes through the same code again, and gets the
 * answer of each step that is done without doing it.
 */
export interface Steps {
  /** `name` tells the step from all others of the run; of steps of one name, the order does. Answers must be JSON. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** For a run that one process does from its beginning to its end. */
export const allAtOnce: Steps = { step: (_name, work) => work() };
