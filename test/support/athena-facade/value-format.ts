import type { TrinoTypeSignature } from './trino-client.ts';

/** How Athena writes a value, from Trino's JSON and the type: that JSON has no field names in rows. */

function nested(value: unknown, signature: TrinoTypeSignature | undefined): string {
  return formatValue(value, signature) ?? 'null';
}

function memberType(
  signature: TrinoTypeSignature | undefined,
  index: number,
): TrinoTypeSignature | undefined {
  const argument = signature?.arguments[index];
  if (argument === undefined || typeof argument.value === 'number') {
    return undefined;
  }
  return argument.kind === 'NAMED_TYPE'
    ? argument.value.typeSignature
    : argument.kind === 'TYPE'
      ? argument.value
      : undefined;
}

function fieldName(signature: TrinoTypeSignature, index: number): string {
  const argument = signature.arguments[index];
  return argument?.kind === 'NAMED_TYPE'
    ? (argument.value.fieldName?.name ?? `field${index}`)
    : `field${index}`;
}

function formatRow(values: readonly unknown[], signature: TrinoTypeSignature): string {
  const fields = values.map(
    (value, index) => `${fieldName(signature, index)}=${nested(value, memberType(signature, index))}`,
  );
  return `{${fields.join(', ')}}`;
}

function formatArray(values: readonly unknown[], signature: TrinoTypeSignature): string {
  return `[${values.map((value) => nested(value, memberType(signature, 0))).join(', ')}]`;
}

function formatMap(value: object, signature: TrinoTypeSignature): string {
  const entries = Object.entries(value).map(
    ([key, one]) => `${key}=${nested(one, memberType(signature, 1))}`,
  );
  return `{${entries.join(', ')}}`;
}

/** Bytes come as base64 and are shown in hexadecimal, a blank between two bytes. */
function formatBytes(base64: string): string {
  return [...Buffer.from(base64, 'base64')].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

export function formatValue(value: unknown, signature: TrinoTypeSignature | undefined): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (Array.isArray(value) && signature !== undefined) {
    return signature.rawType === 'row' ? formatRow(value, signature) : formatArray(value, signature);
  }
  if (typeof value === 'object' && signature !== undefined) {
    return formatMap(value, signature);
  }
  return signature?.rawType === 'varbinary' ? formatBytes(String(value)) : String(value);
}

/** Null is empty and unquoted, all else is quoted. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;
}
