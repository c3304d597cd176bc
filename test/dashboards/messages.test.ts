import { describe, expect, it } from 'vitest';
import { messages } from '../../dashboards/messages.ts';

type Tree = { readonly [key: string]: unknown };

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function flatten(tree: Tree, path = ''): readonly (readonly [string, unknown])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? flatten(value, `${path}${key}.`) : [[`${path}${key}`, value] as const],
  );
}

describe('messages', () => {
  const turkish = flatten(messages.tr);
  const english = flatten(messages.en);

  it('has the same keys in both languages', () => {
    expect(english.map(([key]) => key).sort()).toEqual(turkish.map(([key]) => key).sort());
  });

  it.each([...turkish, ...english])('%s is a text, or makes one', (_key, value) => {
    const text = typeof value === 'function' ? value('month', 'month', 'month', 'month', 'month') : value;

    expect(typeof text).toBe('string');
    expect(String(text).trim()).not.toBe('');
    expect(String(text)).not.toMatch(/undefined|\[object/);
  });

  it('differs between the languages wherever a text is more than a word', () => {
    const same = turkish.filter(
      ([key, value]) =>
        typeof value === 'string' &&
        value.includes(' ') &&
        english.some(([k, v]) => k === key && v === value),
    );

    expect(same).toEqual([]);
  });
});
