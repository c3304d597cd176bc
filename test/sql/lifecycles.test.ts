import { beforeAll, describe, expect, it } from 'vitest';
import { listLifecycles, loadLifecycles } from '../../functions/adapters/lifecycle-files.ts';
import { loadKpis } from '../../functions/adapters/model-files.ts';
import { readSeed } from '../../functions/adapters/project-files.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { kpiUnits } from '../../functions/core/kpi-definition.ts';
import { rulesOf } from '../../functions/core/lifecycle-tables.ts';
import { type Lifecycle, type Stage, sectors } from '../../functions/core/lifecycle-template.ts';

const names = await listLifecycles();
let lifecycles: readonly Lifecycle[];

beforeAll(async () => {
  lifecycles = await loadLifecycles(
    readConfiguration(`{ lifecycles: [${names.join(', ')}] }`, 'test'),
    undefined,
  );
});

const templateOf = (name: string) => {
  const found = lifecycles.find(({ template }) => template.lifecycle === name);
  if (!found) throw new Error(`${name} was not loaded`);
  return found.template;
};
const eventsOf = (name: string, stage: Stage) => rulesOf(name, stage).flatMap(({ rule }) => rule.event);

it('the eight built-in lifecycles are there, one of them for each sector', () => {
  const eight = ['b2b', 'classic', 'ecommerce', 'finance', 'general', 'growth', 'saas', 'value'];

  expect(names).toEqual(expect.arrayContaining(eight));
  for (const sector of sectors) expect(templateOf(sector).sector).toBe(sector);
});

describe.each(names)('%s', (name) => {
  it('says of every stage its question, goal, role, channels, strategies and KPIs', () => {
    for (const stage of templateOf(name).stages) {
      expect(stage).toMatchObject({
        question: { tr: expect.stringMatching(/\?$/), en: expect.stringMatching(/\?$/) },
        customer_goal: { tr: expect.any(String), en: expect.any(String) },
        role: { responsible: expect.any(String) },
      });
      expect(stage.channels).not.toEqual([]);
      expect(stage.marketing_channels).not.toEqual([]);
      expect(stage.strategies).not.toEqual([]);
      expect(stage.kpis).not.toEqual([]);
    }
  });

  it('has a default target for every stage but the last, and claims no benchmark', () => {
    const { stages } = templateOf(name);

    expect(stages.map(({ target }) => target === null)).toEqual(
      stages.map((_, index) => index === stages.length - 1),
    );
    expect(stages.map(({ benchmark }) => benchmark)).toEqual(stages.map(() => null));
  });

  it('lets no customer fall back through the stages passed: a later one holds at least as long', () => {
    const holds = templateOf(name)
      .stages.filter(({ category }) => category !== 'lead')
      .map(({ hold_days }) => hold_days ?? 0);

    expect(holds).toEqual([...holds].sort((a, b) => a - b));
    expect(holds).not.toContain(0);
  });

  it('takes no opened message for interest: mail programs open them by themselves', () => {
    const events = templateOf(name).stages.flatMap((stage) => eventsOf(name, stage));

    expect(events).not.toContain('email_opened');
  });

  it('goes up in value: categories never fall from stage to stage', () => {
    const order = ['lead', 'customer', 'retained', 'advocate'];
    const ranks = templateOf(name).stages.map(({ category }) => order.indexOf(category));

    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });
});

/** What prospects do too: alone it must not make a customer. */
const ambiguous = [
  'ticket_created',
  'call_received',
  'live_chat_conversation_started',
  'help_article_viewed',
  'email_link_clicked',
  'survey_answered',
  'referral_sent',
  'business_reviewed',
  'loyalty_joined',
  'feature_used',
  'onboarding_started',
  'identity_verified',
  'advisory_session_held',
];

it.each(names)('%s makes a customer only of what customers alone do', (name) => {
  const customers = templateOf(name).stages.filter(({ category }) => category !== 'lead');
  const loose = customers.flatMap((stage) =>
    stage.enter.flatMap((rule, index) => {
      const isProven =
        rule.after !== undefined ||
        (rule.where ?? []).some(({ property }) =>
          ['related_order_id', 'plan_type', 'trigger'].includes(property),
        );
      return isProven
        ? []
        : rule.event
            .filter((event) => ambiguous.includes(event))
            .map((event) => `${stage.id}.${index + 1} ${event}`);
    }),
  );

  expect(loose).toEqual([]);
});

it('classic does not pull a buyer back by every page that is viewed', () => {
  const rules = templateOf('classic').stages.flatMap(({ enter }) => enter);

  for (const rule of rules.filter(({ event }) => event.includes('page_viewed'))) {
    expect(rule.where).toEqual([{ property: 'campaign_source', exists: true }]);
  }
});

describe('the names that templates use', () => {
  it.each(['roles', 'stage_categories', 'stage_phases', 'known_kpis'])(
    '%s have labels in both languages and positions without gaps',
    async (seed) => {
      const rows = await readSeed(seed);

      expect(rows.map(({ position }) => Number(position))).toEqual(rows.map((_, index) => index + 1));
      expect(rows.filter((row) => !row.label_tr || !row.label_en)).toEqual([]);
      expect(new Set(rows.map((row) => Object.values(row)[0])).size).toBe(rows.length);
    },
  );

  it('known KPIs have a unit and say what is better', async () => {
    for (const row of await readSeed('known_kpis')) {
      expect(kpiUnits).toContain(row.unit);
      expect(['up', 'down', 'neither']).toContain(row.better);
    }
  });

  it('a KPI that is built agrees with what was planned of it', async () => {
    const planned = new Map((await readSeed('known_kpis')).map((row) => [row.kpi_id, row]));
    const differing = (await loadKpis()).flatMap(({ definition: { kpi, unit, better } }) => {
      const row = planned.get(kpi);
      return row && (row.unit !== unit || row.better !== better) ? [kpi] : [];
    });

    expect(differing).toEqual([]);
  });

  it('default targets name known KPIs and sectors, each pair once', async () => {
    const known = (await readSeed('known_kpis')).map(({ kpi_id }) => kpi_id);
    const targets = await readSeed('kpi_targets');

    for (const { sector, kpi_id, target } of targets) {
      expect(sectors).toContain(sector);
      expect(known).toContain(kpi_id);
      expect(Number(target)).toBeGreaterThan(0);
    }
    expect(new Set(targets.map(({ sector, kpi_id }) => `${sector} ${kpi_id}`)).size).toBe(targets.length);
  });
});
