import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  DuckdbConnection,
  type DuckdbSettings,
  literal,
  quoted,
} from '../../functions/adapters/duckdb-connection.ts';

/** What must be found nowhere in the clear: normalised e-mail addresses and the last ten digits of phone numbers. */
export interface ClearText {
  readonly emails: ReadonlySet<string>;
  readonly phones: ReadonlySet<string>;
}

const PHONE_DIGITS = 10;
const LONGEST_EMAIL = 80;

/** As a case-insensitive reader would compare it: ş written with a cedilla of its own, İ and spaces around included. */
export function plainEmail(text: string): string {
  return text.trim().normalize('NFC').replaceAll('İ', 'i').toLowerCase();
}

/** 0532 000 00 01, +90 532 000 00 01 and (0532) 0000001 are one number. */
export const plainPhone = (text: string): string => text.replace(/\D/g, '').slice(-PHONE_DIGITS);

/**
 * What of the wanted a text holds, in whatever form it is written: e-mails in any case and composition, `@` also as
 * %40; phones with any blanks, brackets, dashes and dots between the digits, alone or within a longer number.
 */
export function foundIn(text: string, wanted: ClearText): readonly string[] {
  return [...new Set([...emailsIn(text, wanted), ...phonesIn(text, wanted)])];
}

function emailsIn(text: string, { emails }: ClearText): readonly string[] {
  const domains = domainsOf(emails);
  const found: string[] = [];
  for (const sign of text.matchAll(/@|%40/g)) {
    const after = plainEmail(text.slice(sign.index + sign[0].length, sign.index + LONGEST_EMAIL));
    const reached = domains.filter((domain) => after.startsWith(domain));
    const before = reached.length > 0 ? text.slice(Math.max(0, sign.index - LONGEST_EMAIL), sign.index) : '';
    const local = /[^\s"'<>(),;:=&?/\\]*$/.exec(plainEmail(before))?.[0] ?? '';
    for (let from = 0; from < local.length; from += 1) {
      const candidates = reached.map((domain) => `${local.slice(from)}@${domain}`);
      found.push(...candidates.filter((candidate) => emails.has(candidate)));
    }
  }
  return found;
}

const domainsOf = (emails: ReadonlySet<string>): readonly string[] => [
  ...new Set([...emails].map((email) => email.slice(email.indexOf('@') + 1))),
];

function phonesIn(text: string, { phones }: ClearText): readonly string[] {
  const found: string[] = [];
  for (const [run] of text.matchAll(/\d(?:[ ()./\u00a0-]{0,3}\d){9,}/g)) {
    const digits = run.replace(/\D/g, '');
    for (let from = 0; from + PHONE_DIGITS <= digits.length; from += 1) {
      const candidate = digits.slice(from, from + PHONE_DIGITS);
      if (phones.has(candidate)) found.push(candidate);
    }
  }
  return found;
}

/** Every text that a home holds, by file: the bytes as they are, and what Parquet and DuckDB files hold decoded. */
export async function* textsUnder(
  folder: string,
  settings: DuckdbSettings,
): AsyncGenerator<readonly [file: string, text: string]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const file = relative(folder, path);
    yield [file, (await readFile(path)).toString('utf8')];
    if (path.endsWith('.parquet')) {
      yield [file, await decoded(`from read_parquet(${literal(path)})`, settings)];
    } else if (path.endsWith('.duckdb')) {
      for (const table of await tablesOf(path, settings)) {
        yield [`${file}: ${table}`, await decoded(`from stored.${quoted(table)}`, settings, path)];
      }
    }
  }
}

async function tablesOf(path: string, settings: DuckdbSettings): Promise<readonly string[]> {
  const rows = await queried(
    "select table_name from information_schema.tables where table_catalog = 'stored' order by 1",
    settings,
    path,
  );
  return rows.map((row) => String(row.table_name));
}

async function decoded(from: string, settings: DuckdbSettings, path?: string): Promise<string> {
  const rows = await queried(`select columns(*)::varchar ${from}`, settings, path);
  return rows.map((row) => Object.values(row).join('\n')).join('\n');
}

async function queried(sql: string, settings: DuckdbSettings, path?: string) {
  const connection = await DuckdbConnection.open(':memory:', settings);
  try {
    if (path) {
      await connection.run(`attach ${literal(path)} as stored (read_only)`);
    }
    return await connection.rows(sql);
  } finally {
    connection.close();
  }
}
