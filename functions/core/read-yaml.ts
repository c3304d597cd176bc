import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { unknownNameText } from './nearest-name.ts';

type Problem = (message: string, hint: string) => Error;

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

function unwrap(schema: unknown): unknown {
  const def = (schema as { def?: { innerType?: unknown } } | undefined)?.def;
  return def?.innerType ? unwrap(def.innerType) : schema;
}

function issueText(schema: z.ZodType, issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(schema, issue.path);
    return issue.keys.map((key) => `${where}the key ${unknownNameText(key, known)}`).join('; ');
  }
  return `${where}${issue.message}`;
}

/**
 * Reads a YAML text against a schema. `problem` makes the error of the caller's kind;
 * its message names the file, the key and, for a key that is not known, the nearest one that is.
 */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>, problem: Problem): T {
  const document = parseDocument(text, { prettyErrors: true });
  const syntax = document.errors[0];
  if (syntax) {
    throw problem(`${file}: ${syntax.message}`, 'Mend the YAML at that line.');
  }
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const texts = parsed.error.issues.map((issue) => issueText(schema, issue));
    throw problem(
      `${file}: ${texts.join('; ')}`,
      'Correct the key or value; docs/configuration.md and docs/sources.md list them.',
    );
  }
  return parsed.data;
}
