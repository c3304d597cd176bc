import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyLake } from '../../functions/use-cases/verify-lake.ts';
import { type CrashPlan, crashEverywhere } from './crashing-store.ts';
import { TestLake } from './test-lake.ts';
import { first, fixed, importedWith, type Mapping, stateOf, stricter, writeSource } from './till-source.ts';

const cases: readonly (readonly [mode: 'replay' | 'remap', what: string, before: Mapping, after: Mapping])[] =
  [
    ['replay', 'out of quarantine', first, fixed],
    ['remap', 'out of quarantine', first, fixed],
    ['remap', 'into quarantine', fixed, stricter],
  ];

/** The planned crashes of replay and remap: nothing is lost at any of them, and a second try finishes. */
export function describeLandAgainCrashes(plan: CrashPlan): void {
  describe('a crash at any point', () => {
    it.each(cases)('of %s, %s', (mode, _what, before, after) =>
      importedWith(before, async (lake, folder) => {
        await cp(join(folder, 'home'), join(folder, 'imported'), { recursive: true });
        await writeSource(folder, after);
        await lake.landAgain(mode, 'till');
        const expected = await stateOf(lake);
        let turn = 0;
        const own = () => join(folder, `turn-${turn}`);

        const crashes = await crashEverywhere(
          plan,
          async () => {
            turn += 1;
            await cp(join(folder, 'imported'), join(own(), 'home'), { recursive: true });
            await writeSource(own(), after);
            return (await TestLake.open(own())).store;
          },
          async (store) => (await TestLake.open(own(), () => store)).landAgain(mode, 'till'),
          async () => {
            const left = await TestLake.open(own());
            expect(await left.ledger()).toMatchObject([{ accepted: 6, unaccounted: 0 }]);

            await left.landAgain(mode, 'till');

            expect(await stateOf(left)).toEqual(expected);
            expect(await verifyLake(left.store)).toEqual([]);
          },
        );

        expect(crashes).toBeGreaterThan((6 * plan.moments.length) / plan.step);
      }),
    );
  });
}
