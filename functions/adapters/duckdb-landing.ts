import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DonguError, SourceError } from '../core/errors.ts';
import type { Source } from '../core/source-definition.ts';
import type { GatheredFile, GatheredPart, LandedFile, Landing, LandRequest } from '../ports/landing.ts';
import type { Secrets } from '../ports/secrets.ts';
import {
  DuckdbConnection,
  type DuckdbSettings,
  literal,
  quoted,
  type Statements,
} from './duckdb-connection.ts';
import { countParquetRows } from './duckdb-parquet.ts';
import { faultWithoutValues, isAboutTheMachine } from './engine-fault.ts';
import { LandingBatch } from './landing-batch.ts';
import { receivedAtMacro } from './landing-places.ts';
import { WarmConnection } from './warm-connection.ts';

export interface LandingTexts {
  /** sql/duckdb/landing.sql */
  readonly macros: string;
  /** sql/landing/touchpoints.sql */
  readonly touchpoints: string;
  readonly blockedIdentifiers: readonly string[];
  readonly callingCodes: Readonly<Record<string, { readonly code: string; readonly trunkPrefix: string }>>;
}

/** Begins the names of a batch's landed files, which whoever asked for them takes from the temporary folder. */
export const landedPrefix = 'landed-';

const BLOCK_BYTES = 64;

/** A payload may be large: few rows a group keep what is written at a time small. */
const GATHERED_GROUP_ROWS = 20_480;

/** A connection is opened anew now and then, whatever it may have gathered. */
const BATCHES_OF_SESSION = 200;

interface Session {
  readonly connection: DuckdbConnection | WarmConnection;
  readonly workDirectory: string;
  batches: number;
}

/** Connections on which a source's batches were landed, waiting for the next one. */
class Sessions {
  readonly #idle = new Map<Source, Session[]>();

  take({ source, input }: LandRequest): Session | undefined {
    if (input.kind !== 'requests') {
      return undefined;
    }
    return this.#idle.get(source)?.pop();
  }

  keep({ source }: LandRequest, session: Session): void {
    const idle = this.#idle.get(source) ?? [];
    this.#idle.set(source, idle);
    idle.push(session);
  }
}

/** A landing's folder holds what was received in the clear; of anything but requests, what is landed is still in it. */
async function endSession({ connection, workDirectory }: Session, isLandedInside: boolean): Promise<void> {
  connection.close();
  if (!isLandedInside) {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

/** Landing in DuckDB, set-based: one file is one batch, whatever its size; what does not fit in memory spills. */
export class DuckdbLanding implements Landing {
  readonly #settings: DuckdbSettings;
  readonly #texts: LandingTexts;
  readonly #secrets: Secrets;
  readonly #sessions = new Sessions();

  constructor(settings: DuckdbSettings, texts: LandingTexts, secrets: Secrets) {
    this.#settings = settings;
    this.#texts = texts;
    this.#secrets = secrets;
  }

  async land(request: LandRequest): Promise<readonly LandedFile[]> {
    const session = this.#sessions.take(request) ?? (await this.#open(request));
    try {
      const landed = await this.#landIn(session, request);
      session.batches += 1;
      if (session.connection instanceof WarmConnection && session.batches < BATCHES_OF_SESSION) {
        await session.connection.empty();
        this.#sessions.keep(request, session);
      } else {
        await endSession(session, request.input.kind !== 'requests');
      }
      return landed;
    } catch (error) {
      await endSession(session, false);
      if (error instanceof DonguError || isAboutTheMachine(error)) {
        throw error;
      }
      throw new SourceError(
        `source ${request.source.definition.source}: landing failed: ${faultWithoutValues(error, [])}`,
        'Nothing was landed. Land the file in parts to find the row, and report it without its values.',
      );
    }
  }

  async #open(request: LandRequest): Promise<Session> {
    const workDirectory = await mkdtemp(join(this.#settings.temporaryDirectory, 'landing-'));
    const isWarm = request.input.kind === 'requests';
    const connection = await DuckdbConnection.open(':memory:', {
      ...this.#settings,
      // a batch is too small to be shared out among threads; several batches are landed side by side instead
      ...(isWarm ? { threads: 1 } : {}),
      temporaryDirectory: join(workDirectory, 'spill'),
    });
    return {
      connection: isWarm ? await WarmConnection.over(connection) : connection,
      workDirectory,
      batches: 0,
    };
  }

  async #landIn(
    { connection, workDirectory }: Session,
    request: LandRequest,
  ): Promise<readonly LandedFile[]> {
    const key = await this.#secrets.identityKey();
    await this.#prepare(connection, request, key);
    const withhold = (text: string) => withheldText(key, text);
    const batch = new LandingBatch(connection, request, this.#texts.touchpoints, workDirectory, withhold);
    const landed = await batch.land();
    return request.input.kind === 'requests' ? this.#movedOut(landed) : landed;
  }

  /** The next batch of the session writes under the same names. */
  async #movedOut(landed: readonly LandedFile[]): Promise<readonly LandedFile[]> {
    const batch = join(this.#settings.temporaryDirectory, `${landedPrefix}${randomUUID()}`);
    return Promise.all(
      landed.map(async (file) => {
        const localPath = `${batch}-${basename(file.localPath)}`;
        await rename(file.localPath, localPath);
        return { ...file, localPath };
      }),
    );
  }

  async merge(paths: readonly string[], key: readonly string[]): Promise<string> {
    const workDirectory = await mkdtemp(join(this.#settings.temporaryDirectory, 'merging-'));
    const connection = await DuckdbConnection.open(':memory:', this.#settings);
    try {
      const localPath = join(workDirectory, 'merged.parquet');
      const parts = paths.map(
        (path, index) => `select *, ${index} as part from read_parquet(${literal(path)})`,
      );
      await connection.run(`copy (
        select * exclude (part, row_copy) from (
          select *, row_number() over (partition by ${key.map(quoted).join(', ')} order by part) as row_copy
          from (${parts.join(' union all by name ')}) as parts
        ) as numbered where row_copy = 1
      ) to ${literal(localPath)} (format parquet, compression zstd)`);
      return localPath;
    } finally {
      connection.close();
    }
  }

  async gather(parts: readonly GatheredPart[], kind: 'items' | 'values'): Promise<GatheredFile> {
    const workDirectory = await mkdtemp(join(this.#settings.temporaryDirectory, 'gathering-'));
    const connection = await DuckdbConnection.open(':memory:', this.#settings);
    try {
      const localPath = join(workDirectory, 'gathered.parquet');
      const written = await connection.rows(`copy (${await gatherSelect(connection, parts, kind)})
        to ${literal(localPath)} (format parquet, compression zstd, row_group_size ${GATHERED_GROUP_ROWS})`);
      return { localPath, rows: Number(written[0]?.Count ?? 0) };
    } finally {
      connection.close();
    }
  }

  async countRows(path: string): Promise<number> {
    return (await countParquetRows(path, 'object')).rows;
  }

  async #prepare(connection: Statements, { source, input }: LandRequest, key: Buffer): Promise<void> {
    const { country, time_zone } = source.definition;
    await prepareNormaliser(connection, this.#texts, key, country);
    await connection.run(`set variable source_time_zone = ${literal(time_zone)}`);
    if (input.kind === 'file') {
      await connection.run(
        `set variable received_at = timestamp '${input.receivedAt.toISOString().replace('T', ' ').replace('Z', '')}'`,
      );
    }
    await connection.run(receivedAtMacro(input));
  }
}

/** The rows of all parts, one after the other, in constant memory. */
async function gatherSelect(
  connection: DuckdbConnection,
  parts: readonly GatheredPart[],
  kind: 'items' | 'values',
): Promise<string> {
  const paths = parts.map(({ path }) => literal(path)).join(', ');
  const from = `read_parquet([${paths}], union_by_name = true, hive_partitioning = false, filename = true)`;
  if (kind === 'values') {
    return `select distinct * exclude (filename) from ${from}`;
  }
  const without = parts.flatMap(({ path, without: ids }) => ids.map((id) => [path, id]));
  if (without.length === 0) {
    return `select * exclude (filename) from ${from}`;
  }
  await connection.rows(
    `create temp table without as
      select cells[1] as filename, cells[2] as request_id from (select unnest(from_json($1::json, '[["VARCHAR"]]')) as cells) as given`,
    [JSON.stringify(without)],
  );
  return `select parts.* exclude (filename) from ${from} as parts
    anti join without on without.filename = parts.filename
      and without.request_id = left(parts.ingest_id, length(parts.ingest_id) - 11)`;
}

/** The macros of landing, with the key and the country that they normalise and hash by. */
export async function prepareNormaliser(
  connection: Statements,
  texts: LandingTexts,
  key: Buffer,
  country: string,
): Promise<void> {
  const pads = hmacPads(key);
  const calling = texts.callingCodes[country] ?? { code: '', trunkPrefix: '' };
  const blocked = texts.blockedIdentifiers.map(literal).join(', ');
  await connection.run(`set variable hmac_inner = unhex('${pads.inner}')`);
  await connection.run(`set variable hmac_outer = unhex('${pads.outer}')`);
  await connection.run(`set variable calling_code = ${literal(calling.code)}`);
  await connection.run(`set variable trunk_prefix = ${literal(calling.trunkPrefix)}`);
  await connection.run(`set variable blocked = [${blocked}]`);
  await connection.run(texts.macros);
}

/** The key, padded once as RFC 2104 says, so that SQL needs only SHA-256. */
function hmacPads(key: Buffer): { readonly inner: string; readonly outer: string } {
  const block = Buffer.alloc(BLOCK_BYTES);
  key.copy(block);
  const padded = (byte: number) => Buffer.from(block.map((value) => value ^ byte)).toString('hex');
  return { inner: padded(0x36), outer: padded(0x5c) };
}

/** What is kept of a text that the engine cannot even clean, in the words of `withheld_text`. */
function withheldText(key: Buffer, text: string): string {
  return `withheld: ${[...text].length} characters, ${personalKey(key, 'line', text)}`;
}

/** The same hash outside SQL, for tests and look-ups: what `personal_key(kind, value)` answers. */
export function personalKey(key: Buffer, kind: string, normalised: string): string {
  return `pk_${createHmac('sha256', key).update(`${kind}:${normalised}`).digest('hex').slice(0, 32)}`;
}
