function editDistance(left: string, right: string): number {
  const row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    let diagonal = row[0] ?? 0;
    row[0] = i;
    for (let j = 1; j <= right.length; j += 1) {
      const above = row[j] ?? 0;
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      row[j] = Math.min(above + 1, (row[j - 1] ?? 0) + 1, diagonal + cost);
      diagonal = above;
    }
  }
  return row[right.length] ?? 0;
}

/** The known name nearest to a mistyped one, or undefined where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

/** `"timezone" is not known; did you mean "time_zone"?`, or the list of what is known. */
export function unknownNameText(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const rest = nearest ? `did you mean "${nearest}"?` : `known: ${[...known].sort().join(', ')}.`;
  return `"${name}" is not known; ${rest}`;
}
