import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { loadLifecycles } from '../../../functions/adapters/lifecycle-files.ts';
import { loadInputs, loadModelTexts } from '../../../functions/adapters/model-files.ts';
import { loadFacts, loadSource } from '../../../functions/adapters/project-files.ts';
import { LakeError } from '../../../functions/core/errors.ts';
import type { LifecycleExplanation } from '../../../functions/core/explain/explanation.ts';
import { explanationText } from '../../../functions/core/explain/explanation-text.ts';
import { runSettingsKey } from '../../../functions/core/run-settings.ts';
import { Home } from '../../../functions/local/home.ts';
import {
  ExplainError,
  type ExplainRequest,
  explainCustomer,
} from '../../../functions/use-cases/explain-customer.ts';
import { importFiles } from '../../../functions/use-cases/import-files.ts';

const care = `lifecycle: care
label: { tr: Bakım, en: Care }
policy: latest
stages:
  - id: asking
    label: { tr: Soruyor, en: Asking }
    category: lead
    phase: value_creation
    enter: { event: ticket_created }
    leave: { event: ticket_resolved, where: { property: solved, eq: true } }
  - id: pleased
    label: { tr: Memnun, en: Pleased }
    category: customer
    phase: value_creation
    enter: { event: survey_answered, where: { property: score, gte: 9 }, after: { event: ticket_resolved } }
    hold_days: 10
`;

// Ali: reach, two lines of one order, a cancelled order, a second order; a ticket, solved; pleased.
const touchpoints = `event,occurred_at,touchpoint_id,user_id,channel,order_id,amount,currency_code,properties
page_viewed,2024-01-01T10:00:00+03:00,a1,ali,web,,,,
order_completed,2024-01-02T10:00:00+03:00,a2,ali,web,o1,100,TRY,
order_completed,2024-01-02T10:00:00+03:00,a3,ali,web,o1,50.50,TRY,
order_completed,2024-01-20T10:00:00+03:00,a4,ali,store,o2,75,TRY,
order_cancelled,2024-01-21T10:00:00+03:00,a5,ali,store,o2,,,
order_completed,2024-02-01T09:30:00+03:00,a6,ali,mobile,o3,20,TRY,
ticket_created,2024-02-02T10:00:00+03:00,a7,ali,call_center,,,,
ticket_resolved,2024-02-03T10:00:00+03:00,a8,ali,call_center,,,,"{""solved"":true}"
survey_answered,2024-02-04T10:00:00+03:00,a9,ali,email,,,,"{""score"":10}"
profile_updated,2024-02-05T10:00:00+03:00,b1,bilge,web,,,,
page_viewed,2024-02-20T10:00:00+03:00,c1,cem,web,,,,
`;

let folder: string;
let home: Home;
let request: Omit<ExplainRequest, 'customer'>;

const openHome = (config = join(folder, 'dongu.yaml')) =>
  Home.open({ home: join(folder, 'home'), config, telemetry: silentTelemetry });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-explain-'));
  await writeFile(join(folder, 'dongu.yaml'), 'lifecycles: [ecommerce, care.yml]\n');
  await writeFile(join(folder, 'care.yml'), care);
  await writeFile(join(folder, 'touchpoints.csv'), touchpoints);
  home = await openHome();
  const source = await loadSource('touchpoints', home.projectFolder);
  await importFiles([join(folder, 'touchpoints.csv')], source, await loadFacts(), await home.importPorts());
  await home.run({});
  const [models, inputs, configured] = await Promise.all([
    loadModelTexts(),
    loadInputs(),
    loadLifecycles(home.configuration, folder),
  ]);
  request = { at: undefined, lifecycle: undefined, models, inputs, configured };
});

afterAll(async () => {
  await home.close();
  await rm(folder, { recursive: true, force: true });
});

const ports = () => ({
  store: home.store,
  openPublished: () => DuckdbWarehouse.openBeside(home.settings, home.store.localPath('warehouse.duckdb')),
});

const explain = (customerId: string, change: Partial<ExplainRequest> = {}) =>
  explainCustomer({ ...request, customer: { customerId }, ...change }, ports());

async function lifecycleOf(
  customerId: string,
  lifecycle: string,
  change: Partial<ExplainRequest> = {},
): Promise<LifecycleExplanation> {
  const { lifecycles } = await explain(customerId, { lifecycle, ...change });
  const [one] = lifecycles;
  if (lifecycles.length !== 1 || !one) {
    throw new Error('not one lifecycle');
  }
  return one;
}

describe('explainCustomer at the cut', () => {
  it('tells the stage, what proves it and what follows', async () => {
    const { current, matches_published } = await lifecycleOf('ali', 'ecommerce');

    expect(matches_published).toBe(true);
    expect(current).toMatchObject({
      stage_id: 'retention',
      stage_rank: 4,
      since: '2024-02-01T06:30:00.000Z',
      runs_out_at: '2025-01-31T06:30:00.000Z',
      afterwards: [{ stage_id: 'lapsed', from: '2025-01-31T06:30:00.000Z', until: null }],
      left_by: [],
    });
    // the lines of an order are one touchpoint with their sum; the cancelled order counts for nothing
    expect(current?.held_by?.counted).toMatchObject([
      { touchpoint_id: 'a2', order_id: 'o1', amount: '150.50', channel: 'web' },
      { touchpoint_id: 'a6', order_id: 'o3', amount: '20.00', channel: 'mobile' },
    ]);
  });

  it('tells each membership with its cause', async () => {
    const { memberships } = await lifecycleOf('ali', 'care');

    expect(
      memberships.map(({ stage_id, kind, left_at, cause }) => [stage_id, kind, left_at, cause?.rule_id]),
    ).toEqual([
      ['asking', 'enter', '2024-02-03T07:00:00.000Z', 'care.asking.1'],
      ['lapsed', 'lapse', '2024-02-04T07:00:00.000Z', 'care.asking.leave.1'],
      ['pleased', 'reactivate', '2024-02-14T07:00:00.000Z', 'care.pleased.1'],
      ['lapsed', 'lapse', null, undefined],
    ]);
    expect(memberships[2]?.cause).toMatchObject({
      touchpoint: { touchpoint_id: 'a9', values: [{ property: 'score', value: '10' }] },
      opened_by: { touchpoint_id: 'a8' },
    });
    expect(memberships[1]?.cause?.touchpoint.values).toEqual([{ property: 'solved', value: 'true' }]);
  });
});

describe('explainCustomer at other times and of other customers', () => {
  it('tells a moment of the past without what came after it', async () => {
    const { current, memberships, ways_up } = await lifecycleOf('ali', 'ecommerce', {
      at: new Date('2024-01-25T00:00:00Z'),
    });
    const asking = await lifecycleOf('ali', 'care', { at: new Date('2024-02-02T07:00:00Z') });
    const before = await lifecycleOf('ali', 'care', { at: new Date('2024-02-02T06:59:59.999Z') });

    expect(current).toMatchObject({ stage_id: 'acquisition', runs_out_at: '2025-01-01T07:00:00.000Z' });
    expect(memberships.at(-1)).toMatchObject({ stage_id: 'acquisition', left_at: null });
    expect(ways_up.map(({ stage_id }) => stage_id)).toEqual(['nurture', 'retention', 'advocacy']);
    expect(ways_up[1]?.rules).toEqual([
      {
        rule_id: 'ecommerce.retention.1',
        count_required: 2,
        count_counted: 1,
        count_missing: 1,
        needs_other_day: true,
        before: '2025-01-01T07:00:00.000Z',
        is_opened: null,
      },
    ]);
    // the leave that did come is not known yet
    expect(asking.current).toMatchObject({
      stage_id: 'asking',
      runs_out_at: null,
      afterwards: [],
      left_by: ['care.asking.leave.1'],
    });
    expect(before.current).toBeNull();
  });

  it('tells a customer without a stage what would bring one', async () => {
    const { current, memberships, ways_up } = await lifecycleOf('bilge', 'care');

    expect([current, memberships]).toEqual([null, []]);
    expect(ways_up.flatMap(({ rules }) => rules.map(({ is_opened }) => is_opened))).toEqual([null, false]);
  });

  it('says so when rules or models changed since the run', async () => {
    const [first, ...others] = request.configured;
    const same = await explain('ali');
    const fewer = await explain('ali', { configured: others });
    const longer = request.models.map((model) =>
      model.name === 'int_stage_spans'
        ? { ...model, sql: `select * from (${model.sql}) as spans where stage_rank <> 1` }
        : model,
    );
    const changed = await explain('ali', { models: longer });

    expect(first?.template.lifecycle).toBe('ecommerce');
    expect([same.is_configuration_current, fewer.is_configuration_current]).toEqual([true, false]);
    expect(same.lifecycles.map(({ matches_published }) => matches_published)).toEqual([true, true]);
    expect(changed.lifecycles.map(({ matches_published }) => matches_published)).toEqual([false, false]);
    const wording = { timeZone: 'UTC', currency: 'TRY', channel: (channel: string) => channel };
    expect(explanationText(fewer, { ...wording, language: 'en' })).toContain(
      'the rules changed since the last run',
    );
    expect(explanationText(changed, { ...wording, language: 'tr' })).toContain(
      'yayımlanan üyelikler bu hesapla aynı değil',
    );
  });
});

describe('an explanation in words', () => {
  const wordsOf = async (language: 'tr' | 'en', at: string) =>
    explanationText(await explain('ali', { lifecycle: 'care', at: new Date(at) }), {
      language,
      timeZone: 'Europe/Istanbul',
      currency: 'TRY',
      channel: (channel) => channel,
    });

  it('tells a stage that waits for another event, what ends it, and the path', async () => {
    expect(await wordsOf('en', '2024-02-05T00:00:00Z')).toMatchInlineSnapshot(`
      "Customer ali, as of 5 February 2024 03:00 (Europe/Istanbul); by the last run, which is as of 20 February 2024 00:00

      Care (the latest signal counts)

        Stage         Pleased (2 of 2)
        Since         4 February 2024 10:00
        Because       survey_answered where score is at least 9, after ticket_resolved
                        3 February 2024 10:00  ticket_resolved, call_center (had to come first)
                        4 February 2024 10:00  survey_answered, email, score = 10
        Runs out      14 February 2024 10:00
                      if nothing more happens, then: Lapsed

      Path so far
        2 February 2024 10:00  – 3 February 2024 10:00  Asking   entered: ticket_created, call_center
        3 February 2024 10:00  – 4 February 2024 10:00  Lapsed   lapsed: ended by ticket_resolved, call_center, solved = yes
        4 February 2024 10:00  – still lasts            Pleased  came back: survey_answered, email, score = 10 [after ticket_resolved]

      In the highest stage.
      "
    `);
    expect(await wordsOf('tr', '2024-02-05T00:00:00Z')).toMatchInlineSnapshot(`
      "Müşteri ali, 5 Şubat 2024 03:00 itibarıyla (Europe/Istanbul); 20 Şubat 2024 00:00 itibarıyla yapılan son çalıştırmaya göre

      Bakım (en son sinyal geçerlidir)

        Aşama         Memnun (2/2)
        Başlangıç     4 Şubat 2024 10:00
        Neden         ticket_resolved sonrasında survey_answered (koşul: score en az 9)
                        3 Şubat 2024 10:00  ticket_resolved, call_center (önce olması gereken)
                        4 Şubat 2024 10:00  survey_answered, email, score = 10
        Bitiş         14 Şubat 2024 10:00
                      yeni bir şey olmazsa ardından: Pasif

      Geçtiği aşamalar
        2 Şubat 2024 10:00  – 3 Şubat 2024 10:00  Soruyor  girdi: ticket_created, call_center
        3 Şubat 2024 10:00  – 4 Şubat 2024 10:00  Pasif    pasifleşti: bitiren olay ticket_resolved, call_center, solved = evet
        4 Şubat 2024 10:00  – sürüyor             Memnun   yeniden kazanıldı: survey_answered, email, score = 10 [ticket_resolved sonrasında]

      En yüksek aşamada.
      "
    `);
  });

  it('tells a stage without an end, and one that an event ended', async () => {
    expect(await wordsOf('en', '2024-02-02T12:00:00Z')).toMatchInlineSnapshot(`
      "Customer ali, as of 2 February 2024 15:00 (Europe/Istanbul); by the last run, which is as of 20 February 2024 00:00

      Care (the latest signal counts)

        Stage         Asking (1 of 2)
        Since         2 February 2024 10:00
        Because       ticket_created
                        2 February 2024 10:00  ticket_created, call_center
        Runs out      never by itself
        Ends at once  ticket_resolved where solved is yes

      What would move the customer up
        Pleased:
          - ticket_resolved first, then survey_answered where score is at least 9
      "
    `);
    expect(await wordsOf('tr', '2024-02-03T12:00:00Z')).toMatchInlineSnapshot(`
      "Müşteri ali, 3 Şubat 2024 15:00 itibarıyla (Europe/Istanbul); 20 Şubat 2024 00:00 itibarıyla yapılan son çalıştırmaya göre

      Bakım (en son sinyal geçerlidir)

        Aşama         Pasif
        Başlangıç     3 Şubat 2024 10:00
        Neden         bitiren olay: ticket_resolved (koşul: solved = evet)
                        3 Şubat 2024 10:00  ticket_resolved, call_center, solved = evet
        Süre          yeni bir sinyal gelene kadar

      Geçtiği aşamalar
        2 Şubat 2024 10:00  – 3 Şubat 2024 10:00  Soruyor  girdi: ticket_created, call_center
        3 Şubat 2024 10:00  – sürüyor             Pasif    pasifleşti: bitiren olay ticket_resolved, call_center, solved = evet

      Müşteriyi geri getirecek olan
        Soruyor:
          - ticket_created
        Memnun:
          - survey_answered (koşul: score en az 9); öncesinde gereken ticket_resolved var
      "
    `);
  });
});

describe('what cannot be explained', () => {
  const refusal = async (customerId: string, change: Partial<ExplainRequest> = {}) => {
    const error = await explain(customerId, change).catch((thrown: unknown) => thrown);
    if (!(error instanceof ExplainError)) {
      throw error;
    }
    return `${error.message}. ${error.hint}`;
  };

  it('is an unknown customer, whose name is not repeated', async () => {
    const unknown = await refusal('nobody@example.com');

    expect(unknown).toContain('no customer of the last run has this id');
    expect(unknown).toContain('dongu explain --email ADDRESS');
    expect(unknown).not.toContain('nobody');
    expect(await refusal("x' or 1 = 1 --")).toContain('dongu query "select customer_id');
    expect(await refusal('', { customer: { identifierType: 'phone', identifierKey: 'pk_0' } })).toContain(
      'has this phone number',
    );
  });

  it('is a customer who came at the cut or later', async () => {
    expect(await refusal('cem')).toContain('no customer of the last run has this id');
  });

  it('is an instant after the cut', async () => {
    expect(await refusal('ali', { at: new Date('2024-02-20T00:00:00Z') })).toContain(
      'the last run knows nothing after 2024-02-19T21:00:00.000Z',
    );
  });

  it('is a lifecycle that was not run; the nearest is named', async () => {
    expect(await refusal('ali', { lifecycle: 'ecomerce' })).toContain('did you mean "ecommerce"?');
  });

  it('is a run that does not say its rules', async () => {
    const bare = { ...ports(), store: new FolderObjectStore(join(folder, 'elsewhere')) };
    const asked = explainCustomer({ ...request, customer: { customerId: 'ali' } }, bare);

    await expect(asked).rejects.toThrow(LakeError);
    expect(await home.store.list('runs')).toContainEqual(expect.stringMatching(/settings\.json$/));
    expect(runSettingsKey('X')).toBe('runs/X.settings.json');
  });
});
