import { createReadStream, createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { csvLine } from './value-format.ts';

export type Cells = readonly (string | null)[];

export interface SpooledPage {
  readonly rows: readonly Cells[];
  /** Where the next page begins; undefined after the last row. */
  readonly nextPosition: number | undefined;
}

class LineFile {
  readonly path: string;
  readonly #stream: WriteStream;

  constructor(path: string) {
    this.path = path;
    this.#stream = createWriteStream(path);
    // a failure shows where the file is ended; without a listener it would end the process
    this.#stream.on('error', () => undefined);
  }

  async write(text: string): Promise<void> {
    if (!this.#stream.write(text)) {
      await new Promise<void>((resolve) => {
        this.#stream.once('drain', resolve);
        this.#stream.once('close', resolve);
      });
    }
  }

  async end(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream);
  }
}

/** Rows of one result, on disk: once for pages, once as the object that goes to S3. */
export class ResultSpool {
  readonly #pages: LineFile;
  readonly #object: LineFile;
  readonly #kind: 'csv' | 'txt';

  constructor(path: string, kind: 'csv' | 'txt') {
    this.#pages = new LineFile(`${path}.pages`);
    this.#object = new LineFile(`${path}.${kind}`);
    this.#kind = kind;
  }

  get objectPath(): string {
    return this.#object.path;
  }

  /** The names of the columns stand in the object only: pages take them from the execution. */
  async addHeader(names: readonly string[]): Promise<void> {
    if (this.#kind === 'csv') {
      await this.#object.write(csvLine(names));
    }
  }

  async add(rows: readonly Cells[]): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    await this.#pages.write(rows.map((cells) => `${JSON.stringify(cells)}\n`).join(''));
    await this.#object.write(rows.map((cells) => this.#objectLine(cells)).join(''));
  }

  async end(): Promise<void> {
    await this.#pages.end();
    await this.#object.end();
  }

  remove(): void {
    rmSync(this.#pages.path, { force: true });
    rmSync(this.#object.path, { force: true });
  }

  #objectLine(cells: Cells): string {
    return this.#kind === 'csv' ? csvLine(cells) : `${cells.map((cell) => cell ?? '').join('\t')}\n`;
  }

  /** Rows from a byte of the spool on; a page holds at most as many rows as were asked for. */
  async page(position: number, most: number): Promise<SpooledPage> {
    const { size } = await stat(this.#pages.path);
    const lines = await linesFrom(this.#pages.path, position, most);
    const next = position + lines.reduce((bytes, line) => bytes + Buffer.byteLength(line) + 1, 0);
    return { rows: lines.map(cellsOf), nextPosition: next < size ? next : undefined };
  }
}

function cellsOf(line: string): Cells {
  const cells: unknown = JSON.parse(line);
  return Array.isArray(cells) ? cells.map((cell) => (cell === null ? null : String(cell))) : [];
}

/** JSON escapes line breaks, so a line of the file is a row. */
async function linesFrom(path: string, position: number, most: number): Promise<readonly string[]> {
  const lines: string[] = [];
  let rest = '';
  if (most === 0) {
    return lines;
  }
  const stream = createReadStream(path, { start: position, encoding: 'utf8' });
  for await (const piece of stream) {
    const parts = `${rest}${String(piece)}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.slice(0, most - lines.length));
    if (lines.length === most) {
      break;
    }
  }
  return lines;
}
