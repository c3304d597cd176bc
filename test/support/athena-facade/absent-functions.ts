import { StatementFailure } from './execution-errors.ts';
import { maskedSql } from './statement-text.ts';

/*
 * Functions of Trino 476 that Athena is not known to have. AWS states no version of Trino, so this is a belief: what came
 * to Trino after version 419, what asks a service outside, and what the facade's catalogs would have to hold. A list of
 * what Athena does have would be surer, and is not published.
 */
const absent: readonly string[] = [
  // the AI plug-in (470)
  'ai_analyze_sentiment',
  'ai_classify',
  'ai_extract',
  'ai_fix_grammar',
  'ai_gen',
  'ai_mask',
  'ai_translate',
  // the machine-learning plug-in, which Athena replaces by USING EXTERNAL FUNCTION
  'learn_classifier',
  'learn_libsvm_classifier',
  'learn_libsvm_regressor',
  'learn_regressor',
  'classify',
  'regress',
  'features',
  // arrays and vectors
  'array_histogram',
  'cosine_distance',
  'dot_product',
  'euclidean_distance',
  'trim_array',
  // dates, texts, statistics
  't_cdf',
  't_pdf',
  'xxhash64_seeded',
  'to_geojson_geometry',
  'from_geojson_geometry',
  'reduce_agg_by',
  'version',
];

const anyAbsent = new RegExp(String.raw`\b(?<name>${absent.join('|')})\s*\(`);

/** Fails a statement as Trino does where a function is unknown. */
export function refuseAbsentFunctions(sql: string): void {
  const match = anyAbsent.exec(maskedSql(sql));
  const name = match?.groups?.name;
  if (match === null || name === undefined) {
    return;
  }
  const before = sql.slice(0, match.index);
  const line = before.split('\n').length;
  const column = match.index - (before.lastIndexOf('\n') + 1) + 1;
  throw new StatementFailure(
    `FUNCTION_NOT_FOUND: line ${line}:${column}: Function '${name}' not registered`,
    {
      category: 2,
      type: 1303,
      retryable: false,
    },
  );
}
