import type { Model } from './model-definition.ts';

/** A select of offending rows: none means that the check holds. */
export interface Check {
  readonly model: string;
  readonly name: string;
  readonly sql: string;
  readonly severity: 'block' | 'warn';
}

const list = (values: readonly (string | number | boolean)[]): string =>
  values
    .map((value) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)))
    .join(', ');

function grainCheck(model: Model): Check {
  const { grain } = model.definition;
  const positions = grain.map((_, index) => index + 1).join(', ');
  return {
    model: model.name,
    name: `one row per ${grain.join(', ')}`,
    sql: `select ${grain.join(', ')}, count(*) as count_rows from ${model.name} group by ${positions} having count(*) > 1`,
    severity: 'block',
  };
}

function columnChecks(model: Model): readonly Check[] {
  return Object.entries(model.definition.columns).flatMap(([column, { checks }]) =>
    checks.map((check): Check => {
      const base = { model: model.name, severity: 'block' as const };
      if (check === 'not_null') {
        return {
          ...base,
          name: `${column} is not null`,
          sql: `select ${column} from ${model.name} where ${column} is null`,
        };
      }
      if (check === 'unique') {
        return {
          ...base,
          name: `${column} is unique`,
          sql: `select ${column}, count(*) as count_rows from ${model.name} group by 1 having count(*) > 1`,
        };
      }
      if ('accepted' in check) {
        return {
          ...base,
          name: `${column} is one of ${check.accepted.join(', ')}`,
          sql: `select ${column}, count(*) as count_rows from ${model.name} where ${column} not in (${list(check.accepted)}) group by 1`,
        };
      }
      const [relation = '', other = ''] = check.relationship.split('.');
      return {
        ...base,
        name: `${column} stands in ${check.relationship}`,
        sql:
          `select model.${column} from ${model.name} as model left join ${relation} as parent on model.${column} = parent.${other} ` +
          `where model.${column} is not null and parent.${other} is null`,
      };
    }),
  );
}

/** Every check of a model: its grain, its columns', and its own identities. */
export function checksOf(model: Model): readonly Check[] {
  const own = model.definition.checks.map(
    (check): Check => ({ model: model.name, name: check.name, sql: check.sql, severity: check.severity }),
  );
  const { materialise, repeats } = model.definition;
  // a view is read through by tables, which have a grain of their own to check
  const grain = materialise === 'view' || repeats ? [] : [grainCheck(model)];
  return [...grain, ...columnChecks(model), ...own];
}
