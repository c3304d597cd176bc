import { below, itemAt, pick, type Random } from './random.ts';
import { type SourceName, sourceFiles } from './source-files.ts';
import { turkishMoney } from './text.ts';

// Dirt is always a line of its own beside the clean ones, with exactly one defect, so its counts are known by
// construction and nothing true is lost with it.

export interface DirtyLine {
  readonly line: string;
  /** Quarantine code; undefined for a duplicate. */
  readonly reason: string | undefined;
}

export interface DirtySource {
  /** True after every so many clean lines. */
  readonly isDue: () => boolean;
  readonly after: (line: string) => readonly DirtyLine[];
  /** Duplicates that wait for a place far from their originals. */
  readonly waiting: () => readonly string[];
}

const dirtKinds = [
  'duplicate',
  'invalid_time',
  'no_identifier',
  'malformed',
  'invalid_amount',
  'missing_event',
  'invalid_day',
] as const;
type DirtKind = (typeof dirtKinds)[number];

interface DirtPlan {
  /** Clean lines between two pieces of dirt. */
  readonly every: number;
  /** Used in turn. */
  readonly kinds: readonly DirtKind[];
  /** Column of the time or day. */
  readonly time: string;
}

const plans: Readonly<Partial<Record<SourceName, DirtPlan>>> = {
  segment: {
    every: 97,
    kinds: [
      'duplicate',
      'malformed',
      'duplicate',
      'invalid_time',
      'duplicate',
      'no_identifier',
      'duplicate',
      'missing_event',
    ],
    time: '',
  },
  orders: {
    every: 61,
    kinds: [
      'duplicate',
      'invalid_amount',
      'duplicate',
      'malformed',
      'invalid_time',
      'duplicate',
      'no_identifier',
    ],
    time: 'ordered_at',
  },
  'order-events': {
    every: 89,
    kinds: [
      'duplicate',
      'invalid_time',
      'duplicate',
      'missing_event',
      'malformed',
      'invalid_amount',
      'no_identifier',
    ],
    time: 'occurred_at',
  },
  tickets: {
    every: 43,
    kinds: ['duplicate', 'invalid_time', 'malformed', 'no_identifier'],
    time: 'occurred_at',
  },
  surveys: {
    every: 43,
    kinds: ['duplicate', 'malformed', 'no_identifier', 'invalid_time'],
    time: 'occurred_at',
  },
  leads: {
    every: 37,
    kinds: ['duplicate', 'no_identifier', 'invalid_time', 'malformed'],
    time: 'occurred_at',
  },
  advocacy: {
    every: 67,
    kinds: ['duplicate', 'malformed', 'invalid_time', 'missing_event', 'no_identifier'],
    time: 'occurred_at',
  },
  messages: {
    every: 83,
    kinds: ['duplicate', 'missing_event', 'duplicate', 'no_identifier', 'malformed', 'invalid_time'],
    time: 'occurred_at',
  },
  subscriptions: {
    every: 31,
    kinds: ['duplicate', 'invalid_time', 'duplicate', 'no_identifier', 'malformed'],
    time: 'occurred_at',
  },
  'ad-spend': { every: 101, kinds: ['invalid_amount', 'duplicate', 'malformed', 'invalid_day'], time: 'day' },
};

const impossibleTimes = [
  '2025-02-30T10:15:00.000Z',
  '2025-13-04T09:00:00Z',
  'dün 14.30',
  '31/02/2025',
] as const;
const identifierColumns = ['customer_id', 'anonymous_id', 'email', 'phone', 'loyalty_id'];

/** Splits a line of a CSV file without line breaks into its fields, still quoted. */
export function splitCsv(line: string): string[] {
  const fields: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let index = 0; index < line.length; index += 1) {
    const letter = line[index];
    if (letter === '"') isQuoted = !isQuoted;
    if (letter !== ',' || isQuoted) continue;
    fields.push(line.slice(from, index));
    from = index + 1;
  }
  return [...fields, line.slice(from)];
}

type Spoil = (kind: DirtKind, line: string) => DirtyLine;

function spoilCsv(random: Random, source: Exclude<SourceName, 'segment'>, time: string): Spoil {
  const columns = sourceFiles[source].columns.split(',');
  const change = (line: string, names: readonly string[], value: string): string =>
    splitCsv(line)
      .map((field, index) => (names.includes(itemAt(columns, index)) ? value : field))
      .join(',');
  return (kind, line) => {
    if (kind === 'malformed') return { line: malformRow(random, line), reason: 'malformed_row' };
    if (kind === 'no_identifier') return { line: change(line, identifierColumns, ''), reason: kind };
    if (kind === 'missing_event') return { line: change(line, ['event'], ''), reason: kind };
    if (kind === 'invalid_amount') {
      const amount = `"${turkishMoney(100_000 + below(random, 900_000))}"`;
      return { line: change(line, ['amount'], amount), reason: kind };
    }
    return { line: change(line, [time], pick(random, impossibleTimes)), reason: kind };
  };
}

function malformRow(random: Random, line: string): string {
  const fields = splitCsv(line);
  if (random.next() < 0.5) return `${line},fazla,sütun`;
  return fields.slice(0, 2 + below(random, fields.length - 3)).join(',');
}

/** A Segment line with another id and one defect. */
function spoilSegment(random: Random): Spoil {
  let count = 0;
  return (kind, line) => {
    count += 1;
    const renamed = line.replace(/"messageId":"[^"]*"/, `"messageId":"x${count}"`);
    if (kind === 'invalid_time') {
      const changed = renamed.replace(
        /"(timestamp|originalTimestamp)":"[^"]*"/g,
        `"$1":"${pick(random, impossibleTimes)}"`,
      );
      return { line: changed, reason: kind };
    }
    const head = `{"type":"track","messageId":"x${count}"`;
    const time = /"(?:timestamp|originalTimestamp)":"[^"]*"/.exec(line)?.[0] ?? '';
    if (kind === 'no_identifier') {
      return {
        line: `${head},"event":"Product Viewed",${time},"properties":{"product_id":"PR-0001"}}`,
        reason: kind,
      };
    }
    if (kind === 'missing_event')
      return { line: `${head},"anonymousId":"an-x${count}",${time},"properties":{}}`, reason: kind };
    return { line: malformJson(random, renamed, count), reason: 'invalid_json' };
  };
}

function malformJson(random: Random, line: string, count: number): string {
  const mail = `bozuk.kayit${count}@posta.example`;
  const texts = [
    line.slice(0, 40 + below(random, line.length - 60)),
    `{'type':'track','messageId':'x${count}','traits':{'email':'${mail}'}}`,
    `{"type":"identify","messageId":"x${count}","traits":{"email":"${mail}","phone":`,
    `["track","x${count}"]`,
    `ERROR gönderilemedi: ${mail} zaman aşımı`,
  ];
  return itemAt(texts, count % texts.length);
}

// As many duplicates wait at most: memory stays the same however many persons there are.
const waitingLimit = 300;

function createWaitingRoom(random: Random): {
  store: (line: string) => string | undefined;
  all: () => readonly string[];
} {
  const lines: string[] = [];
  return {
    // a full room gives up one line for each that comes in
    store: (line) => {
      if (lines.length < waitingLimit) {
        lines.push(line);
        return undefined;
      }
      const index = below(random, lines.length);
      const leaving = itemAt(lines, index);
      lines[index] = line;
      return leaving;
    },
    all: () => lines,
  };
}

export function createDirt(random: Random, source: SourceName): DirtySource | undefined {
  const plan = plans[source];
  if (plan === undefined) return undefined;
  const spoil = source === 'segment' ? spoilSegment(random) : spoilCsv(random, source, plan.time);
  const room = createWaitingRoom(random);
  let left = plan.every;
  let turn = 0;
  const repeat = (line: string): readonly DirtyLine[] => {
    const again = random.next() < 0.4 ? line : room.store(line);
    return again === undefined ? [] : [{ line: again, reason: undefined }];
  };
  return {
    isDue: () => {
      left -= 1;
      if (left > 0) return false;
      left = plan.every;
      return true;
    },
    after: (line) => {
      const kind = itemAt(plan.kinds, turn % plan.kinds.length);
      turn += 1;
      return kind === 'duplicate' ? repeat(line) : [spoil(kind, line)];
    },
    waiting: room.all,
  };
}
