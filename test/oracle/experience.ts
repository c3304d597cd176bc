import { addDays, localDay, nextPeriod, periodStart } from './local-time.ts';
import type { Row } from './types.ts';
import { groupBy } from './values.ts';

// Tickets, answers to surveys and the KPIs of experience, told again from the touchpoints in another way than the SQL: events
// are walked one by one, and business time is added up in quarter hours as the clock on the wall shows them.

export interface ExperienceTouchpoint {
  readonly touchpoint_id: string;
  readonly customer_id: string;
  readonly session_id: string | null;
  readonly event: string;
  readonly channel: string | null;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly occurred_at: number;
}

export interface ServiceLevel {
  readonly policy: string | null;
  readonly priority: string | null;
  readonly metric: string;
  readonly target_minutes: number;
  readonly is_business_time: boolean;
}

export interface ExperienceWorld {
  readonly asOf: number;
  readonly timeZone: string;
  readonly touchpoints: readonly ExperienceTouchpoint[];
  /** Local hours by weekday, Monday first: from and to in quarters of an hour after midnight. */
  readonly hours: readonly (readonly [number, number])[];
  readonly halfDayUntil: number;
  readonly fullHolidays: ReadonlySet<string>;
  readonly halfHolidays: ReadonlySet<string>;
  readonly settings: readonly ServiceLevel[];
  readonly policies: readonly (ServiceLevel & { readonly valid_from: number })[];
  readonly memberships: readonly {
    readonly customer_id: string;
    readonly stage_id: string;
    readonly entered_at: number;
    readonly left_at: number | null;
  }[];
  readonly firstOrders: readonly { readonly customer_id: string; readonly first_ordered_at: number }[];
}

const quarter = 900_000;
const day = 86_400_000;

/** How long it was open between two instants. */
export function businessClock(world: ExperienceWorld): (from: number, to: number) => number {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: world.timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const known = new Map<number, boolean>();
  const isOpen = (slot: number): boolean => {
    const seen = known.get(slot);
    if (seen !== undefined) return seen;
    const at = slot * quarter;
    const parts = new Map(clock.formatToParts(at).map((part) => [part.type, part.value]));
    const today = localDay(at, world.timeZone);
    const shown = Number(parts.get('hour')) * 4 + Number(parts.get('minute')) / 15;
    const [from = 0, to = 0] = world.hours[weekdays.indexOf(parts.get('weekday') ?? '')] ?? [];
    const until = world.halfHolidays.has(today) ? Math.min(to, world.halfDayUntil) : to;
    const open = !world.fullHolidays.has(today) && shown >= from && shown < until;
    known.set(slot, open);
    return open;
  };
  return (from, to) => {
    let spent = 0;
    for (let slot = Math.floor(from / quarter); slot * quarter < to; slot += 1) {
      if (isOpen(slot)) spent += Math.min(to, (slot + 1) * quarter) - Math.max(from, slot * quarter);
    }
    return spent;
  };
}

const textOf = (row: ExperienceTouchpoint, name: string): string | null => {
  const value = row.properties[name];
  return value === undefined ? null : String(value);
};

const inOrder = (one: ExperienceTouchpoint, other: ExperienceTouchpoint): number =>
  one.occurred_at - other.occurred_at || (one.touchpoint_id < other.touchpoint_id ? -1 : 1);

/** true: solved; false: open again; undefined: stays as it is. */
function stateOf(row: ExperienceTouchpoint): boolean | undefined {
  if (row.event === 'ticket_solved') return true;
  if (row.event === 'ticket_reopened') return false;
  const status = row.event === 'ticket_status_changed' ? textOf(row, 'to_status') : null;
  if (status === 'solved' || status === 'closed') return true;
  return status !== null && ['new', 'open', 'pending', 'hold'].includes(status) ? false : undefined;
}

export interface Ticket {
  readonly id: string;
  readonly created: ExperienceTouchpoint;
  readonly events: readonly ExperienceTouchpoint[];
  readonly firstReply: number | null;
  readonly firstSolved: number | null;
  readonly solved: number | null;
  readonly countReopenings: number;
  readonly countAgentReplies: number;
  readonly countCustomerReplies: number;
  readonly levels: ReadonlyMap<string, { readonly target: number; readonly isMet: boolean | null }>;
}

function statesOf(events: readonly ExperienceTouchpoint[]) {
  const changes = events
    .flatMap((row) => {
      const state = stateOf(row);
      return state === undefined ? [] : [{ row, state }];
    })
    .sort(
      (one, other) =>
        one.row.occurred_at - other.row.occurred_at ||
        Number(one.state) - Number(other.state) ||
        inOrder(one.row, other.row),
    );
  let isSolved = false;
  let solved: number | null = null;
  let firstSolved: number | null = null;
  let countReopenings = 0;
  for (const { row, state } of changes) {
    if (state && !isSolved) solved = row.occurred_at;
    if (state) firstSolved ??= row.occurred_at;
    if (!state && isSolved) countReopenings += 1;
    isSolved = state;
  }
  return { solved: isSolved ? solved : null, firstSolved, countReopenings };
}

const isPublicReply = (row: ExperienceTouchpoint, author: string): boolean =>
  row.event === 'ticket_replied' && textOf(row, 'author') === author && row.properties.public !== false;

export function ticketsOf(world: ExperienceWorld): readonly Ticket[] {
  const clock = businessClock(world);
  const seen = world.touchpoints.filter(
    (row) =>
      row.occurred_at < world.asOf && row.event.startsWith('ticket_') && textOf(row, 'ticket_id') !== null,
  );
  return [...groupBy(seen, (row) => textOf(row, 'ticket_id') ?? '')].flatMap(([id, all]) => {
    const [created] = all.filter((row) => row.event === 'ticket_created').sort(inOrder);
    if (created === undefined) return [];
    const events = all.filter((row) => row.occurred_at >= created.occurred_at).sort(inOrder);
    const states = statesOf(events);
    const answers = events.filter((row) => isPublicReply(row, 'agent'));
    const firstReply = answers[0]?.occurred_at ?? null;
    const ends = { first_reply: firstReply, resolution: states.solved };
    const levels = new Map(
      (['first_reply', 'resolution'] as const).flatMap((metric) => {
        const level = levelOf(world, created, metric);
        return level === undefined
          ? []
          : [[metric, judge(world, clock, { level, from: created.occurred_at, end: ends[metric] })]];
      }),
    );
    return [
      {
        id,
        created,
        events,
        firstReply,
        ...states,
        countAgentReplies: answers.length,
        countCustomerReplies: events.filter((row) => isPublicReply(row, 'customer')).length,
        levels,
      },
    ];
  });
}

/** Missed once its time has run out, met when it ended before; null while it waits within it. */
function judge(
  world: ExperienceWorld,
  clock: (from: number, to: number) => number,
  instance: { level: ServiceLevel; from: number; end: number | null },
): { target: number; isMet: boolean | null } {
  const { level, from, end } = instance;
  const until = end ?? world.asOf;
  const spent = level.is_business_time ? clock(from, until) : until - from;
  if (spent > level.target_minutes * 60_000) return { target: level.target_minutes, isMet: false };
  return { target: level.target_minutes, isMet: end === null ? null : true };
}

function levelOf(world: ExperienceWorld, created: ExperienceTouchpoint, metric: string) {
  const policy = textOf(created, 'sla_policy');
  const priority = textOf(created, 'priority') ?? 'normal';
  const [own] = world.policies
    .filter(
      (level) =>
        level.policy === policy &&
        level.priority === priority &&
        level.metric === metric &&
        level.valid_from <= created.occurred_at,
    )
    .sort((one, other) => other.valid_from - one.valid_from);
  return (
    own ??
    world.settings.find(
      (level) =>
        level.metric === metric &&
        (level.policy === null || level.policy === policy) &&
        (level.priority === null || level.priority === priority),
    )
  );
}

export function ticketRowsOf(world: ExperienceWorld): readonly Row[] {
  const clock = businessClock(world);
  const minutes = (from: number, to: number | null) => (to === null ? null : (to - from) / 60_000);
  const business = (from: number, to: number | null) => (to === null ? null : clock(from, to) / 60_000);
  const dayOf = (at: number | null) => (at === null ? null : localDay(at, world.timeZone));
  return ticketsOf(world).map((ticket) => {
    const at = ticket.created.occurred_at;
    return {
      ticket_id: ticket.id,
      customer_id: ticket.created.customer_id,
      channel: ticket.created.channel,
      topic: textOf(ticket.created, 'topic'),
      priority: textOf(ticket.created, 'priority'),
      sla_policy: textOf(ticket.created, 'sla_policy'),
      count_agent_replies: ticket.countAgentReplies,
      count_customer_replies: ticket.countCustomerReplies,
      count_reopenings: ticket.countReopenings,
      first_response_minutes: minutes(at, ticket.firstReply),
      first_response_business_minutes: business(at, ticket.firstReply),
      first_resolution_minutes: minutes(at, ticket.firstSolved),
      first_resolution_business_minutes: business(at, ticket.firstSolved),
      resolution_minutes: minutes(at, ticket.solved),
      resolution_business_minutes: business(at, ticket.solved),
      first_reply_target_minutes: ticket.levels.get('first_reply')?.target ?? null,
      resolution_target_minutes: ticket.levels.get('resolution')?.target ?? null,
      is_solved: ticket.solved !== null,
      is_first_reply_met: ticket.levels.get('first_reply')?.isMet ?? null,
      is_resolution_met: ticket.levels.get('resolution')?.isMet ?? null,
      created_date: dayOf(at),
      first_replied_date: dayOf(ticket.firstReply),
      solved_date: dayOf(ticket.solved),
    };
  });
}

export interface Answer {
  readonly row: ExperienceTouchpoint;
  readonly surveyId: string | null;
  readonly type: string | null;
  readonly trigger: string | null;
  readonly group: string | null;
  readonly scaled: number | null;
  readonly isTopBox: boolean | null;
  readonly isRelationship: boolean;
  readonly isLast: boolean;
  readonly sentAt: number;
  readonly stage: string | null;
}

const numberOf = (row: ExperienceTouchpoint, name: string): number => {
  const text = textOf(row, name);
  return text === null || text.trim() === '' ? Number.NaN : Number(text);
};

/** Rank of the point among those of its scale, 1 being the best, and how many there are. */
function pointOf(row: ExperienceTouchpoint): { rank: number; points: number } | null {
  const [score, low, high] = ['score', 'scale_min', 'scale_max'].map((name) => numberOf(row, name));
  if (score === undefined || low === undefined || high === undefined) return null;
  if (!(low < high && score >= low && score <= high)) return null;
  const points = high - low + 1;
  if (row.properties.survey_type === 'nps' && points !== 11 && points !== 10) return null;
  return { rank: row.properties.higher_is_better === false ? score - low + 1 : high - score + 1, points };
}

function boxOf(type: string | null, point: { rank: number; points: number } | null): boolean | null {
  if (point === null) return null;
  if (type === 'csat') return point.rank <= Math.max(1, Math.floor((point.points * 2) / 5));
  return type === 'ces' ? point.rank <= Math.floor((point.points * 3) / 7) : null;
}

function groupOf(type: string | null, point: { rank: number } | null): string | null {
  if (type !== 'nps' || point === null) return null;
  return point.rank <= 2 ? 'promoter' : point.rank <= 4 ? 'passive' : 'detractor';
}

export function answersOf(world: ExperienceWorld): readonly Answer[] {
  const seen = world.touchpoints.filter((row) => row.occurred_at < world.asOf);
  const sends = seen.filter((row) => row.event === 'survey_sent').sort(inOrder);
  const given = seen.filter((row) => row.event === 'survey_answered').sort(inOrder);
  const waveOf = (row: ExperienceTouchpoint) =>
    JSON.stringify([
      row.customer_id,
      textOf(row, 'survey_type'),
      textOf(row, 'trigger') === 'relationship',
      textOf(row, 'wave_id') ?? textOf(row, 'survey_id'),
      textOf(row, 'question_id'),
    ]);
  const last = new Map(given.map((row) => [waveOf(row), row.touchpoint_id]));
  return given.map((row) => {
    const type = textOf(row, 'survey_type');
    const point = pointOf(row);
    const surveyId = textOf(row, 'survey_id');
    const sent = sends.find(
      (send) => textOf(send, 'survey_id') === surveyId && send.customer_id === row.customer_id,
    );
    const sentAt =
      sent !== undefined && sent.occurred_at <= row.occurred_at ? sent.occurred_at : row.occurred_at;
    const held = world.memberships.find(
      (membership) =>
        membership.customer_id === row.customer_id &&
        membership.entered_at <= sentAt &&
        sentAt < (membership.left_at ?? Number.POSITIVE_INFINITY),
    );
    return {
      row,
      surveyId,
      type,
      trigger: textOf(row, 'trigger'),
      group: groupOf(type, point),
      scaled: point === null ? null : (point.points - point.rank) / (point.points - 1),
      isTopBox: boxOf(type, point),
      isRelationship: textOf(row, 'trigger') === 'relationship',
      isLast: last.get(waveOf(row)) === row.touchpoint_id,
      sentAt,
      stage: held?.stage_id ?? null,
    };
  });
}

export function answerRowsOf(world: ExperienceWorld): readonly Row[] {
  return answersOf(world).map((answer) => ({
    touchpoint_id: answer.row.touchpoint_id,
    survey_id: answer.surveyId,
    customer_id: answer.row.customer_id,
    survey_type: answer.type,
    survey_trigger: answer.trigger,
    stage_id: answer.stage,
    nps_group: answer.group,
    scaled_score: answer.scaled,
    is_on_scale: answer.scaled !== null,
    is_top_box: answer.isTopBox,
    is_relationship: answer.isRelationship,
    is_last_of_wave: answer.isLast,
    answered_date: localDay(answer.row.occurred_at, world.timeZone),
    sent_at: answer.sentAt,
  }));
}

interface Outcome {
  readonly measure: string;
  readonly channel: string | null;
  readonly stage?: string | null;
  readonly own?: readonly [string, string] | undefined;
  readonly value: number;
  readonly isOverall?: boolean;
  readonly isMature: boolean;
  readonly date: string;
}

const share = (isSo: boolean): number => (isSo ? 1 : 0);

const seenOf = (world: ExperienceWorld) => world.touchpoints.filter((row) => row.occurred_at < world.asOf);

function scoreOutcomes(world: ExperienceWorld, answers: readonly Answer[]): readonly Outcome[] {
  const dateOf = (at: number) => localDay(at, world.timeZone);
  return answers
    .filter((answer) => answer.isLast && answer.scaled !== null)
    .flatMap((answer): readonly Outcome[] => {
      const common = {
        channel: answer.row.channel,
        stage: answer.stage,
        own: ['trigger', answer.trigger ?? 'unknown'] as const,
        isMature: true,
        date: dateOf(answer.row.occurred_at),
      };
      if (answer.type === 'nps') {
        const value = answer.group === 'promoter' ? 100 : answer.group === 'detractor' ? -100 : 0;
        return [{ ...common, measure: 'nps', value, isOverall: answer.isRelationship }];
      }
      if (answer.type !== 'csat' && answer.type !== 'ces') return [];
      const isOverall = !answer.isRelationship;
      return [
        { ...common, measure: answer.type, value: share(answer.isTopBox === true), isOverall },
        { ...common, measure: `${answer.type}_mean`, value: answer.scaled ?? Number.NaN, isOverall },
      ];
    });
}

function loopOutcomes(world: ExperienceWorld, answers: readonly Answer[]): readonly Outcome[] {
  const closings = seenOf(world).filter((row) => row.event === 'feedback_closed');
  return answers
    .filter((answer) => answer.group === 'detractor')
    .map((answer): Outcome => {
      const at = answer.row.occurred_at;
      const ticket = textOf(answer.row, 'ticket_id');
      const isClosed = closings.some(
        (row) =>
          row.customer_id === answer.row.customer_id &&
          row.occurred_at >= at &&
          row.occurred_at <= at + 7 * day &&
          ((answer.surveyId !== null && textOf(row, 'survey_id') === answer.surveyId) ||
            (ticket !== null && textOf(row, 'ticket_id') === ticket)),
      );
      return {
        measure: 'closed_loop_rate',
        channel: answer.row.channel,
        stage: answer.stage,
        own: ['trigger', answer.trigger ?? 'unknown'],
        value: share(isClosed),
        isMature: at + 7 * day <= world.asOf,
        date: localDay(at, world.timeZone),
      };
    });
}

function responseOutcomes(world: ExperienceWorld, answers: readonly Answer[]): readonly Outcome[] {
  const sends = groupBy(
    seenOf(world)
      .filter((row) => row.event === 'survey_sent')
      .sort(inOrder),
    (row) => `${row.customer_id} ${textOf(row, 'survey_id')}`,
  );
  return [...sends.values()].flatMap((rows): readonly Outcome[] => {
    const [first] = rows;
    if (first === undefined) return [];
    const isAnswered = answers.some(
      (answer) =>
        answer.row.customer_id === first.customer_id && answer.surveyId === textOf(first, 'survey_id'),
    );
    return [
      {
        measure: 'survey_response_rate',
        channel: first.channel,
        own: ['survey_type', textOf(first, 'survey_type') ?? 'unknown'],
        value: share(isAnswered),
        isMature: first.occurred_at + 14 * day <= world.asOf,
        date: localDay(first.occurred_at, world.timeZone),
      },
    ];
  });
}

function sentimentOutcomes(world: ExperienceWorld, answers: readonly Answer[]): readonly Outcome[] {
  const told = ['survey_answered', 'product_reviewed', 'business_reviewed', 'brand_mentioned'];
  return seenOf(world).flatMap((row): readonly Outcome[] => {
    const value = numberOf(row, 'sentiment_score');
    if (!told.includes(row.event) || !(value >= -1 && value <= 1)) return [];
    const stage = answers.find((answer) => answer.row.touchpoint_id === row.touchpoint_id)?.stage ?? null;
    const own = ['told_in', row.event] as const;
    return [
      {
        measure: 'sentiment_score',
        channel: row.channel,
        stage,
        own,
        value,
        isMature: true,
        date: localDay(row.occurred_at, world.timeZone),
      },
    ];
  });
}

function surveyOutcomes(world: ExperienceWorld): readonly Outcome[] {
  const answers = answersOf(world);
  return [scoreOutcomes, loopOutcomes, responseOutcomes, sentimentOutcomes].flatMap((outcomes) =>
    outcomes(world, answers),
  );
}

interface Step {
  readonly row: ExperienceTouchpoint;
  readonly channel: string | null;
  readonly isContact: boolean;
  readonly isSolve: boolean;
}

function issueOutcomes(world: ExperienceWorld, tickets: readonly Ticket[]): readonly Outcome[] {
  const steps = new Map<string, Step[]>();
  const add = (key: string, step: Step) => steps.set(key, [...(steps.get(key) ?? []), step]);
  const seen = world.touchpoints.filter((row) => row.occurred_at < world.asOf);
  for (const { id, created } of tickets) {
    const topic = textOf(created, 'topic') ?? `ticket ${id}`;
    for (const row of seen.filter(
      (one) => one.event.startsWith('ticket_') && textOf(one, 'ticket_id') === id,
    )) {
      const isContact =
        row.event === 'ticket_created' || row.event === 'ticket_reopened' || isPublicReply(row, 'customer');
      add(JSON.stringify([created.customer_id, topic]), {
        row,
        channel: created.channel,
        isContact,
        isSolve: stateOf(row) === true,
      });
    }
  }
  const elsewhere = ['call_received', 'live_chat_conversation_started', 'whatsapp_message_sent'];
  for (const row of seen.filter(({ event }) => elsewhere.includes(event))) {
    const topic = textOf(row, 'topic');
    if (topic === null) continue;
    add(JSON.stringify([row.customer_id, topic]), {
      row,
      channel: row.channel,
      isContact: true,
      isSolve: false,
    });
  }
  return [...steps.values()].flatMap((all) => issuesOf(world, all));
}

function issuesOf(world: ExperienceWorld, all: readonly Step[]): readonly Outcome[] {
  const issues: Step[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  const sorted = [...all].sort(
    (one, other) =>
      one.row.occurred_at - other.row.occurred_at ||
      Number(one.isSolve) - Number(other.isSolve) ||
      inOrder(one.row, other.row),
  );
  for (const step of sorted) {
    const isNew = issues.length === 0 || (step.isContact && step.row.occurred_at - before > 7 * day);
    if (isNew) issues.push([]);
    issues.at(-1)?.push(step);
    before = step.row.occurred_at;
  }
  return issues.flatMap((steps): readonly Outcome[] => {
    const lastSolve = steps.findLastIndex((step) => step.isSolve);
    const lastContact = steps.findLastIndex((step) => step.isContact);
    const solvedAt = steps[lastSolve]?.row.occurred_at;
    if (solvedAt === undefined || lastContact === -1 || lastContact > lastSolve) return [];
    const isHeld = steps.some((step) => textOf(step.row, 'to_status') === 'hold');
    return [
      {
        measure: 'first_contact_resolution_rate',
        channel: steps[0]?.channel ?? null,
        own: isHeld ? undefined : ['measure', 'net'],
        value: share(steps.filter((step) => step.isContact).length === 1),
        isMature: solvedAt + 7 * day <= world.asOf,
        date: localDay(solvedAt, world.timeZone),
      },
    ];
  });
}

function serviceOutcomes(world: ExperienceWorld): readonly Outcome[] {
  const tickets = ticketsOf(world);
  const seen = world.touchpoints.filter((row) => row.occurred_at < world.asOf).sort(inOrder);
  const dateOf = (at: number) => localDay(at, world.timeZone);
  const levels = tickets.flatMap(({ created, levels: own }) =>
    [...own].map(
      ([metric, { isMet }]): Outcome => ({
        measure: 'sla_attainment_rate',
        channel: created.channel,
        own: ['metric', metric],
        value: share(isMet === true),
        isMature: isMet !== null,
        date: dateOf(created.occurred_at),
      }),
    ),
  );
  const visits = groupBy(
    seen.filter(({ event }) => event === 'help_article_viewed'),
    (row) => JSON.stringify([row.session_id ?? row.touchpoint_id, row.customer_id]),
  );
  const helps = [...visits.values()].map((rows): Outcome => {
    const first = rows[0]?.occurred_at ?? 0;
    const last = rows.at(-1)?.occurred_at ?? 0;
    const isAsked = tickets.some(
      ({ created }) =>
        created.customer_id === rows[0]?.customer_id &&
        created.occurred_at >= first &&
        created.occurred_at < last + day,
    );
    const [channel = null] = rows.flatMap((row) => row.channel ?? []).sort();
    return {
      measure: 'self_service_rate',
      channel,
      value: share(!isAsked),
      isMature: last + day <= world.asOf,
      date: dateOf(last),
    };
  });
  return [
    ...issueOutcomes(world, tickets),
    ...levels,
    ...helps,
    ...chatOutcomes(world, seen),
    ...earlyOutcomes(world, tickets, seen),
  ];
}

function chatOutcomes(world: ExperienceWorld, seen: readonly ExperienceTouchpoint[]): readonly Outcome[] {
  const chats = groupBy(
    seen.filter(
      (row) => row.event.startsWith('live_chat_conversation_') && textOf(row, 'conversation_id') !== null,
    ),
    (row) => textOf(row, 'conversation_id') ?? '',
  );
  return [...chats.values()].flatMap((rows): readonly Outcome[] => {
    const starts = rows.filter(({ event }) => event === 'live_chat_conversation_started');
    const [started] = starts;
    const agents = starts.flatMap((row) => textOf(row, 'agent_type') ?? []).sort();
    if (started === undefined || agents[0] !== 'bot') return [];
    const isEnded = rows.some(({ event }) => event === 'live_chat_conversation_ended');
    const isHandedOver = rows.some((row) => row.properties.handed_over === true);
    return [
      {
        measure: 'bot_containment_rate',
        channel: 'live_chat',
        value: share(isEnded && !isHandedOver),
        isMature: isEnded || started.occurred_at + day <= world.asOf,
        date: localDay(started.occurred_at, world.timeZone),
      },
    ];
  });
}

function earlyOutcomes(
  world: ExperienceWorld,
  tickets: readonly Ticket[],
  seen: readonly ExperienceTouchpoint[],
): readonly Outcome[] {
  const contacts = [
    ...tickets.map(({ created }) => created),
    ...seen.filter(({ event }) => event === 'call_received' || event === 'live_chat_conversation_started'),
  ];
  return world.firstOrders.map(({ customer_id, first_ordered_at }) => ({
    measure: 'early_support_contact_rate',
    channel: null,
    value: share(
      contacts.some(
        (row) =>
          row.customer_id === customer_id &&
          row.occurred_at >= first_ordered_at &&
          row.occurred_at < first_ordered_at + 7 * day,
      ),
    ),
    isMature: first_ordered_at + 7 * day <= world.asOf,
    date: localDay(first_ordered_at, world.timeZone),
  }));
}

/** Every measure by month, with its segments; months without an outcome are left to the cases of the model. */
export function monthRowsOf(world: ExperienceWorld): readonly Row[] {
  const outcomes = [...surveyOutcomes(world), ...serviceOutcomes(world)];
  const told = outcomes.flatMap((outcome) => {
    const segments: [string, string | null | undefined][] = [
      ...((outcome.isOverall ?? true)
        ? ([
            ['all', 'all'],
            ['channel', outcome.channel],
            ['stage', outcome.stage],
          ] as [string, string | null | undefined][])
        : []),
      ...(outcome.own === undefined ? [] : ([[outcome.own[0], outcome.own[1]]] as [string, string][])),
    ];
    return segments.flatMap(([type, value]) =>
      value === null || value === undefined ? [] : [{ outcome, type, value }],
    );
  });
  const groups = groupBy(told, ({ outcome, type, value }) =>
    JSON.stringify([outcome.measure, periodStart(outcome.date, 'month'), type, value]),
  );
  return [...groups].map(([key, members]) => {
    const [measure, period_start, segment_type, segment_value] = JSON.parse(key) as string[];
    const mature = members.filter(({ outcome }) => outcome.isMature).map(({ outcome }) => outcome.value);
    const isOver = localDay(world.asOf, world.timeZone) >= nextPeriod(period_start ?? '', 'month');
    return {
      measure,
      period_start,
      segment_type,
      segment_value,
      value_sum: mature.reduce((sum, value) => sum + value, 0),
      count_mature: mature.length,
      count_immature: members.length - mature.length,
      is_complete: isOver && mature.length === members.length,
    };
  });
}

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
};

/** Time to answer and to solve by the month in which that happened, overall. */
export function monthTimesOf(world: ExperienceWorld): readonly Row[] {
  const clock = businessClock(world);
  const times = ticketsOf(world).flatMap(({ created, firstReply, solved }) =>
    [
      { measure: 'first_response', end: firstReply },
      { measure: 'resolution', end: solved },
    ].flatMap(({ measure, end }) =>
      end === null
        ? []
        : (['calendar', 'business'] as const).map((kind) => ({
            measure,
            clock: kind,
            month: periodStart(localDay(end, world.timeZone), 'month'),
            hours:
              (kind === 'calendar' ? end - created.occurred_at : clock(created.occurred_at, end)) / 3_600_000,
          })),
    ),
  );
  const groups = groupBy(times, (time) => JSON.stringify([time.measure, time.clock, time.month]));
  return [...groups].map(([key, members]) => {
    const [measure, kind, period_start] = JSON.parse(key) as string[];
    const hours = members.map((member) => member.hours);
    return {
      measure,
      clock: kind,
      period_start,
      count_tickets: hours.length,
      mean_hours: hours.reduce((sum, value) => sum + value, 0) / hours.length,
      median_hours: medianOf(hours),
    };
  });
}

/** The first local day of the calendar that a world needs, and its last. */
export function calendarSpanOf(world: ExperienceWorld): readonly [string, string] {
  const times = [...world.touchpoints.map(({ occurred_at }) => occurred_at), world.asOf];
  const first = localDay(Math.min(...times), world.timeZone);
  return [`${Number(first.slice(0, 4)) - 1}-12-01`, addDays(localDay(Math.max(...times), world.timeZone), 3)];
}
