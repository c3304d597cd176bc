import { formatMinor, parseDecimal } from './values.ts';

/** How a column is compared: each kind of cell has one spelling. */
export type CellKind = 'text' | 'instant' | 'day' | 'money' | 'count' | 'flag' | 'json';

/** One spelling of a cell, whatever the driver made of it. */
export function spell(value: unknown, kind: CellKind): string {
  if (value === null || value === undefined) return kind === 'json' ? '{}' : 'null';
  if (kind === 'instant') return spellInstant(value);
  if (kind === 'day')
    return value instanceof Date ? value.toISOString().slice(0, 10) : String(value).slice(0, 10);
  if (kind === 'money') return spellMoney(value);
  if (kind === 'count') return String(Number(value));
  return kind === 'json' ? spellJson(JSON.parse(String(value))) : String(value);
}

/** Milliseconds, a Date or a text; a text without an offset is UTC, as all warehouse timestamps are. */
function spellInstant(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'bigint') return new Date(Number(value)).toISOString();
  const text = String(value).replace(' ', 'T');
  return new Date(/Z$|[+-]\d{2}(:?\d{2})?$/.test(text.slice(10)) ? text : `${text}Z`).toISOString();
}

function spellMoney(value: unknown): string {
  const minor = parseDecimal(String(value), 2);
  return minor === undefined ? `no decimal: ${String(value)}` : formatMinor(minor);
}

function spellJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spellJson).join(',')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${spellJson(item)}`).join(',')}}`;
}
