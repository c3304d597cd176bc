/**
 * A cell of Athena's answer as the warehouse's port gives values: integers up to 32 bits and doubles as numbers, larger
 * integers, decimals, days and times as text, a time without zeros at the end of its fraction. No text is null.
 */
export function readCell(type: string, text: string | undefined): unknown {
  if (text === undefined) {
    return null;
  }
  switch (type) {
    case 'boolean':
      return text === 'true';
    case 'integer':
    case 'smallint':
    case 'tinyint':
    case 'double':
    case 'float':
      return doubleOf(text);
    case 'timestamp':
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    default:
      return text;
  }
}

/** What JSON has no number for stays text, as of the other engine. */
function doubleOf(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
