import { describe, expect, it } from 'vitest';
import { scanCost, sumOfCosts } from '../../../functions/core/scan-cost.ts';

const MEGABYTE = 1024 ** 2;
const billed = (bytesScanned: number, isFree = false) =>
  (scanCost({ bytesScanned, isFree }, 5).dollars / 5) * 1024 ** 2;

describe('the price of a statement', () => {
  it('is that of ten megabytes at least', () => {
    expect(billed(1)).toBe(10);
    expect(billed(10 * MEGABYTE)).toBe(10);
  });

  it('counts whole megabytes, upwards', () => {
    expect(billed(10 * MEGABYTE + 1)).toBe(11);
    expect(billed(12.5 * MEGABYTE)).toBe(13);
  });

  it('is nothing where nothing is read, defined or failed', () => {
    expect(billed(0)).toBe(0);
    expect(billed(50 * MEGABYTE, true)).toBe(0);
    expect(scanCost({ bytesScanned: 7, isFree: true }, 5).bytesScanned).toBe(7);
  });

  it('follows the price of the region', () => {
    expect(scanCost({ bytesScanned: 1024 ** 4, isFree: false }, 6.75).dollars).toBe(6.75);
  });

  it('adds up, with statements that cost nothing', () => {
    expect(
      sumOfCosts([{ bytesScanned: 3, dollars: 1 }, undefined, { bytesScanned: 4, dollars: 0.5 }]),
    ).toEqual({
      bytesScanned: 7,
      dollars: 1.5,
    });
  });
});
