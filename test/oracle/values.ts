/** The order of text everywhere in the design: by its UTF-8 bytes, not by JavaScript's UTF-16 units. */
export function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'));
}

/** The first non-zero comparison decides. */
export function firstDifference(...comparisons: readonly number[]): number {
  return comparisons.find((comparison) => comparison !== 0) ?? 0;
}

export function groupBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

const plainNumber = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** A plain decimal as an integer of 10^-digits, rounded half away from zero; undefined when the text is no number. */
export function parseDecimal(text: string, digits: number): bigint | undefined {
  const parts = plainNumber.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = parts;
  const kept = BigInt(whole + fraction.padEnd(digits, '0').slice(0, digits));
  const rounded = Number(fraction[digits] ?? '0') >= 5 ? kept + 1n : kept;
  return sign === '-' ? -rounded : rounded;
}

export function formatMinor(minor: bigint): string {
  const size = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`;
}

/** DuckDB's lower(): code point by code point, so that 'İ' becomes the one letter 'i'. */
export function lowerByCodePoint(text: string): string {
  return Array.from(text, (letter) => Array.from(letter.toLowerCase())[0] ?? '').join('');
}

const isoTime = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Times without an offset are Istanbul time by the source's definition: +03:00 all year since 2016. */
const sourceOffsetMinutes = 180;

/** Milliseconds since 1970, cut (not rounded) to the millisecond; undefined for a day or time that does not exist. */
export function parseInstant(text: string): number | undefined {
  const parts = isoTime.exec(text.trim());
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? '0')) as number[];
  const wall = Date.UTC(
    year ?? 0,
    (month ?? 1) - 1,
    day ?? 1,
    hour ?? 0,
    minute ?? 0,
    second ?? 0,
    Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0')),
  );
  const shown = new Date(wall);
  const isReal =
    shown.getUTCMonth() === (month ?? 1) - 1 &&
    shown.getUTCDate() === day &&
    shown.getUTCHours() === hour &&
    shown.getUTCMinutes() === minute;
  const offset = offsetMinutes(parts[8]);
  return isReal && offset !== undefined ? wall - offset * 60_000 : undefined;
}

/** Undefined for an offset that no place on earth has. */
function offsetMinutes(offset: string | undefined): number | undefined {
  if (offset === undefined) return sourceOffsetMinutes;
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  const signed = offset.startsWith('-') ? -minutes : minutes;
  return Number(offset.slice(-2)) < 60 && signed >= -720 && signed <= 840 ? signed : undefined;
}
