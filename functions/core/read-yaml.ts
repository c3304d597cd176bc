import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { keyPathText, valueAt } from './key-path.ts';
import { unknownNameText } from './nearest-name.ts';

export type Problem = (message: string, hint: string) => Error;

interface SchemaLike {
  readonly shape?: Readonly<Record<string, unknown>>;
}

/** The keys that a schema knows at a path, so that a mistyped key can be answered with the nearest one. */
function knownKeysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let current = unwrap(schema);
  for (const step of path) {
    const shape = (current as SchemaLike).shape;
    const def = (current as { def?: { element?: unknown; valueType?: unknown; options?: unknown[] } }).def;
    current = unwrap(shape ? shape[String(step)] : (def?.element ?? def?.valueType));
  }
  return Object.keys((current as SchemaLike | undefined)?.shape ?? {});
}

/** Through defaults and `z.preprocess`, to the schema that has keys. */
function unwrap(schema: unknown): unknown {
  const def = (schema as { def?: { type?: string; innerType?: unknown; out?: unknown } } | undefined)?.def;
  const inner = def?.innerType ?? (def?.type === 'pipe' ? def.out : undefined);
  return inner ? unwrap(inner) : schema;
}

/** Codes of a value that is not what it has to be. */
const wantedCodes: readonly string[] = ['invalid_type', 'invalid_value', 'invalid_union'];

function issueText(schema: z.ZodType, raw: unknown, issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${keyPathText(raw, issue.path)}: ` : '';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(schema, issue.path);
    return issue.keys.map((key) => `${where}the key ${unknownNameText(key, known)}`).join('; ');
  }
  const isMissing = wantedCodes.includes(issue.code) && valueAt(raw, issue.path) === undefined;
  return `${where}${isMissing ? 'is missing' : (plainText(schema, issue) ?? issue.message)}`;
}

/** What each kind of value is called in YAML. */
const kindTexts: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  string: 'a text',
};

/** The schema library's own words, for whoever does not know it; a message written for its key stays. */
function plainText(schema: z.ZodType, issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.message.startsWith('Too small')) {
    return 'is empty';
  }
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) {
    return undefined;
  }
  const known = knownKeysAt(schema, issue.path);
  const kind = kindTexts[issue.expected] ?? (known.length > 0 ? `the keys ${known.join(', ')}` : 'keys');
  return `say ${kind}`;
}

/** The plain values of a YAML text, before any schema. */
export function parseYaml(text: string, file: string, problem: Problem): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const syntax = document.errors[0];
  if (syntax) {
    throw problem(`${file}: ${syntax.message}`, 'Mend the YAML at that line.');
  }
  return document.toJS() ?? {};
}

/** Holds parsed YAML against a schema; the error names the file, and of each fault the key and the reason. */
export function checkYaml<T>(raw: unknown, file: string, schema: z.ZodType<T>, problem: Problem): T {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const texts = parsed.error.issues.map((issue) => issueText(schema, raw, issue));
    throw problem(
      `${file}: ${texts.join('; ')}`,
      'Correct the key or value; docs/configuration.md, docs/sources.md and docs/lifecycles.md list them.',
    );
  }
  return parsed.data;
}

/**
 * Reads a YAML text against a schema. `problem` makes the error of the caller's kind;
 * its message names the file, the key and, for a key that is not known, the nearest one that is.
 */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>, problem: Problem): T {
  return checkYaml(parseYaml(text, file, problem), file, schema, problem);
}
