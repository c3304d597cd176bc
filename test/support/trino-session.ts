interface TrinoPage {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly errorName: string; readonly message: string };
}

export interface TrinoAnswer {
  readonly error: string | undefined;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** JSON whose integers keep every digit: those that a double cannot hold come as text. */
function parsePage(text: string): TrinoPage {
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? value)
      : value;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as TrinoPage;
}

/** Trino by its own protocol: unlike Athena's answers, its name the types in full. */
export class TrinoSession {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, schema?: { readonly catalog: string; readonly schema: string }) {
    this.#url = url;
    this.#headers = {
      'x-trino-user': 'probes',
      'x-trino-time-zone': 'UTC',
      'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
      ...(schema ? { 'x-trino-catalog': schema.catalog, 'x-trino-schema': schema.schema } : {}),
    };
  }

  async run(sql: string): Promise<TrinoAnswer> {
    let page = await this.#page(`${this.#url}/v1/statement`, sql);
    let columns = page.columns ?? [];
    const rows = [...(page.data ?? [])];
    while (page.nextUri !== undefined) {
      page = await this.#page(page.nextUri);
      columns = page.columns ?? columns;
      rows.push(...(page.data ?? []));
    }
    const error = page.error && `${page.error.errorName}: ${page.error.message.split('\n')[0] ?? ''}`;
    return { error, columns, rows };
  }

  async #page(url: string, sql?: string): Promise<TrinoPage> {
    const response = await fetch(
      url,
      sql === undefined ? { headers: this.#headers } : { method: 'POST', headers: this.#headers, body: sql },
    );
    if (!response.ok) {
      throw new Error(`Trino answered ${response.status}: ${await response.text()}`);
    }
    return parsePage(await response.text());
  }
}
