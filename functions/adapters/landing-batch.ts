import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, SourceError } from '../core/errors.ts';
import type { Source } from '../core/source-definition.ts';
import type { InspectedFile } from '../ports/input-files.ts';
import type { LandedFile, LandedZone, LandRequest } from '../ports/landing.ts';
import { literal, quoted, type Statements } from './duckdb-connection.ts';
import { faultWithoutValues, isAboutTheMachine } from './engine-fault.ts';
import {
  filePlaces,
  itemPlaces,
  type Places,
  placeKeptItems,
  type RequestLines,
  requestNumbering,
  requestPlaces,
  writeRequests,
} from './landing-places.ts';
import {
  cleaningStatements,
  factProjection,
  itemsSelect,
  keySelect,
  type Numbering,
  personalValuesSelect,
  plainSelect,
  rejectedItemsSelect,
  sourceRowsOfItemsSelect,
  sourceRowsSelect,
  touchpointsProjection,
  unreadableItemsSelect,
  unreadableSelect,
} from './landing-sql.ts';
import { fileColumns, numberLines, stageFile } from './landing-stage.ts';

const placesOf = { file: filePlaces, items: itemPlaces, requests: requestPlaces } as const;

const REJECTED_COLUMNS =
  'ingest_id varchar, line_number bigint, reason varchar, content varchar, clear_content varchar';

/** Columns of more values a row group are written plainly: to look for repetitions in ids costs a third of the writing. */
const DICTIONARY_VALUES = 2000;

/** One file, requests, or the kept items of earlier landings, on their way through temporary tables of one connection. */
export class LandingBatch {
  readonly #connection: Statements;
  readonly #request: LandRequest;
  /** sql/landing/touchpoints.sql */
  readonly #touchpointsSql: string;
  readonly #workDirectory: string;
  readonly #source: Source;
  readonly #places: Places;
  readonly #withhold: (text: string) => string;

  constructor(
    connection: Statements,
    request: LandRequest,
    touchpointsSql: string,
    workDirectory: string,
    withhold: (text: string) => string,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#touchpointsSql = touchpointsSql;
    this.#workDirectory = workDirectory;
    this.#source = request.source;
    this.#places = placesOf[request.input.kind];
    this.#withhold = withhold;
  }

  async land(): Promise<readonly LandedFile[]> {
    try {
      return await this.#land();
    } finally {
      // requests as they were received, with what is personal in them: a session may stay warm for long
      await rm(this.#requestsPath, { force: true });
    }
  }

  get #requestsPath(): string {
    return join(this.#workDirectory, 'requests.ndjson');
  }

  async #land(): Promise<readonly LandedFile[]> {
    await this.#stage();
    for (const relation of this.#source.definition.yields) {
      await this.#mapYield(relation);
    }
    await this.#judgeItems();
    const rows: LandedFile[] = [];
    for (const relation of this.#source.definition.yields) {
      await this.#nameRows(relation);
      rows.push(...(await this.#write('rows', relation, this.#rowsSelect(relation))));
    }
    const refused = await this.#connection.count(
      'select (select count(*) from bad_items) + (select count(*) from rejected_items)',
    );
    return [
      ...(await this.#write('identities', 'identities', this.#identitiesSelect(refused > 0))),
      // a look for nothing would still read every payload
      ...(refused > 0 ? await this.#write('quarantine', 'quarantine', this.#quarantineSelect()) : []),
      ...rows,
      ...(await this.#write('items', 'items', this.#itemsOutput())),
    ];
  }

  /** Makes `landing_items`, `source_rows` and `unreadable` from a file, requests or kept items. */
  async #stage(): Promise<void> {
    const { input } = this.#request;
    if (input.kind === 'file') {
      await this.#stageFile(input.file, () => numberLines(this.#connection, input.file, input.importId));
      await this.#connection.run('create temp view item_numbers as select line_number from plain');
      await this.#connection.run(
        `create temp table rejected_items as ${rejectedItemsSelect(this.#source.definition, input.importId)}`,
      );
    } else if (input.kind === 'requests') {
      const { file, withheld, place } = await writeRequests(
        input.requests,
        input.refused,
        this.#requestsPath,
      );
      await this.#stageFile(file, async () => {
        await place(this.#connection);
        return requestNumbering;
      });
      await this.#connection.run(`insert into unreadable
        select item_number, refused from item_places where refused is not null and row_index is not null`);
      await this.#connection.run(`create temp view item_numbers as
        select item_number as line_number from item_places where row_index is not null`);
      await this.#rejectWithheld(withheld);
    } else {
      await this.#stageItems(input.paths);
    }
  }

  async #stageFile(file: InspectedFile, number: () => Promise<Numbering>): Promise<void> {
    const { definition } = this.#source;
    const run = (sql: string) => this.#connection.run(sql);
    await stageFile(this.#connection, definition, file, this.#workDirectory);
    const numbering = await number();
    const columns = fileColumns(definition, file);
    await run(`create temp view plain as ${plainSelect(this.#source, columns, numbering)}`);
    for (const statement of cleaningStatements(this.#source)) {
      await run(statement);
    }
    await run(`create temp view landing_items as ${itemsSelect()}`);
    await run(`create temp view source_rows as ${sourceRowsSelect(this.#source, columns, numbering)}`);
    await run(`create temp view personal_values as ${personalValuesSelect(definition, columns)}`);
    await run(`create temp table unreadable as ${unreadableSelect(this.#source, numbering)}`);
  }

  async #stageItems(paths: readonly string[]): Promise<void> {
    const run = (sql: string) => this.#connection.run(sql);
    await placeKeptItems(this.#connection, paths);
    await run('create temp view item_numbers as select line_number from landing_items');
    await run(`create temp view source_rows as ${sourceRowsOfItemsSelect(this.#source)}`);
    await run(
      'create temp view personal_values as select null::varchar as kind, null::varchar as given where false',
    );
    await run(`create temp table rejected_items (${REJECTED_COLUMNS})`);
    await run(`create temp table unreadable as ${unreadableItemsSelect(this.#source)}`);
  }

  async #rejectWithheld(withheld: RequestLines['withheld']): Promise<void> {
    await this.#connection.run(`create temp table rejected_items (${REJECTED_COLUMNS})`);
    for (const { itemNumber, text, reason } of withheld) {
      const cells = [String(itemNumber), reason, this.#withhold(text)];
      await this.#connection.rows("insert into rejected_items values ('', $1::bigint, $2, $3, null)", cells);
    }
  }

  async #mapYield(relation: string): Promise<void> {
    const select = this.#source.selects[relation] ?? '';
    const file = `${this.#source.definition.source} (${relation})`;
    const fact = this.#request.facts[relation];
    if (relation !== 'touchpoints' && !fact) {
      throw new SourceError(
        `${file}: yields "${relation}", which is neither touchpoints nor a fact`,
        'See sql/facts.',
      );
    }
    const yielded = await this.#yieldedColumns(select, file);
    const landed = `create temp table ${quoted(`landed_${relation}`)} as`;
    try {
      if (fact) {
        await this.#connection.run(`${landed} ${factProjection(select, fact, yielded, file)}`);
      } else {
        await this.#offerRows(touchpointsProjection(select, yielded, file));
        await this.#connection.run(`${landed} ${this.#touchpointsSql}`);
      }
    } catch (error) {
      if (error instanceof SourceError || isAboutTheMachine(error)) {
        throw error;
      }
      // no `cause`: its message would quote a received value wherever the error is shown
      throw new SourceError(
        `source ${file}: its select failed: ${faultWithoutValues(error, Object.keys(this.#source.definition.columns))}`,
        'Mend the select, for example with try_cast in place of cast; nothing was landed.',
      );
    }
  }

  /**
   * Makes `source_select`, which landing's own SQL reads. A batch of requests is too small to outweigh what making the
   * expressions ready costs: two statements, one after the other, take less time for it than both as one, and half the memory.
   */
  async #offerRows(projection: string): Promise<void> {
    if (this.#request.input.kind === 'requests') {
      await this.#connection.run(`create temp table source_select as ${projection}`);
    } else {
      await this.#connection.run(`create temp view source_select as ${projection}`);
    }
  }

  /** Reads the select without running it, so an error here speaks of the select's own text. */
  async #yieldedColumns(select: string, file: string): Promise<readonly string[]> {
    try {
      const described = await this.#connection.rows(`describe ${select}`);
      return described.map((column) => String(column.column_name));
    } catch (error) {
      throw new SourceError(
        `source ${file}: its select failed: ${errorText(error)}`,
        'Mend the select; nothing was landed.',
        { cause: error },
      );
    }
  }

  /** An item is quarantined as a whole when any of its rows is, or when no select yields a row for it. */
  async #judgeItems(): Promise<void> {
    const landed = this.#source.definition.yields.map((relation) => quoted(`landed_${relation}`));
    const reasons = landed.map(
      (table) => `select line_number, reason from ${table} where reason is not null`,
    );
    const mapped = landed.map((table) => `select line_number from ${table}`).join(' union all ');
    await this.#connection.run(`create temp table bad_items as
      select line_number, min(reason) as reason from (
        select line_number, reason from unreadable union all ${reasons.join(' union all ')}
      ) as found group by 1`);
    for (const table of landed) {
      // two rows of one item under one id: the second would look like a repetition and be lost; most items have one row
      await this.#connection.run(`insert into bad_items
        select distinct line_number, 'repeated_touchpoint_id' from (
          select line_number, given_touchpoint_id from ${table}
          where line_number in (select line_number from ${table} group by 1 having count(*) > 1)
            and given_touchpoint_id is not null and line_number not in (select line_number from bad_items)
          group by 1, 2 having count(*) > 1
        ) as repeated`);
    }
    await this.#connection.run(`insert into bad_items
      select line_number, 'not_mapped' from item_numbers
      anti join (${mapped}) as mapped using (line_number)
      where line_number not in (select line_number from bad_items)`);
  }

  /** Gives an id to rows that came without: a hash of the source and its key, or of the content and its occurrence. */
  async #nameRows(relation: string): Promise<void> {
    const table = quoted(`landed_${relation}`);
    const missing = await this.#connection.count(
      `select count(*) from ${table} where given_touchpoint_id is null and line_number not in (select line_number from bad_items)`,
    );
    const named = quoted(`named_${relation}`);
    if (missing === 0) {
      await this.#connection.run(`create temp table ${named} (row_index bigint, generated_id varchar)`);
      return;
    }
    const { definition } = this.#source;
    const hasKey = definition.key.length > 0;
    const content = hasKey
      ? keySelect(definition)
      : 'select ingest_id, md5(payload) as content_md5 from landing_items';
    const order =
      relation === 'touchpoints'
        ? 'event, occurred_at, product_id, amount, quantity'
        : `${table}.line_number`;
    const { scope, join } = this.#places;
    await this.#connection.run(`create temp table ${named} as
      with contents as (${content}),
      positions as (
        select ${scope}${table}.rowid as row_index, ${table}.ingest_id, ${table}.line_number, contents.content_md5,
          row_number() over (partition by ${table}.ingest_id order by ${order}) as row_position
        from ${table} inner join contents on contents.ingest_id = ${table}.ingest_id ${join(table)}
        where given_touchpoint_id is null and ${table}.line_number not in (select line_number from bad_items)
      )
      select row_index, md5(concat_ws(chr(31), ${literal(definition.source)}, ${literal(relation)}, content_md5, row_position,
        ${hasKey ? '1' : `row_number() over (partition by ${scope.replace('item_places.', '')}content_md5, row_position order by line_number)`})) as generated_id
      from positions`);
  }

  #rowsSelect(relation: string): string {
    const { definition } = this.#source;
    const table = quoted(`landed_${relation}`);
    const places = this.#places;
    const idColumn = relation === 'touchpoints' ? 'touchpoint_id' : 'fact_id';
    const dropped =
      relation === 'touchpoints'
        ? 'given_touchpoint_id, given_email, given_phone, hashed_identifiers, reason'
        : 'given_touchpoint_id, reason';
    return `select ${literal(definition.source)} as source, ${definition.version}::integer as mapping_version,
      ${places.receivedAt} as received_at, coalesce(given_touchpoint_id, generated_id) as ${idColumn},
      ${table}.* exclude (${dropped})
        replace (${places.ingestId(table)} as ingest_id, ${places.lineNumber(table)} as line_number)
      from ${table} left join ${quoted(`named_${relation}`)} as named on named.row_index = ${table}.rowid
      ${places.join(table)}
      where ${table}.line_number not in (select line_number from bad_items) ${places.order && `${places.order}, ${table}.rowid`}`;
  }

  #identitiesSelect(hasRefused: boolean): string {
    const isTouchpoints = this.#source.definition.yields.includes('touchpoints');
    const identifiers = isTouchpoints
      ? `union all select 'email', given_email from landed_touchpoints where given_email is not null
         union all select 'phone', given_phone from landed_touchpoints where given_phone is not null
         union all select case when contains(given, '@') then 'email' else 'phone' end, given
           from (select unnest(hashed_identifiers) as given from landed_touchpoints where hashed_identifiers is not null)`
      : '';
    const refused = hasRefused
      ? `union all select stray_kind(stray), given_stray(stray) from (select unnest(stray_personal(content)) as stray from (
           select clear_content as content from rejected_items
           union all
           ${this.#badContents()}
         ) as contents) as strays`
      : '';
    return `with given_values as (
        select kind, given from personal_values ${identifiers} ${refused}
      )
      , distinct_values as (select distinct kind, clean_text(given) as clean from given_values)
      select distinct kind as identifier_type, key_of(kind, clean) as identifier_key, normalise_personal(kind, clean) as clear_value
      from distinct_values
      where clean is not null and not is_personal_key(clean)`;
  }

  /** The texts of quarantined rows as kept so far: bare phone numbers may still be in them. */
  #badContents(): string {
    return `select landing_items.payload as content from landing_items
      inner join bad_items on bad_items.line_number = landing_items.line_number`;
  }

  #quarantineSelect(): string {
    const { definition } = this.#source;
    const places = this.#places;
    return `with refused as (
        select ingest_id, line_number, reason, content as payload from rejected_items
        union all
        select landing_items.ingest_id, landing_items.line_number, bad_items.reason,
          without_strays(landing_items.payload, stray_personal(landing_items.payload))
        from landing_items inner join bad_items on bad_items.line_number = landing_items.line_number
      )
      select ${places.ingestId('refused')} as ingest_id, ${literal(definition.source)} as source,
        ${definition.version}::integer as mapping_version, ${places.receivedAt} as received_at,
        ${places.lineNumber('refused')}::bigint as line_number, refused.reason, refused.payload
      from refused ${places.join('refused')} ${places.order}`;
  }

  #itemsOutput(): string {
    const { definition } = this.#source;
    const places = this.#places;
    return `select ${places.ingestId('landing_items')} as ingest_id, ${literal(definition.source)} as source,
        ${places.receivedAt} as received_at, ${places.lineNumber('landing_items')} as line_number, payload
      from landing_items ${places.join('landing_items')}
      where landing_items.line_number not in (select line_number from bad_items) ${places.order}`;
  }

  async #write(zone: LandedZone, relation: string, select: string): Promise<readonly LandedFile[]> {
    const localPath = join(this.#workDirectory, `${zone}-${relation}.parquet`);
    const [written] = await this.#connection.rows(
      `copy (${select}) to ${literal(localPath)} (format parquet, compression zstd, compression_level 1, dictionary_size_limit ${DICTIONARY_VALUES})`,
    );
    const rows = Number(written?.Count ?? 0);
    return rows > 0 ? [{ zone, relation, localPath, rows }] : [];
  }
}
