import type { LifecycleIssue } from './lifecycle-issue.ts';
import { type Condition, type ConditionValue, type Operator, operators } from './lifecycle-template.ts';

/** Columns of touchpoints that conditions see as text; `amount` is a number, properties may be either. */
const textColumns = [
  'product_id',
  'category',
  'campaign_source',
  'campaign_medium',
  'campaign_name',
] as const;

/** What the tables hold: decimal(38,10). */
const DECIMALS = 10;

interface Test {
  readonly condition: number;
  readonly operator: Operator;
  readonly values: readonly ConditionValue[];
}

/** Conditions that no touchpoint can satisfy together, and values that no table can hold. */
export function impossibleConditions(
  conditions: readonly Condition[],
  path: readonly PropertyKey[],
): readonly LifecycleIssue[] {
  const byProperty = new Map<string, Test[]>();
  const issues: LifecycleIssue[] = [];
  for (const [index, condition] of conditions.entries()) {
    const tests = testsOf(condition, index);
    if (tests.length === 0) {
      const message = `says nothing of "${condition.property}": add one of ${operators.join(', ')}`;
      issues.push({ path: [...path, index], message });
    }
    issues.push(...valueIssues(tests, [...path, index]));
    byProperty.set(condition.property, [...(byProperty.get(condition.property) ?? []), ...tests]);
  }
  for (const [property, tests] of byProperty) {
    const reason = impossibleReason(property, tests);
    const last = tests.at(-1)?.condition ?? 0;
    if (reason) {
      issues.push({ path: [...path, last], message: `the rule can never fire: ${reason}` });
    }
  }
  return issues;
}

function testsOf(condition: Condition, index: number): readonly Test[] {
  return operators.flatMap((operator) => {
    const value = condition[operator];
    return value === undefined
      ? []
      : [{ condition: index, operator, values: Array.isArray(value) ? value : [value] }];
  });
}

function valueIssues(tests: readonly Test[], path: readonly PropertyKey[]): readonly LifecycleIssue[] {
  return tests.flatMap(({ operator, values }) =>
    values.flatMap((value, index) => {
      const place = [...path, operator, ...(operator === 'in' ? [index] : [])];
      if (typeof value === 'number' && !isHeldExactly(value)) {
        const message = `${value} has more than ${DECIMALS} decimals, or is larger than can be compared exactly`;
        return [{ path: place, message }];
      }
      return values.indexOf(value) < index ? [{ path: place, message: `${value} is listed twice` }] : [];
    }),
  );
}

const isHeldExactly = (value: number): boolean =>
  Math.abs(value) <= Number.MAX_SAFE_INTEGER && Number(value.toFixed(DECIMALS)) === value;

function impossibleReason(property: string, tests: readonly Test[]): string | undefined {
  const wantsMissing = tests.some(({ operator, values }) => operator === 'exists' && values[0] === false);
  if (wantsMissing) {
    const isAlone = tests.every(({ operator, values }) => operator === 'exists' && values[0] === false);
    return isAlone
      ? undefined
      : `"${property}" would have to be missing (exists: false) and ${textOf(tests.filter((test) => !(test.operator === 'exists' && test.values[0] === false)))}`;
  }
  const kind = kindOf(property);
  const foreign = tests.find((test) => isForeign(test, kind));
  if (foreign) {
    return `the column "${property}" holds ${kind}s, which ${textOf([foreign])} never fits`;
  }
  return hasValue(tests, kind) ? undefined : `no value of "${property}" is ${textOf(tests)}`;
}

type Kind = 'number' | 'text' | 'either';

const kindOf = (property: string): Kind =>
  property === 'amount' ? 'number' : textColumns.some((column) => column === property) ? 'text' : 'either';

const fits = (value: ConditionValue, kind: Kind): boolean =>
  kind === 'either' || (typeof value === 'number') === (kind === 'number');

/** A test that no value of the column's type satisfies. */
function isForeign({ operator, values }: Test, kind: Kind): boolean {
  if (operator === 'gte' || operator === 'lte') {
    return kind === 'text';
  }
  return (operator === 'eq' || operator === 'in') && !values.some((value) => fits(value, kind));
}

/** true and "true" are the same text; 1 and "1" never equal each other. */
const keyOf = (value: ConditionValue): string => (typeof value === 'number' ? `n${value}` : `t${value}`);

/** Whether some value satisfies all tests at once; there is always one more number and one more text. */
function hasValue(tests: readonly Test[], kind: Kind): boolean {
  const of = (operator: Operator) => tests.filter((test) => test.operator === operator);
  const least = Math.max(...of('gte').map(({ values }) => Number(values[0])));
  const most = Math.min(...of('lte').map(({ values }) => Number(values[0])));
  const isBounded = of('gte').length + of('lte').length > 0;
  const refused = new Set(of('ne').map(({ values }) => keyOf(values[0] ?? '')));
  const isWithin = (value: ConditionValue) =>
    !isBounded || (typeof value === 'number' && value >= least && value <= most);
  const lists = [...of('eq'), ...of('in')].map(({ values }) => values);
  const [first, ...others] = lists;
  if (first === undefined) {
    return !isBounded || least < most || (least === most && !refused.has(keyOf(least)));
  }
  return first.some(
    (value) =>
      fits(value, kind) &&
      isWithin(value) &&
      !refused.has(keyOf(value)) &&
      others.every((list) => list.some((other) => keyOf(other) === keyOf(value))),
  );
}

const textOf = (tests: readonly Test[]): string =>
  tests
    .map(({ operator, values }) => {
      const shown = values.map((value) => JSON.stringify(value)).join(', ');
      return operator === 'in' ? `in [${shown}]` : `${operator} ${shown}`;
    })
    .join(' and ');
