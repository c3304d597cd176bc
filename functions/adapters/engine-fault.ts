import { errorText } from '../core/errors.ts';

/** Kinds of error that speak of the machine and never of a value. */
const ABOUT_THE_MACHINE = ['Out of Memory Error', 'IO Error', 'Interrupt Error'];

/** True for an error whose words are the engine's own, whatever the data. */
export function isAboutTheMachine(error: unknown): boolean {
  return ABOUT_THE_MACHINE.some((kind) => errorText(error).startsWith(kind));
}

/**
 * What may be said of an error that a statement met among received values: its kind, and the column if it is one of
 * `columns`. The engine's own words quote the value, and its line is one of landing's statement around the select.
 */
export function faultWithoutValues(error: unknown, columns: readonly string[]): string {
  const text = errorText(error);
  const kind = /^[A-Z][A-Za-z-]*( [A-Za-z-]+){0,4} Error(?=:)/.exec(text)?.[0] ?? 'an error of the engine';
  const named = [...text.matchAll(/source column (\w+)/g)].at(-1)?.[1];
  const column = named !== undefined && columns.includes(named) ? `, column ${named}` : '';
  return `${kind}${column}`;
}
