/** What stands in the order, with what it waits for; names outside the order are there already. */
export interface Task {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * Does the tasks in the order given, up to `sideBySide` at a time, none before what it waits for. The first failure
 * stops what has not begun; what runs ends first, so that nothing works on behind the error.
 */
export async function runGraph(
  tasks: readonly Task[],
  sideBySide: number,
  work: (task: Task, index: number) => Promise<void>,
): Promise<void> {
  const waiting = new Map(tasks.map((task, index) => [task.name, { task, index }]));
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const undone = new Set(waiting.keys());
  const isFree = ({ name, dependsOn }: Task): boolean =>
    dependsOn.every((other) => other === name || !undone.has(other));
  while (waiting.size > 0 || running.size > 0) {
    for (const [name, { task, index }] of waiting) {
      if (failures.length > 0 || running.size >= sideBySide) {
        break;
      }
      if (isFree(task)) {
        waiting.delete(name);
        running.set(
          name,
          work(task, index)
            .then(() => void undone.delete(name))
            .catch((error: unknown) => void failures.push(error))
            .finally(() => running.delete(name)),
        );
      }
    }
    if (running.size === 0) {
      break;
    }
    await Promise.race(running.values());
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  if (waiting.size > 0) {
    throw new Error(`tasks wait for each other: ${[...waiting.keys()].join(', ')}`);
  }
}

/** The answers in the order of the items, up to `sideBySide` at a time. */
export async function mapSideBySide<T, R>(
  items: readonly T[],
  sideBySide: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers = new Map<number, R>();
  const tasks = items.map((_, index) => ({ name: String(index), dependsOn: [] }));
  await runGraph(tasks, sideBySide, async (_, index) => {
    answers.set(index, await work(items[index] as T));
  });
  return items.map((_, index) => answers.get(index) as R);
}
