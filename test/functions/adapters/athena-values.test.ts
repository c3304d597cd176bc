import { describe, expect, it } from 'vitest';
import { readCell } from '../../../functions/adapters/athena-values.ts';

describe("a cell of Athena's answer", () => {
  it.each([
    ['integer', '-2147483648', -2_147_483_648],
    ['smallint', '7', 7],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['decimal', '0.10', '0.10'],
    ['double', '1.0E-7', 1e-7],
    ['double', '-0.0', -0],
    ['float', '3.5', 3.5],
    ['double', 'NaN', 'NaN'],
    ['double', '-Infinity', '-Infinity'],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['date', '2024-02-29', '2024-02-29'],
    ['timestamp', '2024-02-29 10:00:00.000', '2024-02-29 10:00:00'],
    ['timestamp', '2024-02-29 10:00:00.120', '2024-02-29 10:00:00.12'],
    ['timestamp', '2024-02-29 10:00:00.001', '2024-02-29 10:00:00.001'],
    ['timestamp', '2024-02-20 10:00:00', '2024-02-20 10:00:00'],
    ['varchar', 'İstanbul, "ı" 0.000', 'İstanbul, "ı" 0.000'],
    ['varchar', '', ''],
  ])('of type %s: %s', (type, text, value) => {
    expect(readCell(type, text)).toBe(value);
  });

  it.each(['varchar', 'integer', 'double', 'timestamp', 'boolean'])(
    'is null where there is no text: %s',
    (type) => {
      expect(readCell(type, undefined)).toBeNull();
    },
  );
});
