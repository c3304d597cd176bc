import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Comparison, differencesOf } from '../oracle/differences.ts';
import { answerRowsOf, monthRowsOf, monthTimesOf, ticketRowsOf } from '../oracle/experience.ts';
import type { Row } from '../oracle/types.ts';
import { ExperienceEngine, publicHolidays } from '../support/experience-engine.ts';
import { type ExperienceScene, randomExperience } from '../support/random-experience-world.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';

const seeds = Array.from({ length: isFull ? 100 : 3 }, (_, index) => index * (isFull ? 1 : 7) + 1);
const holidaysOf = (isHalf: boolean) =>
  new Set(publicHolidays.filter((row) => row.is_half_day === isHalf).map((row) => row.holiday_date));
const holidays = { full: holidaysOf(false), half: holidaysOf(true) };

const comparisons: readonly Comparison[] = [
  {
    relation: 'tickets',
    key: ['ticket_id'],
    columns: {
      ticket_id: 'text',
      customer_id: 'text',
      channel: 'text',
      topic: 'text',
      priority: 'text',
      sla_policy: 'text',
      count_agent_replies: 'count',
      count_customer_replies: 'count',
      count_reopenings: 'count',
      first_response_minutes: 'text',
      first_response_business_minutes: 'text',
      first_resolution_minutes: 'text',
      first_resolution_business_minutes: 'text',
      resolution_minutes: 'text',
      resolution_business_minutes: 'text',
      first_reply_target_minutes: 'text',
      resolution_target_minutes: 'text',
      is_solved: 'flag',
      is_first_reply_met: 'flag',
      is_resolution_met: 'flag',
      created_date: 'day',
      first_replied_date: 'day',
      solved_date: 'day',
    },
  },
  {
    relation: 'survey_answers',
    key: ['touchpoint_id'],
    columns: {
      touchpoint_id: 'text',
      survey_id: 'text',
      customer_id: 'text',
      survey_type: 'text',
      survey_trigger: 'text',
      stage_id: 'text',
      nps_group: 'text',
      scaled_score: 'text',
      is_on_scale: 'flag',
      is_top_box: 'flag',
      is_relationship: 'flag',
      is_last_of_wave: 'flag',
      answered_date: 'day',
      sent_at: 'instant',
    },
  },
  {
    relation: 'int_experience_by_period',
    key: ['measure', 'period_start', 'segment_type', 'segment_value'],
    columns: {
      measure: 'text',
      period_start: 'day',
      segment_type: 'text',
      segment_value: 'text',
      value_sum: 'text',
      count_mature: 'count',
      count_immature: 'count',
      is_complete: 'flag',
    },
  },
  {
    relation: 'int_ticket_times_by_period',
    key: ['measure', 'clock', 'period_start'],
    columns: {
      measure: 'text',
      clock: 'text',
      period_start: 'day',
      count_tickets: 'count',
      mean_hours: 'text',
      median_hours: 'text',
    },
  },
];

const wheres: Readonly<Record<string, string>> = {
  int_experience_by_period: "where grain = 'month' and count_mature + count_immature > 0",
  int_ticket_times_by_period: "where grain = 'month' and segment_type = 'all' and count_tickets > 0",
};

/** Both add up in their own order: seven digits are the same. */
const rounded = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' || (typeof value === 'string' && /^-?\d+\.\d+(e-?\d+)?$/.test(value))
        ? Number(Number(value).toFixed(7)) + 0
        : value,
    ]),
  );

function expectedOf({ world }: ExperienceScene): Readonly<Record<string, readonly Row[]>> {
  return {
    tickets: ticketRowsOf(world),
    survey_answers: answerRowsOf(world),
    int_experience_by_period: monthRowsOf(world),
    int_ticket_times_by_period: monthTimesOf(world),
  };
}

/** What the worlds have met, so that a world that meets nothing is noticed. */
const met = new Map<string, number>();
const meet = (name: string, isSo: boolean) => met.set(name, (met.get(name) ?? 0) + (isSo ? 1 : 0));

function note(scene: ExperienceScene, expected: ReturnType<typeof expectedOf>): void {
  for (const row of expected.tickets ?? []) {
    meet('reopened', Number(row.count_reopenings) > 0);
    meet('solved out of hours', row.resolution_minutes !== null && row.resolution_business_minutes === 0);
    meet('created on a half day', scene.world.halfHolidays.has(String(row.created_date)));
    meet('met', row.is_first_reply_met === true);
    meet('missed', row.is_resolution_met === false);
    meet('waits', row.first_reply_target_minutes !== null && row.is_first_reply_met === null);
  }
  for (const row of expected.survey_answers ?? []) {
    meet('off the scale', row.is_on_scale === false);
    meet('answered again', row.is_last_of_wave === false);
    meet('low is good', row.survey_type === 'ces');
    meet('no stage', row.stage_id === null);
  }
  for (const row of expected.int_experience_by_period ?? []) {
    meet(`${row.measure}`, Number(row.count_mature) > 0 && Number(row.value_sum) !== 0);
    meet('not mature', Number(row.count_immature) > 0);
  }
}

describe('tickets and surveys of random worlds', () => {
  let engine: ExperienceEngine;
  beforeAll(async () => {
    engine = await ExperienceEngine.open();
  });
  afterAll(async () => {
    await engine.close();
    const never = [...met].filter(([, count]) => count === 0).map(([name]) => name);
    if (isFull) expect(never).toEqual([]);
  });

  it.each(seeds)('agree with the oracle in world %i', { timeout: 120_000 }, async (seed) => {
    const scene = randomExperience(seed, holidays);
    const expected = expectedOf(scene);
    note(scene, expected);

    await engine.build(scene);

    const differences: string[] = [];
    for (const comparison of comparisons) {
      const { relation } = comparison;
      const rows = await engine.rows(`select * from ${relation} ${wheres[relation] ?? ''}`);
      differences.push(
        ...differencesOf(comparison, (expected[relation] ?? []).map(rounded), rows.map(rounded)),
      );
    }
    expect(differences).toEqual([]);
    expect(await engine.offending()).toEqual([]);
  });
});
