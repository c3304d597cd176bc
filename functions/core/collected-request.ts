// What the collector gives to the queue and landing takes from it: lines of text, the header first, then one accepted
// item a line in its own words. JSON in JSON would grow by its escapes, and numbers and escapes would not stay as sent.

export interface CollectedRequest {
  readonly requestId: string;
  readonly source: string;
  readonly receivedAt: Date;
  /** JSON texts without line breaks; their places in this list are their indexes. */
  readonly items: readonly string[];
}

/** Why a message cannot be read; landing puts such a message aside with it. */
export const damageReasons = [
  'unknown_schema',
  'damaged_header',
  'items_missing',
  'items_left_over',
  'damaged_item',
] as const;
export type DamageReason = (typeof damageReasons)[number];

export type ReadCollected =
  | { readonly isReadable: true; readonly request: CollectedRequest }
  | { readonly isReadable: false; readonly reason: DamageReason };

const SCHEMA = 'dongu.collected/1';

/** An item as one line. Between tokens a line break means what a blank means; within a string JSON has none. */
export function itemLine(json: string): string {
  return escapeNoncharacters(/[\r\n]/.test(json) ? json.replace(/[\r\n]/g, ' ') : json);
}

/** SQS takes neither U+FFFE nor U+FFFF. In JSON they stand in strings only, where an escape means the same. */
function escapeNoncharacters(json: string): string {
  return /[\uFFFE\uFFFF]/.test(json)
    ? json.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff')
    : json;
}

export function writeCollected({ requestId, source, receivedAt, items }: CollectedRequest): string {
  const header = JSON.stringify({
    schema: SCHEMA,
    request_id: requestId,
    source,
    received_at: receivedAt.toISOString(),
    items: items.length,
  });
  return [header, ...items].join('\n');
}

/** Never throws: a message that nobody can read must not stop the others. */
export function readCollected(body: string): ReadCollected {
  const [headerLine = '', ...items] = body.split('\n');
  const header = parsed(headerLine);
  if (header?.schema !== SCHEMA) {
    return { isReadable: false, reason: header ? 'unknown_schema' : 'damaged_header' };
  }
  const { request_id: requestId, source, received_at: receivedAt, items: count } = header;
  if (
    !isText(requestId, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/) ||
    !isText(source, /^[a-z0-9-]{1,100}$/) ||
    !isText(receivedAt, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/) ||
    !isInstant(receivedAt) ||
    typeof count !== 'number'
  ) {
    return { isReadable: false, reason: 'damaged_header' };
  }
  if (items.length !== count || count < 1) {
    return { isReadable: false, reason: items.length > count ? 'items_left_over' : 'items_missing' };
  }
  if (items.some((item) => !item.startsWith('{') || !item.endsWith('}'))) {
    return { isReadable: false, reason: 'damaged_item' };
  }
  return { isReadable: true, request: { requestId, source, receivedAt: new Date(receivedAt), items } };
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** Date turns 30 February into 1 March without a word. */
function isInstant(text: string): boolean {
  const instant = new Date(text);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === text;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
