/** A number of any size, exact: `units` × 10^-`scale`. */
export type Decimal = { readonly units: bigint; readonly scale: number };

const numberText = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * A JSON or YAML number from its text. Exact for every size; the warehouse keeps a rule's numbers as decimal(38,10),
 * so what has more than 28 digits before or more than 10 behind the point is out of scope of a comparison with it.
 */
export function decimalOf(text: string): Decimal {
  const parts = numberText.exec(text);
  if (parts === null) throw new Error(`${text} is no number`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Negative, zero or positive as the left one is less than, equal to or more than the right one: 0.10 equals 0.1. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = unitsAt(left, scale) - unitsAt(right, scale);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}
