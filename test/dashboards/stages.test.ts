import { describe, expect, it } from 'vitest';
import { stagePaints } from '../../dashboards/stages.ts';
import { lifecycleOf, shopRecipe, twelveStages } from '../support/stage-fixture.ts';

function paintsOf(stages: readonly { readonly id: string; readonly parent?: string }[]): readonly string[] {
  const lifecycle = {
    id: 'l',
    version: 1,
    label: { tr: 'l', en: 'l' },
    stages: stages.map((stage, index) => ({ ...stage, label: { tr: 's', en: 's' }, order: index + 1 })),
  };
  return [...stagePaints(lifecycle).values()].map(
    ({ className, isExtra }) => `${className}${isExtra ? ' hatched' : ''}`,
  );
}

const named = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `s${index}` }));

describe('stagePaints', () => {
  it('gives up to six stages the six colours in order', () => {
    expect(paintsOf(named(6))).toEqual(['st1', 'st2', 'st3', 'st4', 'st5', 'st6']);
    expect([...stagePaints(lifecycleOf(shopRecipe)).values()].some(({ isExtra }) => isExtra)).toBe(false);
  });

  it('gives a seventh stage the nearest colour, hatched', () => {
    expect(paintsOf(named(7))).toEqual(['st1', 'st2', 'st3', 'st4', 'st5', 'st6', 'st6 hatched']);
  });

  it('spreads twelve stages over the six in order, every second one hatched', () => {
    const paints = paintsOf(named(12));

    expect(paints.filter((paint) => paint.endsWith('hatched'))).toHaveLength(6);
    expect(paints.map((paint) => Number(paint[2]))).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect([...stagePaints(lifecycleOf(twelveStages(''))).keys()]).toHaveLength(12);
  });

  it('keeps the colour of the parent for split stages, and everybody else their own', () => {
    const split = [
      { id: 'reach' },
      { id: 'online', parent: 'acquisition' },
      { id: 'in_store', parent: 'acquisition' },
      { id: 'nurture' },
    ];

    expect(paintsOf(split)).toEqual(['st1', 'st2', 'st2 hatched', 'st3']);
  });

  it('does not depend on the order in which stages are told', () => {
    const lifecycle = lifecycleOf(shopRecipe);
    const turned = { ...lifecycle, stages: lifecycle.stages.toReversed() };

    expect(Object.fromEntries(stagePaints(turned))).toEqual(Object.fromEntries(stagePaints(lifecycle)));
  });
});
