// Queries that an operator finds in Athena's console, by the names of the catalogue's views.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface NamedQuery {
  /** Of its file, with blanks. */
  readonly name: string;
  /** The comment on top. */
  readonly description: string;
  readonly sql: string;
}

const folder = new URL('queries/', import.meta.url);

export function namedQueries(): readonly NamedQuery[] {
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, folder), 'utf8');
      return {
        name: file.replace(/\.sql$/, '').replaceAll('_', ' '),
        description: /^-- (.*)$/m.exec(sql)?.[1] ?? '',
        sql,
      };
    });
}
