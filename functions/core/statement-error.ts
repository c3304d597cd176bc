import { DonguError, errorText, ModelError, StatementError } from './errors.ts';

/** The line that an engine complains of, in the words of DuckDB or of Trino. */
const lineOf = (text: string): string | undefined => /(?:\bLINE |\bline )(\d+):/.exec(text)?.[1];

export const MEND_THE_MODEL = 'Mend the model; what was published before stays as it is.';

/** A file whose text stands in a statement, and the line of the statement on which it begins. */
export interface PlacedText {
  readonly file: string;
  readonly firstLine: number;
}

/** Says the model's file and line in front of what the engine complains of. */
export async function located<T>(place: string, work: () => Promise<T>): Promise<T> {
  return locatedIn([{ file: place, firstLine: 1 }], work);
}

/** The same for a statement that is made of several files: the line says which of them is meant. */
export async function locatedIn<T>(texts: readonly PlacedText[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DonguError && !(error instanceof StatementError)) {
      throw error;
    }
    const text = errorText(error);
    throw new ModelError(
      `${placeOf(texts, lineOf(text))}: ${text.split('\n')[0] ?? ''}`,
      error instanceof StatementError ? error.hint : MEND_THE_MODEL,
      { cause: error },
    );
  }
}

function placeOf(texts: readonly PlacedText[], line: string | undefined): string {
  const found = texts.findLast(({ firstLine }) => line !== undefined && firstLine <= Number(line));
  return found && line !== undefined
    ? `${found.file}: line ${Number(line) - found.firstLine + 1}`
    : texts.map(({ file }) => file).join(', ');
}
