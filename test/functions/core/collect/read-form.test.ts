import { describe, expect, it } from 'vitest';
import { readForm } from '../../../../functions/core/collect/read-form.ts';

const read = (text: string): unknown => {
  const form = readForm(text, 'Lead Created');
  return typeof form === 'string' ? form : JSON.parse(form.json);
};

describe('readForm', () => {
  it('makes a track message of fields', () => {
    expect(read('email=ayse%40example.com&plan=pro+yearly&userId=C-1&message=Merhaba')).toEqual({
      event: 'Lead Created',
      userId: 'C-1',
      context: { traits: { email: 'ayse@example.com' } },
      properties: { plan: 'pro yearly', message_body: 'Merhaba' },
    });
  });

  it('keeps all values of a field named twice, and leaves out empty ones', () => {
    expect(read('a=1&a=2&b=&c')).toEqual({ event: 'Lead Created', properties: { a: ['1', '2'] } });
  });

  it('keeps key and redirect out of the message', () => {
    const form = readForm('writeKey=K&redirect=https%3A%2F%2Fshop.example%2F&a=1', 'X');

    expect(form).toMatchObject({ writeKey: 'K', redirect: 'https://shop.example/' });
    expect(JSON.stringify(form)).not.toContain('"K\\"');
  });

  it('takes __proto__ as a field like any other', () => {
    const form = readForm('__proto__=x&constructor=y', 'X');

    expect(typeof form === 'object' && form.json).toBe(
      '{"event":"X","properties":{"__proto__":"x","constructor":"y"}}',
    );
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each([
    ['a broken escape', 'a=%zz', 'invalid_form'],
    ['half an escape', 'a=%e2%82', 'invalid_form'],
    ['a broken name', '%=1', 'invalid_form'],
    ['201 fields', Array.from({ length: 201 }, (_, i) => `f${i}=1`).join('&'), 'too_many_fields'],
  ])('refuses %s', (_name, text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it('takes 200 fields', () => {
    expect(read(Array.from({ length: 200 }, (_, i) => `f${i}=1`).join('&'))).toMatchObject({
      event: 'Lead Created',
    });
  });
});
