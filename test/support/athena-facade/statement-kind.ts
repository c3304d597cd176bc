import { maskedSql } from './statement-text.ts';

export type StatementType = 'DDL' | 'DML' | 'UTILITY';

export interface StatementKind {
  readonly type: StatementType;
  /** As GetQueryExecution names it, such as SELECT or CREATE_VIEW. */
  readonly substatement: string;
  /** Results of a select go to a CSV file and begin with a header row. */
  readonly output: 'csv' | 'txt' | 'none';
}

interface Pattern extends StatementKind {
  readonly begins: RegExp;
}

function pattern(
  type: StatementType,
  substatement: string,
  output: StatementKind['output'],
  begins: RegExp,
): Pattern {
  return { type, substatement, output, begins };
}

const name = String.raw`[^\s(]+`;

/** The first that fits. Types after the API reference of QueryExecution, which counts CREATE TABLE AS among DML. */
const patterns: readonly Pattern[] = [
  pattern('DML', 'SELECT', 'csv', /^[\s(]*(select|with|table|values)\b/),
  pattern('DML', 'INSERT', 'none', /^insert\s+into\b/),
  pattern('DML', 'UNLOAD', 'none', /^unload\b/),
  pattern(
    'DML',
    'CREATE_TABLE_AS_SELECT',
    'none',
    new RegExp(String.raw`^create\s+table\s+(if\s+not\s+exists\s+)?${name}\s*(with\s*\([^;]*?\)\s*)?as\b`),
  ),
  pattern('DML', 'MERGE', 'none', /^merge\b/),
  pattern('DML', 'UPDATE', 'none', /^update\b/),
  pattern('DML', 'DELETE', 'none', /^delete\b/),
  pattern(
    'DDL',
    'CREATE_VIEW',
    'txt',
    /^create\s+(or\s+replace\s+)?(protected\s+)?(multi\s+dialect\s+)?view\b/,
  ),
  pattern('DDL', 'CREATE_TABLE', 'txt', /^create\s+(or\s+replace\s+)?(external\s+)?table\b/),
  pattern('DDL', 'CREATE_DATABASE', 'txt', /^create\s+(database|schema)\b/),
  pattern('DDL', 'DROP_VIEW', 'txt', /^drop\s+view\b/),
  pattern('DDL', 'DROP_TABLE', 'txt', /^drop\s+table\b/),
  pattern('DDL', 'DROP_DATABASE', 'txt', /^drop\s+(database|schema)\b/),
  pattern(
    'DDL',
    'ALTER_TABLE_ADD_PARTITION',
    'txt',
    /^alter\s+table\s+\S+\s+add\s+(if\s+not\s+exists\s+)?partition\b/,
  ),
  pattern(
    'DDL',
    'ALTER_TABLE_DROP_PARTITION',
    'txt',
    /^alter\s+table\s+\S+\s+drop\s+(if\s+exists\s+)?partition\b/,
  ),
  pattern('DDL', 'ALTER_TABLE', 'txt', /^alter\s+table\b/),
  pattern('DDL', 'MSCK_REPAIR_TABLE', 'txt', /^msck\s+repair\s+table\b/),
  pattern('UTILITY', 'EXPLAIN', 'txt', /^explain\b/),
  pattern('UTILITY', 'SHOW_DATABASES', 'txt', /^show\s+(databases|schemas)\b/),
  pattern('UTILITY', 'SHOW_TABLES', 'txt', /^show\s+tables\b/),
  pattern('UTILITY', 'SHOW_VIEWS', 'txt', /^show\s+views\b/),
  pattern('UTILITY', 'SHOW_PARTITIONS', 'txt', /^show\s+partitions\b/),
  pattern('UTILITY', 'SHOW_COLUMNS', 'txt', /^show\s+columns\b/),
  pattern('UTILITY', 'SHOW_CREATE_TABLE', 'txt', /^show\s+create\s+table\b/),
  pattern('UTILITY', 'SHOW_CREATE_VIEW', 'txt', /^show\s+create\s+view\b/),
  pattern('UTILITY', 'SHOW_TBLPROPERTIES', 'txt', /^show\s+tblproperties\b/),
  pattern('UTILITY', 'SHOW_FUNCTIONS', 'txt', /^show\s+functions\b/),
  pattern('UTILITY', 'PREPARE', 'txt', /^(prepare|execute|deallocate)\b/),
  pattern('DDL', 'OPTIMIZE', 'txt', /^(optimize|vacuum)\b/),
  pattern('UTILITY', 'DESCRIBE_TABLE', 'txt', /^(describe|desc)\b/),
];

/** What a statement is, by its first words; undefined where they begin nothing that Athena knows. */
export function statementKind(sql: string): StatementKind | undefined {
  const masked = maskedSql(sql).trimStart();
  const found = patterns.find(({ begins }) => begins.test(masked));
  return found === undefined
    ? undefined
    : { type: found.type, substatement: found.substatement, output: found.output };
}
