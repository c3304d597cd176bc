/** The cells of one CSV line by RFC 4180; for headers and seeds, not for data files (those DuckDB reads). */
export function splitCsvLine(line: string, delimiter = ','): readonly string[] {
  const cells = [''];
  let isInQuotes = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '"' && isInQuotes && line[at + 1] === '"') {
      cells[cells.length - 1] += '"';
      at += 1;
    } else if (character === '"') {
      isInQuotes = !isInQuotes;
    } else if (character === delimiter && !isInQuotes) {
      cells.push('');
    } else {
      cells[cells.length - 1] += character;
    }
  }
  return cells;
}
