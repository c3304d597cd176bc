import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  sliceElements,
  sliceMembers,
  sliceValue,
  utf8Length,
} from '../../../../functions/core/collect/json-slices.ts';

const textOf = (text: string, slices: readonly { start: number; end: number }[] | undefined) =>
  slices?.map(({ start, end }) => text.slice(start, end));

describe('sliceElements', () => {
  it('finds the elements of any list where JSON.parse finds them', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2, '\t', '\r\n'), (list, space) => {
        const text = JSON.stringify(list, null, space);
        const found = textOf(text, sliceElements(text, 0, list.length));
        expect(found?.map((element) => JSON.parse(element))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('leaves a broken element to itself', () => {
    const text = '[{"a":tru},{"b":1}, {"c":[1,,]}, {"d":"\\"]"}]';

    expect(textOf(text, sliceElements(text, 0, 9))).toEqual([
      '{"a":tru}',
      '{"b":1}',
      '{"c":[1,,]}',
      '{"d":"\\"]"}',
    ]);
  });

  it.each(['[', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '[1}', '["a]', '["a\\"]', '[{]', '{}', '1'])(
    'finds nothing in %s',
    (text) => {
      expect(sliceElements(text, 0, 9)).toBeUndefined();
    },
  );

  it('stops after one more than the limit', () => {
    expect(sliceElements('[1,2,3,4,5]', 0, 2)).toHaveLength(3);
  });
});

describe('sliceMembers', () => {
  it('finds the members of any object, names without escapes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object, null, 1);
        const found = sliceMembers(text, 0, 1000)?.map(
          ({ name, start, end }) => [name, JSON.parse(text.slice(start, end))] as const,
        );
        expect(found).toEqual(Object.entries(JSON.parse(text)));
      }),
    );
  });

  it('keeps both members of one name', () => {
    expect(sliceMembers('{"a":1,"\\u0061":2}', 0, 9)?.map(({ name }) => name)).toEqual(['a', 'a']);
  });

  it.each(['{', '{"a"}', '{"a":}', '{a:1}', '{"a":1,}', '{"a" 1}', '{"\\x":1}', '{"a":1]', '[]'])(
    'finds nothing in %s',
    (text) => {
      expect(sliceMembers(text, 0, 9)).toBeUndefined();
    },
  );
});

describe('sliceValue', () => {
  it('counts how deep brackets nest, without recursion', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

    expect(sliceValue(deep, 0)).toEqual({ start: 0, end: 400_000, depth: 200_000 });
  });

  it.each([
    ['quotes after backslashes', `["${'\\\\'.repeat(120_000)}"]`],
    ['escaped quotes', `["${'\\"'.repeat(120_000)}"]`],
    ['open brackets', '['.repeat(250_000)],
    ['open strings', `[${'"'.repeat(249_999)}`],
    ['blanks', `[${' '.repeat(250_000)}`],
  ])('is linear in %s', (_name, text) => {
    const started = performance.now();
    sliceValue(text, 0);
    sliceElements(text, 0, 10);

    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('utf8Length', () => {
  it('counts as UTF-8 does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
