import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const answerSchema = z.object({
  nextUri: z.string().optional(),
  data: z.array(z.array(z.unknown())).optional(),
  error: z.object({ message: z.string(), errorName: z.string() }).optional(),
});

type Row = readonly unknown[];

export interface TrinoSession {
  readonly url: string;
  readonly schema?: string;
  readonly signal?: AbortSignal;
}

async function answerOf(url: string, request: RequestInit): Promise<z.infer<typeof answerSchema>> {
  const response = await fetch(url, request);
  if (!response.ok) throw new Error(`Trino answered ${response.status}: ${await response.text()}`);
  return answerSchema.parse(await response.json());
}

/** All rows of a statement, asked of Trino itself: past the facade, and so a second opinion on it. */
export async function trinoRows(session: TrinoSession, sql: string): Promise<readonly Row[]> {
  const { url, schema, signal } = session;
  const headers = {
    'X-Trino-User': 'bed',
    'X-Trino-Catalog': 'awsdatacatalog',
    ...(schema === undefined ? {} : { 'X-Trino-Schema': schema }),
    // without it, every timestamp comes back cut to milliseconds
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  const limit = signal === undefined ? {} : { signal };
  const rows: Row[] = [];
  let answer = await answerOf(`${url}/v1/statement`, { method: 'POST', headers, body: sql, ...limit });
  for (;;) {
    if (answer.error) throw new Error(`${answer.error.errorName}: ${answer.error.message}`);
    rows.push(...(answer.data ?? []));
    if (answer.nextUri === undefined) return rows;
    await sleep(5);
    answer = await answerOf(answer.nextUri, { headers, ...limit });
  }
}
