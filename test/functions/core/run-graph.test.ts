import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapSideBySide, runGraph, type Task } from '../../../functions/core/run-graph.ts';

const task = (name: string, ...dependsOn: readonly string[]): Task => ({ name, dependsOn });

/** Works on all, each for some turns of the event loop, and tells what was at work at a time. */
async function worked(tasks: readonly Task[], sideBySide: number, failing: readonly string[] = []) {
  const log: string[] = [];
  const running = new Set<string>();
  let most = 0;
  const failure = await runGraph(tasks, sideBySide, async ({ name }, index) => {
    running.add(name);
    most = Math.max(most, running.size);
    log.push(`+${name}`);
    for (let turns = 0; turns < 3 + (index % 3); turns += 1) {
      await turn();
    }
    running.delete(name);
    log.push(`-${name}`);
    if (failing.includes(name)) {
      throw new Error(`${name} failed`);
    }
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { log, most, failure, stillRunning: [...running] };
}

describe('a graph of tasks', () => {
  const diamond = [task('a', 'outside'), task('b', 'a'), task('c', 'a'), task('d', 'b', 'c'), task('e')];

  it('begins nothing before what it waits for has ended', async () => {
    const { log, failure } = await worked(diamond, 4);

    expect(failure).toBeUndefined();
    for (const { name, dependsOn } of diamond) {
      for (const other of dependsOn.filter((one) => one !== 'outside')) {
        expect(log.indexOf(`-${other}`)).toBeLessThan(log.indexOf(`+${name}`));
      }
    }
    expect(log).toHaveLength(10);
  });

  it('works on as many at a time as it may, and no more', async () => {
    const many = Array.from({ length: 20 }, (_, index) => task(`t${index}`));

    expect((await worked(many, 3)).most).toBe(3);
    expect((await worked(many, 1)).log.slice(0, 4)).toEqual(['+t0', '-t0', '+t1', '-t1']);
  });

  it('begins nothing more after a failure, and ends only when nothing is at work', async () => {
    const { log, failure, stillRunning } = await worked([...diamond, task('f', 'e')], 2, ['a']);

    expect(String(failure)).toContain('a failed');
    expect(stillRunning).toEqual([]);
    expect(log).not.toContain('+b');
    expect(log).not.toContain('+f');
    expect(log).toContain('-e');
  });

  it('says so when tasks wait for each other', async () => {
    const { failure } = await worked([task('a', 'b'), task('b', 'a'), task('c')], 2);

    expect(String(failure)).toContain('tasks wait for each other: a, b');
  });

  it('answers in the order of the items, whichever ends first', async () => {
    const answers = await mapSideBySide([3, 1, 2], 3, async (turns) => {
      for (let done = 0; done < turns; done += 1) {
        await turn();
      }
      return turns * 10;
    });

    expect(answers).toEqual([30, 10, 20]);
    expect(await mapSideBySide([], 3, async () => 1)).toEqual([]);
  });
});
