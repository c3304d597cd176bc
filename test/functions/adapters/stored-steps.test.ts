import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { StoredSteps } from '../../../functions/adapters/stored-steps.ts';
import { LakeError, UnfinishedRun } from '../../../functions/core/errors.ts';
import { withFolder } from '../../support/engine.ts';

interface Process {
  readonly steps: StoredSteps;
  /** Its time is over. */
  end(): void;
}

/** Processes of one run, one after the other. */
const withRun = (work: (begin: (isLong?: boolean) => Promise<Process>) => Promise<void>): Promise<void> =>
  withFolder((folder) =>
    work(async (isLong = true) => {
      const time = { isOver: false };
      const steps = await StoredSteps.open({
        store: new FolderObjectStore(folder),
        folder: 'runs/R/work/steps',
        runId: 'R',
        isOver: () => time.isOver,
        isLong,
      });
      return {
        steps,
        end: () => {
          time.isOver = true;
        },
      };
    }),
  );

const never = (): Promise<never> => Promise.reject(new Error('done again'));

describe('the steps of a run', () => {
  it('that are done are answered and not done again, those of one name in their order', () =>
    withRun(async (begin) => {
      const first = await begin();
      const answers = [
        await first.steps.step('rows', async () => [{ n: 1, text: null }]),
        await first.steps.step('rows', async () => [{ n: 2, text: "ğ'" }]),
        await first.steps.step('view', async () => undefined),
      ];

      const second = await begin();

      expect([
        await second.steps.step('rows', never),
        await second.steps.step('rows', never),
        await second.steps.step('view', never),
      ]).toEqual(answers);
      expect(await second.steps.step('rows', async () => 3)).toBe(3);
    }));

  it('that fail are done again', () =>
    withRun(async (begin) => {
      const first = await begin();
      await first.steps.step('table a', async () => 1);
      await expect(first.steps.step('table b', never)).rejects.toThrow('done again');

      expect(await (await begin()).steps.step('table b', async () => 2)).toBe(2);
    }));

  it('do not begin, and are broken off, when the time is over: the run is unfinished', () =>
    withRun(async (begin) => {
      const { steps, end } = await begin();
      await steps.step('table a', async () => 1);
      const brokenOff = steps.step('table b', async () => {
        end();
        throw new Error('cancelled');
      });

      await expect(brokenOff).rejects.toBeInstanceOf(UnfinishedRun);
      await expect(steps.step('table c', never)).rejects.toMatchObject({ runId: 'R' });
      expect(await (await begin()).steps.step('table a', never)).toBe(1);
    }));

  it('of which none comes to its end in a whole process are a fault, and not gone on with for ever', () =>
    withRun(async (begin) => {
      const { steps, end } = await begin();
      end();

      await expect(steps.step('table a', never)).rejects.toBeInstanceOf(LakeError);
      // of a short process that says nothing
      const short = await begin(false);
      short.end();
      await expect(short.steps.step('table a', never)).rejects.toBeInstanceOf(UnfinishedRun);
    }));
});
