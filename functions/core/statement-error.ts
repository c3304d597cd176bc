import { DonguError, errorText, ModelError, StatementError } from './errors.ts';

/** The line that an engine complains of, in the words of DuckDB or of Trino. */
const lineOf = (text: string): string | undefined => /(?:\bLINE |\bline )(\d+):/.exec(text)?.[1];

export const MEND_THE_MODEL = 'Mend the model; what was published before stays as it is.';

/** Says the model's file and line in front of what the engine complains of. */
export async function located<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DonguError && !(error instanceof StatementError)) {
      throw error;
    }
    const text = errorText(error);
    const line = lineOf(text);
    throw new ModelError(
      `${place}${line ? `: line ${line}` : ''}: ${text.split('\n')[0] ?? ''}`,
      error instanceof StatementError ? error.hint : MEND_THE_MODEL,
      { cause: error },
    );
  }
}
