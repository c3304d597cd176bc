import type { OracleParameters, ReceivedRow, SourceLine } from '../oracle/types.ts';
import { type Chance, chanceOf } from './chance.ts';
import { chooseCrowd, chooseIdentifiers, choosePeople, noIdentifiers, type Person } from './world-people.ts';
import { chooseTimes, type WorldTimes, writeInstant } from './world-times.ts';

/** A small, unfriendly set of files with the parameters of the run over them. */
export type World = {
  readonly seed: number;
  readonly parameters: OracleParameters;
  /** The files in the order in which they are received. */
  readonly files: readonly (readonly SourceLine[])[];
};

export type WorldOptions = {
  /** May one touchpoint id come with two contents? Then what is kept depends on what came first. */
  readonly hasConflicts: boolean;
};

type Setting = {
  readonly people: readonly Person[];
  readonly times: WorldTimes;
  readonly currency: string;
  readonly sharing: number;
  readonly orderIds: readonly string[];
  readonly channels: readonly (string | null)[];
};

const allChannels = [
  'web',
  'web',
  'mobile',
  null,
  'store',
  'email',
  'sms',
  'call_center',
  'marketplace',
  'partner',
  'whatsapp',
  'social',
  'live_chat',
  'system',
  'kiosk',
];

const campaigns = [
  [null, null, null],
  [null, null, null],
  ['google', 'cpc', 'marka'],
  ['google', 'cpc', 'yaz-shopping'],
  ['facebook', 'cpc', 'bahar'],
  ['instagram', 'paid_social', null],
  ['bulten', 'email', 'Şubat bülteni'],
  ['blogger', 'influencer', 'ayse'],
  ['agency', 'affiliate', null],
  ['criteo', 'retargeting', 'geri dön'],
  ['youtube', 'video', null],
  ['gdn', 'display', null],
  [null, 'sms', 'indirim, son gün'],
  ['arkadas', 'referral_program', null],
  ['dergi', 'pr', null],
  ['kiosk-42', 'unheard_of', null],
] as const;

const propertyTexts = [
  null,
  null,
  '{}',
  '{"path":"/çanta","landing":true}',
  '{"referrer":"https://www.google.com/search?q=x"}',
  '{"referrer":"https://www.instagram.com/"}',
  '{"referrer":"https://baska-site.example/yazi"}',
  '{"referral_code":"R-7"}',
  '{"coupon":"YAZ10","n":1.5,"empty":null}',
];

/** Everything about a world follows from its seed. */
export function randomWorld(seed: number, options: WorldOptions = { hasConflicts: true }): World {
  const chance = chanceOf(seed);
  const times = chooseTimes(chance);
  const currency = chance.pick(['TRY', 'GBP', 'USD']);
  const count = chance.whole(5, 72);
  const setting: Setting = {
    people: choosePeople(chance),
    times,
    currency,
    sharing: chance.pick([0, 0.05, 0.15, 0.3]),
    orderIds: Array.from({ length: Math.ceil(count / 5) }, (_, index) => `A-${index}`),
    channels: Array.from({ length: chance.whole(1, 9) }, () => chance.pick(allChannels)),
  };
  const activityEvent = chance.happens(0.75) ? 'order_completed' : 'page_viewed';
  const lines = withRepetitions(chooseLines(count, setting, chance), options, chance);
  return {
    seed,
    parameters: { asOf: times.asOf, timeZone: times.timeZone, currency, activityEvent },
    files: dealOut(lines, chance.whole(1, 4), chance),
  };
}

/** The rows as the oracle reads them; a file that came before, byte for byte, is skipped. */
export function receivedRows(world: World): ReceivedRow[] {
  const texts = world.files.map((lines) => JSON.stringify(lines));
  return world.files.flatMap((lines, file) =>
    texts.indexOf(texts[file] ?? '') < file ? [] : lines.map((values, line) => ({ file, line, values })),
  );
}

function chooseLines(count: number, setting: Setting, chance: Chance): SourceLine[] {
  const instants: number[] = [];
  const crowd = chance.happens(0.25) ? chooseCrowd(chance) : [];
  let person = chance.pick(setting.people);
  return Array.from({ length: count }, (_, number) => {
    const instant = setting.times.next(instants);
    instants.push(instant);
    // The same person again and again, so that gaps between touchpoints are gaps of one customer.
    if (chance.happens(0.5)) person = chance.pick(setting.people);
    const chosen = chooseLine({ number, person, occurredAt: writeInstant(instant, chance) }, setting, chance);
    const line = { ...chosen, ...crowd[number] };
    return chance.happens(0.05) ? withFault(line, chance) : line;
  });
}

function chooseLine(
  moment: { readonly number: number; readonly person: Person; readonly occurredAt: string },
  setting: Setting,
  chance: Chance,
): SourceLine {
  const { number, person, occurredAt } = moment;
  const isEdge = chance.happens(0.1);
  const kind = isEdge ? chance.pick(['identify', 'group', 'alias']) : chance.pick([null, 'touchpoint']);
  const event = isEdge ? kind : chooseEvent(chance);
  const isAboutOrder = ['order_completed', 'order_refunded', 'order_cancelled'].includes(event ?? '');
  const [campaign_source, campaign_medium, campaign_name] = chance.pick(campaigns);
  const amount = isAboutOrder ? chooseAmount(event, chance) : null;
  const hasId = chance.happens(0.85);
  return {
    touchpoint_id: hasId ? chooseTouchpointId(number, chance) : null,
    kind,
    event,
    occurred_at: occurredAt,
    ...chooseIdentifiers(person, setting.people, setting.sharing, chance),
    previous_id: kind === 'alias' ? chance.pick(person.anonymousIds) : null,
    channel: isEdge ? null : chance.pick(setting.channels),
    campaign_source,
    campaign_medium,
    campaign_name,
    order_id: isAboutOrder && chance.happens(0.8) ? chance.pick(setting.orderIds) : null,
    // Without an id a line is known by its content: its own product tells it from every other line.
    product_id: hasId ? chance.pick([null, 'P-1', 'P-2']) : `P-of-line-${number}`,
    category: chance.pick([null, 'Ayakkabı', 'Çanta, "büyük"']),
    quantity: isAboutOrder ? chance.pick([null, '1', '2', '3', '0']) : null,
    amount,
    currency_code: amount === null ? null : setting.currency,
    device_type: chance.pick([null, 'mobile', 'desktop']),
    country: chance.pick([null, 'TR', 'DE', 'GB']),
    city: chance.pick([null, 'İzmir', 'Muğla']),
    group_id: kind === 'group' ? 'account-1' : chance.pick([null, null, 'account-2']),
    session_id: chance.happens(0.15) ? chance.pick(['s-1', 's-2', `s-${number}`]) : null,
    properties: chance.pick(propertyTexts),
  };
}

/** Ids whose byte order differs from their order of arrival, and from that of UTF-16 units. */
function chooseTouchpointId(number: number, chance: Chance): string {
  return `${chance.pick(['t', 'T', 'ş', '￥', '😀'])}-${number}`;
}

function chooseEvent(chance: Chance): string {
  return chance.pick([
    ...Array.from({ length: 8 }, () => 'order_completed'),
    'order_refunded',
    'order_refunded',
    'order_cancelled',
    'page_viewed',
    'page_viewed',
    'page_viewed',
    'product_viewed',
    'email_link_clicked',
    'lead_contacted',
    'ticket_replied',
    'store_visited',
    'call_received',
    'something_unheard_of',
  ]);
}

/** Few different amounts, so that refunds are partial, full and too large, and values tie in ranks. */
function chooseAmount(event: string | null, chance: Chance): string | null {
  if (event === 'order_cancelled') return chance.pick([null, null, '10', '5.50']);
  return chance.pick([null, '0', '0.00', '10', '10.00', '5.5', '19.99', '0.01', '20', '100000.10']);
}

function withFault(line: SourceLine, chance: Chance): SourceLine {
  // Identity rows have no event of their own, so lacking one is no fault of theirs.
  const isEdge = line.kind !== null && line.kind !== 'touchpoint';
  const faults: Partial<SourceLine>[] = [
    isEdge ? { occurred_at: null } : { event: null },
    { occurred_at: null },
    { occurred_at: '2024-02-30T10:00:00Z' },
    { occurred_at: 'dün akşam' },
    { amount: '1.234,50' },
    { quantity: 'iki' },
    { properties: '[1, 2]' },
    { properties: '{"open":' },
    { ...noIdentifiers, previous_id: null },
    { ...noIdentifiers, previous_id: null, email: ' NULL ', user_id: '0' },
  ];
  return { ...line, ...chance.pick(faults) };
}

/** Rows that come again: the same, or, where the world allows it, with another content under the same id. */
function withRepetitions(lines: readonly SourceLine[], options: WorldOptions, chance: Chance): SourceLine[] {
  const again = lines.filter(() => chance.happens(0.1));
  const changed = again.map((line) =>
    options.hasConflicts && line.touchpoint_id !== null && chance.happens(0.4)
      ? {
          ...line,
          ...chance.pick<Partial<SourceLine>>([{ country: 'FR' }, { city: null }, { channel: 'web' }]),
        }
      : line,
  );
  return [...lines, ...changed];
}

function dealOut(lines: readonly SourceLine[], count: number, chance: Chance): SourceLine[][] {
  const files: SourceLine[][] = Array.from({ length: count }, () => []);
  for (const line of chance.shuffled(lines)) files[chance.whole(0, count - 1)]?.push(line);
  return files.filter((file) => file.length > 0);
}
