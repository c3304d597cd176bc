/** Trino's client protocol, as far as the facade needs it: one statement, its pages, its failure. */

export interface TrinoTypeSignature {
  readonly rawType: string;
  readonly arguments: readonly TrinoTypeArgument[];
}

export type TrinoTypeArgument =
  | { readonly kind: 'TYPE'; readonly value: TrinoTypeSignature }
  | {
      readonly kind: 'NAMED_TYPE';
      readonly value: {
        readonly fieldName?: { readonly name: string };
        readonly typeSignature: TrinoTypeSignature;
      };
    }
  | { readonly kind: 'LONG' | 'LONG_LITERAL'; readonly value: number };

export interface TrinoColumn {
  readonly name: string;
  readonly type: string;
  readonly typeSignature: TrinoTypeSignature;
}

export interface TrinoStats {
  readonly state: string;
  readonly queuedTimeMillis: number;
  readonly elapsedTimeMillis: number;
  readonly physicalInputBytes: number;
}

export interface TrinoPage {
  readonly columns: readonly TrinoColumn[] | undefined;
  readonly rows: readonly (readonly unknown[])[];
  readonly stats: TrinoStats;
  readonly updateCount: number | undefined;
}

export interface TrinoSession {
  readonly url: string;
  readonly catalog: string | undefined;
  readonly schema: string | undefined;
  /** Session properties by their whole name. */
  readonly properties?: Readonly<Record<string, string>>;
}

interface TrinoError {
  readonly message: string;
  readonly errorName: string;
  readonly errorType: string;
  readonly failureInfo?: { readonly type?: string };
}

interface TrinoResponse {
  readonly nextUri?: string;
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly unknown[])[];
  readonly stats: TrinoStats;
  readonly updateCount?: number;
  readonly error?: TrinoError;
}

export class TrinoFailure extends Error {
  readonly errorName: string;
  /** USER_ERROR, INTERNAL_ERROR, INSUFFICIENT_RESOURCES or EXTERNAL. */
  readonly errorType: string;
  readonly isParseError: boolean;

  constructor(error: TrinoError) {
    super(error.message);
    this.name = 'TrinoFailure';
    this.errorName = error.errorName;
    this.errorType = error.errorType;
    this.isParseError = (error.failureInfo?.type ?? '').endsWith('ParsingException');
  }
}

/** A number whose text JavaScript would change (`1.0`, `1.0E10`, a long bigint) stays as Trino wrote it. */
function keepNumberText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) {
    return value;
  }
  return String(value) === context.source ? value : context.source;
}

function headersOf(session: TrinoSession): Record<string, string> {
  const properties = Object.entries(session.properties ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return {
    'X-Trino-User': 'dongu',
    'X-Trino-Source': 'athena-facade',
    'X-Trino-Time-Zone': 'UTC',
    // without it, timestamps come back cut to milliseconds
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
    ...(properties.length === 0 ? {} : { 'X-Trino-Session': properties.join(',') }),
    ...(session.catalog === undefined ? {} : { 'X-Trino-Catalog': session.catalog }),
    ...(session.schema === undefined ? {} : { 'X-Trino-Schema': session.schema }),
  };
}

const busyStatuses: readonly number[] = [429, 502, 503, 504];

async function call(url: string, init: RequestInit): Promise<TrinoResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, init);
    const text = await response.text();
    if (response.ok) {
      return JSON.parse(text, keepNumberText);
    }
    // the protocol asks clients to come again after these
    if (!busyStatuses.includes(response.status) || attempt === 20) {
      throw new Error(`Trino answered ${response.status}: ${text.slice(0, 500)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function pageOf(response: TrinoResponse): TrinoPage {
  return {
    columns: response.columns,
    rows: response.data ?? [],
    stats: response.stats,
    updateCount: response.updateCount,
  };
}

/** Pages as they come. Left early, or aborted, it cancels the statement in Trino. */
export async function* trinoPages(
  session: TrinoSession,
  sql: string,
  signal?: AbortSignal,
): AsyncGenerator<TrinoPage, void> {
  const headers = headersOf(session);
  const init = { headers, ...(signal === undefined ? {} : { signal }) };
  let response = await call(`${session.url}/v1/statement`, { ...init, method: 'POST', body: sql });
  let next = response.nextUri;
  try {
    for (;;) {
      if (response.error !== undefined) {
        next = undefined;
        throw new TrinoFailure(response.error);
      }
      yield pageOf(response);
      if (next === undefined) {
        return;
      }
      response = await call(next, init);
      next = response.nextUri;
    }
  } finally {
    if (next !== undefined) {
      await fetch(next, { method: 'DELETE', headers }).catch(() => undefined);
    }
  }
}

/** For statements of the facade's own whose rows are few. */
export async function trinoRows(
  session: TrinoSession,
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  const rows: (readonly unknown[])[] = [];
  for await (const page of trinoPages(session, sql)) {
    rows.push(...page.rows);
  }
  return rows;
}
