// The two CSV files of a view. The machine file is locale-free and exact, for BI tools and scripts;
// the Turkish file opens rightly by a double click in a Turkish Excel.
import type { Cell, ColumnType, View, ViewColumn } from '../snapshot.ts';
import { minorUnitDigits } from './number-format.ts';

type CsvTable = Pick<View, 'kind' | 'columns' | 'rows'>;

// Excel, LibreOffice and Sheets read a field that begins so as a formula; some trim spaces first.
const formulaStart = /^[\s\u00a0]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

const kpiValueKeys = new Set(['value', 'target']);

const kindsWithUnits: ReadonlySet<string> = new Set(['kpi_tiles', 'stage_profiles']);

/** A KPI's value is typed by the `unit` of its row: only money is stored differently from how it is read. */
function cellType(table: CsvTable, column: ViewColumn, row: readonly Cell[]): ColumnType {
  if (!kindsWithUnits.has(table.kind) || !kpiValueKeys.has(column.key)) return column.type;
  const unitIndex = table.columns.findIndex((candidate) => candidate.key === 'unit');
  return row[unitIndex] === 'money' ? 'money' : column.type;
}

/** Exact, from the digits: kuruş 124990 is "1249.90" whatever floating point would say. */
function writeMoney(minorUnits: number, currency: string): string {
  const digits = minorUnitDigits(currency);
  const sign = minorUnits < 0 ? '-' : '';
  const all = BigInt(Math.round(Math.abs(minorUnits)))
    .toString()
    .padStart(digits + 1, '0');
  const split = all.length - digits;
  return digits === 0 ? sign + all : `${sign}${all.slice(0, split)}.${all.slice(split)}`;
}

/** Plain decimal notation, never 1e-7. */
function writeNumber(value: number, digits: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** `0` → 0, `0.0` → 1, `0.0%` of a ratio → 3; null where the format does not say. */
function roundingDigits(format: string): number | null {
  const match = /^[#,]*0(?:\.(0+))?(%)?$/.exec(format);
  if (!match) return null;
  return (match[1]?.length ?? 0) + (match[2] ? 2 : 0);
}

function writeNumeric(value: number, type: ColumnType, currency: string, digits: number): string {
  if (!Number.isFinite(value)) return '';
  return type === 'money' ? writeMoney(value, currency) : writeNumber(value, digits);
}

function quote(text: string, separator: string): string {
  const isPlain = !text.includes(separator) && !/["\r\n]/.test(text) && text === text.trim();
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

function machineCell(cell: Cell, type: ColumnType, currency: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return writeNumeric(cell, type, currency, 9);
  return typeof cell === 'boolean' ? String(cell) : quote(cell, ',');
}

function turkishDate(text: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match ? `${match[3]}.${match[2]}.${match[1]}` : text;
}

function turkishText(text: string): string {
  return quote(formulaStart.test(text) ? `'${text}` : text, ';');
}

function turkishCell(cell: Cell, type: ColumnType, column: ViewColumn, currency: string): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'evet' : 'hayır';
  if (typeof cell === 'number') {
    const digits = roundingDigits(column.format) ?? (type === 'int' ? 0 : 6);
    return writeNumeric(cell, type, currency, digits).replace('.', ',');
  }
  return turkishText(type === 'date' ? turkishDate(cell) : cell);
}

/** `,` and `.`, ISO dates, money in major units, keys as headers, LF; text exactly as it is. */
export function writeMachineCsv(table: CsvTable, currency: string): string {
  const header = table.columns.map((column) => quote(column.key, ','));
  const rows = table.rows.map((row) =>
    table.columns.map((column, index) =>
      machineCell(row[index] ?? null, cellType(table, column, row), currency),
    ),
  );
  return [header, ...rows].map((fields) => `${fields.join(',')}\n`).join('');
}

/**
 * `;` and decimal comma, dates as 31.10.2026, Turkish headers, rounded by the column's format, BOM, CRLF.
 * No `sep=` line: with one, Excel ignores the BOM and breaks ğ, ş and İ.
 */
export function writeTurkishCsv(table: CsvTable, currency: string): string {
  const header = table.columns.map((column) => turkishText(column.label.tr));
  const rows = table.rows.map((row) =>
    table.columns.map((column, index) =>
      turkishCell(row[index] ?? null, cellType(table, column, row), column, currency),
    ),
  );
  return `\ufeff${[header, ...rows].map((fields) => `${fields.join(';')}\r\n`).join('')}`;
}
