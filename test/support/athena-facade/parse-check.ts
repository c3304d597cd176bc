import { invalidRequest } from './athena-refusal.ts';
import { TrinoFailure, trinoRows } from './trino-client.ts';

/**
 * Refuses at once, as Athena does, what cannot be parsed. Validation without a catalog parses the whole text and then
 * gives up at the first relation, so it costs no look at Glue; only its parse errors count.
 */
export async function refuseUnparsable(url: string, sql: string): Promise<void> {
  try {
    await trinoRows({ url, catalog: undefined, schema: undefined }, `EXPLAIN (TYPE VALIDATE)\n${sql}`);
  } catch (error) {
    if (!(error instanceof TrinoFailure)) {
      throw error;
    }
    if (error.isParseError) {
      throw invalidRequest(withoutFirstLine(error.message), 'MALFORMED_QUERY');
    }
  }
}

/** The statement stands one line below the words that ask for its validation. */
function withoutFirstLine(message: string): string {
  return message.replace(/^line (\d+):/, (_place, line: string) => `line ${Number(line) - 1}:`);
}
