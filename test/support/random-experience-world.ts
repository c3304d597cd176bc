import type { ExperienceTouchpoint, ExperienceWorld, ServiceLevel } from '../oracle/experience.ts';
import { type Chance, chanceOf } from './chance.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Around a change of the clocks, a feast with its arife, 28 October, and the turn of a year. */
const scenes = [
  { timeZone: 'Europe/Istanbul', around: '2024-04-09T12:00:00Z' },
  { timeZone: 'Europe/Istanbul', around: '2024-06-14T21:30:00Z' },
  { timeZone: 'Europe/Istanbul', around: '2016-03-27T01:00:00Z' },
  { timeZone: 'Europe/Istanbul', around: '2015-11-08T00:00:00Z' },
  { timeZone: 'Europe/Istanbul', around: '2024-12-31T20:00:00Z' },
  { timeZone: 'Europe/London', around: '2024-03-31T01:00:00Z' },
  { timeZone: 'Europe/London', around: '2024-10-27T01:00:00Z' },
  { timeZone: 'America/New_York', around: '2024-11-03T06:00:00Z' },
  { timeZone: 'Australia/Lord_Howe', around: '2024-04-06T15:00:00Z' },
  { timeZone: 'Asia/Kathmandu', around: '2024-10-28T07:00:00Z' },
] as const;

/** Hours as dongu.yaml writes them; one world works at night and on Sundays. */
const schedules = [
  ['09:00-18:00', '09:00-18:00', '09:00-18:00', '09:00-18:00', '09:00-18:00', 'closed', 'closed'],
  ['08:30-17:15', 'closed', '08:30-24:00', '10:00-12:00', '14:00-22:00', '10:00-14:00', '00:00-24:00'],
  ['00:00-24:00', '00:00-24:00', '00:00-24:00', '00:00-24:00', '00:00-24:00', '00:00-24:00', '00:00-24:00'],
] as const;

export interface ExperienceScene {
  readonly world: ExperienceWorld;
  /** `business_hours`, Monday first. */
  readonly schedule: readonly string[];
}

const quartersOf = (text: string): readonly [number, number] => {
  if (text === 'closed') return [0, 0];
  const [from = 0, to = 0] = text.split('-').map((clock) => {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number);
    return hours * 4 + minutes / 15;
  });
  return [from, to];
};

class Story {
  readonly touchpoints: ExperienceTouchpoint[] = [];
  readonly #chance: Chance;
  readonly #around: number;

  constructor(chance: Chance, around: number) {
    this.#chance = chance;
    this.#around = around;
  }

  /** Some days about the scene, often on the hour so that limits and equal instants are met. */
  moment(spread = 9): number {
    const at = this.#around + Math.floor((this.#chance.fraction() - 0.5) * 2 * spread * day);
    return this.#chance.happens(0.4) ? Math.round(at / hour) * hour : at;
  }

  later(at: number, most: number): number {
    const step = this.#chance.pick([0, 1, hour, day, 7 * day, Math.floor(this.#chance.fraction() * most)]);
    return at + Math.min(step, Math.max(most, 7 * day));
  }

  tell(
    event: string,
    customer: string,
    at: number,
    told: Partial<ExperienceTouchpoint> & { properties: ExperienceTouchpoint['properties'] },
  ): void {
    this.touchpoints.push({
      touchpoint_id: `t${String(this.touchpoints.length).padStart(4, '0')}`,
      customer_id: customer,
      session_id: null,
      event,
      channel: this.#chance.pick(['email', 'web', 'call_center', null]),
      occurred_at: at,
      ...told,
    });
  }
}

const customers = ['c1', 'c2', 'c3', 'c4', 'c5'] as const;

/** One more thing that happens to a ticket. */
function tellStep(
  story: Story,
  chance: Chance,
  step: { ticket: string; customer: string; at: number },
): void {
  const event = chance.pick([
    'ticket_replied',
    'ticket_replied',
    'ticket_status_changed',
    'ticket_solved',
    'ticket_solved',
    'ticket_reopened',
  ]);
  const reply = {
    author: chance.pick(['agent', 'agent', 'customer', 'bot', 'automation']),
    ...(chance.happens(0.6) && { public: chance.happens(0.7) }),
  };
  const change = { to_status: chance.pick(['open', 'pending', 'hold', 'solved', 'closed', 'deleted']) };
  story.tell(event, step.customer, step.at, {
    properties: {
      ticket_id: step.ticket,
      ...(event === 'ticket_replied' && reply),
      ...(event === 'ticket_status_changed' && change),
    },
  });
}

function tellTickets(story: Story, chance: Chance): void {
  for (let number = 0; number < 14; number += 1) {
    const customer = chance.pick(customers);
    const ticket = `T${chance.happens(0.1) ? 0 : number}`;
    const properties = {
      ticket_id: ticket,
      ...(chance.happens(0.8) && { topic: chance.pick(['delivery', 'size']) }),
      ...(chance.happens(0.7) && { priority: chance.pick(['low', 'normal', 'high', 'urgent']) }),
      ...(chance.happens(0.5) && { sla_policy: chance.pick(['gold', 'silver']) }),
    };
    let at = story.moment();
    if (chance.happens(0.95)) story.tell('ticket_created', customer, at, { properties });
    if (chance.happens(0.05)) at -= day;
    for (let step = chance.whole(0, 6); step > 0; step -= 1) {
      at = story.later(at, 3 * day);
      tellStep(story, chance, {
        ticket,
        customer: chance.happens(0.9) ? customer : chance.pick(customers),
        at,
      });
    }
  }
}

function tellContacts(story: Story, chance: Chance): void {
  for (let number = 0; number < 8; number += 1) {
    const customer = chance.pick(customers);
    const at = story.moment();
    const conversation_id = `k${number}`;
    const topic = chance.happens(0.6) ? { topic: chance.pick(['delivery', 'size']) } : {};
    story.tell(chance.pick(['call_received', 'whatsapp_message_sent']), customer, story.moment(), {
      properties: topic,
    });
    story.tell('live_chat_conversation_started', customer, at, {
      channel: 'live_chat',
      properties: { conversation_id, agent_type: chance.pick(['bot', 'bot', 'human']), ...topic },
    });
    if (chance.happens(0.7)) {
      story.tell('live_chat_conversation_ended', customer, story.later(at, hour), {
        channel: 'live_chat',
        properties: { conversation_id, handed_over: chance.happens(0.4) },
      });
    }
    for (let views = chance.whole(1, 2); views > 0; views -= 1) {
      story.tell('help_article_viewed', customer, story.moment(), {
        session_id: chance.happens(0.7) ? `v${number}` : null,
        channel: chance.pick(['web', 'mobile']),
        properties: { article_id: 'a' },
      });
    }
  }
}

const scales = [
  { survey_type: 'nps', scale_min: 0, scale_max: 10 },
  { survey_type: 'nps', scale_min: 1, scale_max: 10 },
  { survey_type: 'nps', scale_min: 1, scale_max: 5 },
  { survey_type: 'csat', scale_min: 1, scale_max: 5 },
  { survey_type: 'csat', scale_min: 0, scale_max: 1 },
  { survey_type: 'ces', scale_min: 1, scale_max: 7 },
  { survey_type: 'ces', scale_min: 1, scale_max: 5, higher_is_better: false },
  { survey_type: 'custom', scale_min: 1, scale_max: 3 },
] as const;

function tellAnswer(
  story: Story,
  chance: Chance,
  answer: {
    customer: string;
    at: number;
    scale: (typeof scales)[number];
    about: ExperienceTouchpoint['properties'];
  },
): void {
  const { customer, at, scale, about } = answer;
  story.tell('survey_answered', customer, at, {
    properties: {
      ...about,
      score: chance.whole(scale.scale_min, scale.scale_max + (chance.happens(0.1) ? 2 : 0)),
      ...(chance.happens(0.4) && { sentiment_score: chance.pick([-1, -0.25, 0.5, 1, 3]) }),
    },
  });
  if (!chance.happens(0.5)) return;
  const closed = chance.happens(0.6)
    ? { survey_id: about.survey_id ?? '' }
    : { ticket_id: `T${chance.whole(0, 13)}` };
  story.tell('feedback_closed', customer, story.later(at, 9 * day), { properties: closed });
}

function tellSurveys(story: Story, chance: Chance): void {
  for (let number = 0; number < 26; number += 1) {
    const customer = chance.pick(customers);
    const scale = chance.pick(scales);
    const about = {
      survey_id: `s${number}`,
      ...scale,
      ...(chance.happens(0.3) && { ticket_id: `T${chance.whole(0, 13)}` }),
      ...(chance.happens(0.7) && { wave_id: chance.pick(['w1', 'w2']) }),
      trigger: chance.pick(['relationship', 'delivery', 'ticket']),
    };
    const at = story.moment(16);
    if (chance.happens(0.85)) story.tell('survey_sent', customer, at, { properties: about });
    if (chance.happens(0.2)) story.tell('survey_sent', customer, story.later(at, day), { properties: about });
    const answeredAt = story.later(at, 2 * day) - (chance.happens(0.1) ? hour : 0);
    if (chance.happens(0.7)) tellAnswer(story, chance, { customer, at: answeredAt, scale, about });
  }
  for (let number = 0; number < 5; number += 1) {
    story.tell('product_reviewed', chance.pick(customers), story.moment(), {
      properties: { rating: 4, ...(chance.happens(0.8) && { sentiment_score: 0.75 }) },
    });
  }
}

const level = (
  policy: string | null,
  priority: string | null,
  metric: string,
  told: { target_minutes: number; is_business_time: boolean },
): ServiceLevel => ({ policy, priority, metric, ...told });

function levelsOf(chance: Chance, around: number): Pick<ExperienceWorld, 'settings' | 'policies'> {
  const told = () => ({
    target_minutes: chance.pick([1, 60, 240, 540, 1440, 4320]),
    is_business_time: chance.happens(0.6),
  });
  return {
    settings: [
      level(null, 'urgent', 'first_reply', told()),
      level('silver', null, 'first_reply', told()),
      level(null, null, 'first_reply', told()),
      level('silver', 'high', 'resolution', told()),
      ...(chance.happens(0.7) ? [level(null, null, 'resolution', told())] : []),
    ],
    policies: [-30, -1, 2].flatMap((days) => [
      { ...level('gold', 'normal', 'first_reply', told()), valid_from: around + days * day },
      { ...level('gold', 'high', 'resolution', told()), valid_from: around + days * day },
    ]),
  };
}

/** A few weeks of a help desk and its surveys. */
export function randomExperience(
  seed: number,
  holidays: { readonly full: ReadonlySet<string>; readonly half: ReadonlySet<string> },
): ExperienceScene {
  const chance = chanceOf(seed);
  const scene = scenes[seed % scenes.length] ?? scenes[0];
  const around = Date.parse(scene.around);
  const story = new Story(chance, around);
  tellTickets(story, chance);
  tellContacts(story, chance);
  tellSurveys(story, chance);
  const schedule = chance.pick(schedules);
  const memberships = customers.slice(0, 3).flatMap((customer_id) => {
    const change = story.moment();
    return [
      { customer_id, stage_id: 'reach', entered_at: around - 40 * day, left_at: change },
      { customer_id, stage_id: 'loyal', entered_at: change, left_at: null },
    ];
  });
  const asOf = Math.round((around + chance.whole(-1, 25) * day) / hour) * hour;
  return {
    schedule,
    world: {
      asOf,
      timeZone: scene.timeZone,
      touchpoints: chance.shuffled(story.touchpoints),
      hours: schedule.map(quartersOf),
      halfDayUntil: 13 * 4,
      fullHolidays: holidays.full,
      halfHolidays: holidays.half,
      ...levelsOf(chance, around),
      memberships,
      firstOrders: customers
        .slice(1)
        .map((customer_id) => ({ customer_id, first_ordered_at: story.moment() }))
        .filter(({ first_ordered_at }) => first_ordered_at < asOf),
    },
  };
}
