import { describe, expect, it } from 'vitest';
import { aLine, received } from './build.ts';
import { identifiersOf, normaliseEmail, normalisePhone } from './identifiers.ts';
import { keepRows, ledgerOf, refusal } from './land.ts';
import { formatMinor, parseDecimal, parseInstant } from './values.ts';

describe('refusal', () => {
  it.each([
    [{ event: null }, 'missing_event'],
    [{ occurred_at: null }, 'invalid_time'],
    [{ occurred_at: '2024-02-30T10:00:00Z' }, 'invalid_time'],
    [{ user_id: null }, 'no_identifier'],
    [{ user_id: 'anonymous', email: ' NULL ' }, 'no_identifier'],
    [{ amount: '1.234,50' }, 'invalid_amount'],
    [{ amount: '1.234' }, 'invalid_amount'],
    [{ amount: '-5.005' }, 'invalid_amount'],
    [{ quantity: 'iki' }, 'invalid_quantity'],
    [{ quantity: '1.23456' }, 'invalid_quantity'],
    [{ occurred_at: '2024-02-29T10:00:00+99:00' }, 'invalid_time'],
    [{ occurred_at: '2024-02-29T24:00:00Z' }, 'invalid_time'],
    [{ amount: '19.990000000000002', quantity: '0.30000000000000004' }, undefined],
    [{ properties: '[1]' }, 'invalid_json'],
    [{ properties: '{"a":1}', amount: '-1.5' }, undefined],
  ])('%j gives %s', (overrides, reason) => {
    expect(refusal(aLine(overrides))).toBe(reason);
  });
});

describe('keepRows', () => {
  it('keeps the first received of one id', () => {
    const kept = keepRows([
      { file: 1, line: 0, values: aLine({ touchpoint_id: 't', country: 'DE' }) },
      { file: 0, line: 7, values: aLine({ touchpoint_id: 't', country: 'TR' }) },
    ]);

    expect(kept.map((row) => row.values.country)).toEqual(['TR']);
  });

  it('keeps the valid one where the first is refused', () => {
    const kept = keepRows(received({ touchpoint_id: 't', amount: 'x' }, { touchpoint_id: 't', amount: '1' }));

    expect(kept.map((row) => row.amountMinor)).toEqual([100n]);
  });

  it('counts same lines without an id once for each of them in one file, and once over several files', () => {
    const same = aLine();
    const places = [
      [0, 0],
      [0, 1],
      [1, 0],
    ] as const;

    expect(keepRows(places.map(([file, line]) => ({ file, line, values: same })))).toHaveLength(2);
  });
});

describe('ledgerOf', () => {
  it('balances loaded, duplicate and quarantined rows', () => {
    const ledger = ledgerOf(
      received({ touchpoint_id: 'a' }, { touchpoint_id: 'a' }, { kind: 'identify' }, { event: null }),
    );

    expect(ledger).toEqual({
      accepted: 4,
      loaded: 2,
      duplicate: 1,
      quarantined: 1,
      suppressed: 0,
      quarantinedByReason: { missing_event: 1 },
    });
  });
});

describe('normalisation', () => {
  it('gives one e-mail for all its spellings', () => {
    const spellings = ['İPEK@Örnek.com', ' ipek@örnek.com ', 'ipek@örnek.com'.normalize('NFD')];

    expect(new Set(spellings.map(normaliseEmail))).toEqual(new Set(['ipek@örnek.com']));
  });

  it('gives one phone number for all its spellings', () => {
    const spellings = [
      '0532 123 45 67',
      '532 123 45 67',
      '+90 532 123 45 67',
      '00905321234567',
      '(0532) 123-4567',
    ];

    expect(new Set(spellings.map(normalisePhone))).toEqual(new Set(['+905321234567']));
  });

  it('takes the earlier identifier of an alias for an anonymous one', () => {
    expect(identifiersOf(aLine({ previous_id: 'a1' }))).toEqual([
      { type: 'user_id', value: 'u1' },
      { type: 'anonymous_id', value: 'a1' },
    ]);
  });
});

describe('parseInstant', () => {
  it.each([
    ['2024-02-29T12:00:00.123999Z', '2024-02-29T12:00:00.123Z'],
    ['2024-02-29 15:00:00', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T07:00:00-05:00', '2024-02-29T12:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseInstant(text)).toBe(Date.parse(iso));
  });
});

describe('parseDecimal', () => {
  it.each([
    ['10', '10.00'],
    ['-0.005', '-0.01'],
    ['19.994', '19.99'],
  ])('reads %s as %s', (text, formatted) => {
    expect(formatMinor(parseDecimal(text, 2) ?? 0n)).toBe(formatted);
  });
});
