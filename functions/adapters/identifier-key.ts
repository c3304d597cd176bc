import { DuckdbConnection, type DuckdbSettings } from './duckdb-connection.ts';
import { type LandingTexts, prepareNormaliser } from './duckdb-landing.ts';

// as sql/landing/touchpoints.sql makes email_key and phone_key
const normalised = {
  email: 'shaped_email(clean)',
  phone: 'digits_to_e164(phone_number)',
} as const;

export type PersonalIdentifier = keyof typeof normalised;

/**
 * The key under which landing keeps an e-mail address or a phone number, by landing's own normaliser; undefined for
 * a text that is none. The text reaches the engine as a value, so no error and no log repeats it.
 */
export async function identifierKey(
  identifier: { readonly type: PersonalIdentifier; readonly written: string; readonly country: string },
  key: Buffer,
  texts: LandingTexts,
  settings: DuckdbSettings,
): Promise<string | undefined> {
  const connection = await DuckdbConnection.open(':memory:', settings);
  try {
    await prepareNormaliser(connection, texts, key, identifier.country);
    const [row] = await connection.rows(
      `select personal_key('${identifier.type}', plain) as identifier_key
      from (
        select ${normalised[identifier.type]} as plain
        from (
          select clean, phone_digits(clean) as phone_number
          from (select clean_text(cast($1 as varchar)) as clean) as cleaned
        ) as digits
      ) as normalised
      where plain is not null`,
      [identifier.written],
    );
    return row ? String(row.identifier_key) : undefined;
  } finally {
    connection.close();
  }
}
