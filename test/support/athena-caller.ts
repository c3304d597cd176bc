import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';

export type AthenaRow = readonly (string | null)[];

/** Asks Athena's API directly, for tests that look at the API itself and not at the warehouse over it. */
export class AthenaCaller {
  readonly client: AthenaClient;
  readonly #database: string;
  readonly #workGroup: string;

  constructor(client: AthenaClient, database: string, workGroup = 'dongu') {
    this.client = client;
    this.#database = database;
    this.#workGroup = workGroup;
  }

  async start(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<string> {
    const { QueryExecutionId } = await this.client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: this.#workGroup,
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: this.#database },
        ...more,
      }),
    );
    return QueryExecutionId ?? '';
  }

  async look(id: string): Promise<QueryExecution> {
    const { QueryExecution } = await this.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    return QueryExecution ?? {};
  }

  async ended(id: string): Promise<QueryExecution> {
    for (;;) {
      const execution = await this.look(id);
      const state = execution.Status?.State;
      if (state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED') {
        return execution;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** To its end, whatever that is. */
  async run(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<QueryExecution> {
    return this.ended(await this.start(sql, more));
  }

  /** To its success. */
  async done(sql: string, more: Partial<StartQueryExecutionCommandInput> = {}): Promise<QueryExecution> {
    const execution = await this.run(sql, more);
    if (execution.Status?.State !== 'SUCCEEDED') {
      throw new Error(`${execution.Status?.State}: ${execution.Status?.StateChangeReason} (${sql})`);
    }
    return execution;
  }

  /** The rows of the first page, a header row among them where there is one. */
  async rows(sql: string): Promise<readonly AthenaRow[]> {
    const { QueryExecutionId } = await this.done(sql);
    const { ResultSet } = await this.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    return (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map((cell) => cell.VarCharValue ?? null));
  }

  /** The only value under the header. */
  async value(sql: string): Promise<string | null | undefined> {
    return (await this.rows(sql))[1]?.[0];
  }
}
