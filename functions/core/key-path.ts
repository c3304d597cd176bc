const stepInto = (value: unknown, step: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;

const idOf = (value: unknown): unknown => stepInto(value, 'id');

/** An entry by its id where that is its own, otherwise by its number from 1. */
function entryText(list: readonly unknown[], index: number): string {
  const id = idOf(list[index]);
  const isOwn = typeof id === 'string' && list.filter((entry) => idOf(entry) === id).length === 1;
  return isOwn ? id : String(index + 1);
}

/**
 * A place in a YAML text as its author sees it: `stages.retention.enter.2.where.gte`. A single value that stands
 * where a list may stand has no number.
 */
export function keyPathText(raw: unknown, path: readonly PropertyKey[]): string {
  const texts: string[] = [];
  let current = raw;
  for (const step of path) {
    if (typeof step !== 'number') {
      texts.push(String(step));
      current = stepInto(current, step);
    } else if (Array.isArray(current)) {
      texts.push(entryText(current, step));
      current = current[step];
    }
  }
  return texts.join('.');
}

/** The value at a place of a YAML text; undefined where there is none. */
export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (current, step) =>
      typeof step === 'number' && !Array.isArray(current) ? current : stepInto(current, step),
    raw,
  );
}
