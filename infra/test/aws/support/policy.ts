// What an IAM policy allows: as much of the language as policies of this project use. What it does not know it refuses to judge.

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: OneOrMore;
  readonly Resource: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

/** One thing that a caller wants to do. */
export interface Wish {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that are known of it, in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

const listed = (given: OneOrMore): readonly string[] => (typeof given === 'string' ? [given] : given);

function pattern(text: string, flags: string): RegExp {
  const literal = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
}

/** Names of actions have no case, those of resources have. */
const matchesAction = (action: string, patterns: OneOrMore): boolean =>
  listed(patterns).some((text) => pattern(text, 'i').test(action));
const matchesText = (text: string, patterns: OneOrMore): boolean =>
  listed(patterns).some((one) => pattern(one, '').test(text));

type Operator = (actual: string | undefined, expected: OneOrMore) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: (actual, expected) => actual !== undefined && listed(expected).includes(actual),
  StringLike: (actual, expected) => actual !== undefined && matchesText(actual, expected),
  ArnLike: (actual, expected) => actual !== undefined && matchesText(actual, expected),
  ArnEquals: (actual, expected) => actual !== undefined && matchesText(actual, expected),
  Bool: (actual, expected) => actual !== undefined && listed(expected).includes(actual),
};

function holds(condition: NonNullable<Statement['Condition']>, { context }: Wish): boolean {
  return Object.entries(condition).every(([name, keys]) => {
    const operator = operators[name];
    if (operator === undefined) throw new Error(`the simulator of policies does not know ${name}`);
    return Object.entries(keys).every(([key, expected]) => operator(context[key.toLowerCase()], expected));
  });
}

function concerns(statement: Statement, wish: Wish): boolean {
  const known = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Principal']);
  const unknown = Object.keys(statement).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`the simulator of policies does not know ${unknown.join(', ')}`);
  return (
    matchesAction(wish.action, statement.Action) &&
    matchesText(wish.resource, statement.Resource) &&
    (statement.Condition === undefined || holds(statement.Condition, wish))
  );
}

/** Whether policies of an identity together allow it. */
export function isAllowed(policies: readonly Policy[], wish: Wish): boolean {
  const statements = policies.flatMap(({ Statement: given }) => (Array.isArray(given) ? given : [given]));
  const found = (statements as readonly Statement[]).filter((statement) => concerns(statement, wish));
  return found.some(({ Effect }) => Effect === 'Allow') && !found.some(({ Effect }) => Effect === 'Deny');
}
