import { describe, expect, it } from 'vitest';
import { events, firedAt, isMatched } from './build.ts';
import { compareDecimals, decimalOf } from './decimal.ts';
import type { Condition, Touchpoint } from './types.ts';

/** Does a condition on property p hold where `properties` is this text? */
function holds(condition: Omit<Condition, 'property'>, properties: string | null): boolean {
  return isMatched({ where: { property: 'p', ...condition } }, { properties });
}

function holdsOf(condition: Condition, touchpoint: Partial<Touchpoint>): boolean {
  return isMatched({ where: condition }, touchpoint);
}

describe('event and channel', () => {
  const two = events(['2024-01-01 10:00', 'x'], ['2024-01-02 10:00', 'y', { channel: null }]);

  it('match one name or any of a list, and * matches every event', () => {
    expect(firedAt({ event: 'x' }, two)).toEqual(['t1']);
    expect(firedAt({ event: ['x', 'y'] }, two)).toEqual(['t1', 't2']);
    expect(firedAt({ event: '*' }, two)).toEqual(['t1', 't2']);
  });

  it('need the channel only where the rule names one', () => {
    expect(firedAt({ event: '*', channel: 'web' }, two)).toEqual(['t1']);
    expect(firedAt({ event: '*', channel: ['mobile', 'store'] }, two)).toEqual([]);
  });
});

describe('where on properties', () => {
  it.each([null, '{}', '{"q":1}', '{"p":null}', '[1]'])(
    'a missing value (%s) satisfies exists: false alone',
    (properties) => {
      expect(holds({ exists: false }, properties)).toBe(true);
      expect(holds({ exists: true }, properties)).toBe(false);
      expect(holds({ eq: 'null' }, properties)).toBe(false);
      expect(holds({ ne: 'x' }, properties)).toBe(false);
      expect(holds({ in: ['', 'null', 0] }, properties)).toBe(false);
      expect(holds({ gte: -1 }, properties)).toBe(false);
      expect(holds({ lte: 1 }, properties)).toBe(false);
    },
  );

  it.each(['{"p":{"p":1}}', '{"p":[1]}', '{"p":[]}', '{"p":{}}'])(
    'a tree (%s) satisfies exists: true alone',
    (properties) => {
      expect(holds({ exists: true }, properties)).toBe(true);
      expect(holds({ exists: false }, properties)).toBe(false);
      expect(holds({ eq: '[1]' }, properties)).toBe(false);
      expect(holds({ ne: 'x' }, properties)).toBe(false);
      expect(holds({ ne: 1 }, properties)).toBe(false);
      expect(holds({ gte: 0 }, properties)).toBe(false);
    },
  );

  it('looks at top-level keys only', () => {
    expect(holds({ exists: true }, '{"q":{"p":1}}')).toBe(false);
  });

  it('an empty text is a value', () => {
    expect(holds({ eq: '' }, '{"p":""}')).toBe(true);
    expect(holds({ exists: true }, '{"p":""}')).toBe(true);
    expect(holds({ ne: 'x' }, '{"p":""}')).toBe(true);
  });
});

describe('where on numbers and texts', () => {
  it.each([
    ['0.10', 0.1],
    ['1e2', 100],
    ['1.0', 1],
    ['1E0', 1],
    ['-0', 0],
    ['12e-1', 1.2],
  ])('compares numbers as decimals: %s is %d', (text, number) => {
    expect(holds({ eq: number }, `{"p":${text}}`)).toBe(true);
    expect(holds({ ne: number }, `{"p":${text}}`)).toBe(false);
    expect(holds({ in: ['x', number] }, `{"p":${text}}`)).toBe(true);
    expect(holds({ gte: number, lte: number }, `{"p":${text}}`)).toBe(true);
  });

  it('loses no digit of a number', () => {
    expect(holds({ eq: 9007199254740992 }, '{"p":9007199254740993}')).toBe(false);
    expect(holds({ eq: 9007199254740993n }, '{"p":9007199254740993}')).toBe(true);
    expect(holds({ lte: 9007199254740992 }, '{"p":9007199254740993}')).toBe(false);
  });

  it('a number never equals a text, nor true', () => {
    expect(holds({ eq: '1' }, '{"p":1}')).toBe(false);
    expect(holds({ ne: '1' }, '{"p":1}')).toBe(true);
    expect(holds({ eq: 1 }, '{"p":"1"}')).toBe(false);
    expect(holds({ ne: 1 }, '{"p":"1"}')).toBe(true);
    expect(holds({ eq: 1 }, '{"p":true}')).toBe(false);
    expect(holds({ eq: true }, '{"p":1}')).toBe(false);
  });

  it('true and false are text in lower case', () => {
    expect(holds({ eq: true }, '{"p":true}')).toBe(true);
    expect(holds({ eq: 'true' }, '{"p":true}')).toBe(true);
    expect(holds({ eq: true }, '{"p":"true"}')).toBe(true);
    expect(holds({ eq: true }, '{"p":"True"}')).toBe(false);
    expect(holds({ in: [false] }, '{"p":false}')).toBe(true);
  });

  it('gte and lte are false where either side is no number', () => {
    expect(holds({ gte: 1 }, '{"p":"2"}')).toBe(false);
    expect(holds({ gte: '1' }, '{"p":2}')).toBe(false);
    expect(holds({ lte: 'b' }, '{"p":"a"}')).toBe(false);
    expect(holds({ gte: 2 }, '{"p":1.9999999999}')).toBe(false);
    expect(holds({ lte: 2 }, '{"p":2.0000000001}')).toBe(false);
  });

  it('several operators of one condition must all hold, and so must several conditions', () => {
    expect(holds({ gte: 1, lte: 3 }, '{"p":2}')).toBe(true);
    expect(holds({ gte: 1, lte: 3 }, '{"p":4}')).toBe(false);
    expect(holds({ ne: 2, exists: true }, '{"p":2}')).toBe(false);
    const where = [
      { property: 'p', eq: 1 },
      { property: 'q', eq: 2 },
    ];
    expect(isMatched({ where }, { properties: '{"p":1,"q":2}' })).toBe(true);
    expect(isMatched({ where }, { properties: '{"p":1,"q":3}' })).toBe(false);
  });
});

describe('where on columns', () => {
  it('knows the amount as a number', () => {
    expect(holdsOf({ property: 'amount', eq: 10.5 }, { reporting_amount: 1050n })).toBe(true);
    expect(holdsOf({ property: 'amount', eq: '10.5' }, { reporting_amount: 1050n })).toBe(false);
    expect(holdsOf({ property: 'amount', gte: 10.51 }, { reporting_amount: 1050n })).toBe(false);
    expect(holdsOf({ property: 'amount', exists: false }, { reporting_amount: null })).toBe(true);
  });

  it.each(['product_id', 'category', 'campaign_source', 'campaign_medium', 'campaign_name'])(
    'knows %s as text',
    (property) => {
      expect(holdsOf({ property, eq: '5' }, { [property]: '5' })).toBe(true);
      expect(holdsOf({ property, eq: 5 }, { [property]: '5' })).toBe(false);
      expect(holdsOf({ property, gte: 5 }, { [property]: '5' })).toBe(false);
      expect(holdsOf({ property, exists: true }, { [property]: '' })).toBe(true);
      expect(holdsOf({ property, ne: 'x' }, { [property]: null })).toBe(false);
    },
  );

  it('lets the column win over an equal key, also where the column is null', () => {
    expect(
      holdsOf({ property: 'category', eq: 'a' }, { category: 'b', properties: '{"category":"a"}' }),
    ).toBe(false);
    expect(holdsOf({ property: 'amount', exists: true }, { properties: '{"amount":5}' })).toBe(false);
  });

  it('takes every other name from properties', () => {
    expect(holdsOf({ property: 'order_id', exists: true }, { order_id: 'o' })).toBe(false);
    expect(holdsOf({ property: 'channel', eq: 'x' }, { channel: 'web', properties: '{"channel":"x"}' })).toBe(
      true,
    );
  });
});

describe('decimals', () => {
  it('are ordered by value, not by spelling', () => {
    expect(compareDecimals(decimalOf('0.10'), decimalOf('0.1'))).toBe(0);
    expect(compareDecimals(decimalOf('-2'), decimalOf('-1.9'))).toBe(-1);
    expect(compareDecimals(decimalOf('1e+21'), decimalOf('999999999999999999999.9'))).toBe(1);
  });
});
