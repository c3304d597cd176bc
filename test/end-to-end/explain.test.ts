import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { personalKey } from '../../functions/adapters/duckdb-landing.ts';
import { queryWarehouse } from '../../functions/adapters/duckdb-reader.ts';
import { KeyFileSecrets } from '../../functions/adapters/key-file-secrets.ts';
import { explained } from '../../functions/local/commands/explain.ts';
import { Home } from '../../functions/local/home.ts';
import { plainEmail, plainPhone } from '../support/clear-text-search.ts';
import { ExplanationSchema } from '../support/explanation-schema.ts';
import { type SimulatedHome, simulatedHome, trueIdentifiers } from '../support/simulated-home.ts';

const program = fileURLToPath(new URL('../../bin/dongu.mjs', import.meta.url));

/** With what no built-in lifecycle of a shop has: leaves, and a stage for ever. */
const care = `lifecycle: care
label: { tr: İlgi, en: Care }
policy: latest
stages:
  - id: buyer
    label: { tr: Alıcı, en: Buyer }
    category: customer
    phase: value_creation
    enter: { event: order_completed, where: { property: amount, gte: 100 } }
    leave: { event: [order_refunded, ticket_created] }
    hold_days: 200
  - id: friend
    label: { tr: Dost, en: Friend }
    category: retained
    phase: value_expansion
    enter: { event: order_completed, at_least: 3 }
`;

let folder: string;
let store: SimulatedHome;
let home: Home;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-explained-store-'));
  store = await simulatedHome(folder, { seed: 5, customers: 500, months: 18 });
  await mkdir(join(folder, 'lifecycles'));
  await writeFile(join(folder, 'lifecycles', 'care.yml'), care);
  await writeFile(join(folder, 'dongu.yaml'), 'lifecycles: [ecommerce, classic, care]\n');
  home = await Home.open({
    home: store.home.root,
    config: join(folder, 'dongu.yaml'),
    telemetry: silentTelemetry,
  });
  await home.run({});
}, 120_000);

afterAll(async () => {
  await home.close();
  await store.home.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const explain = (...words: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const given = ['--home', store.home.root, '--config', join(folder, 'dongu.yaml'), 'explain', ...words];
    execFile(process.execPath, [program, ...given], (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err });
    });
  });

const query = async (sql: string) =>
  (await queryWarehouse(store.home.store.localPath('warehouse.duckdb'), sql)).rows;

const instant = (value: unknown): string | null =>
  value === null ? null : new Date(`${String(value).replace(' ', 'T')}Z`).toISOString();

/** One kind of history each; the first customer by id who has it. */
const histories: readonly (readonly [name: string, lifecycle: string, having: string])[] = [
  ['a skipped stage', 'ecommerce', "kind = 'skip' and count_skipped = 2"],
  ['one stage skipped', 'ecommerce', "kind = 'skip' and count_skipped = 1"],
  ['a lapse', 'ecommerce', "kind = 'lapse'"],
  ['a reactivation', 'ecommerce', "kind = 'reactivate'"],
  ['a fall to a lower stage', 'ecommerce', "kind = 'return'"],
  ['an advocate', 'ecommerce', "to_stage_id = 'advocacy'"],
  ['a counting rule', 'ecommerce', "rule_id = 'ecommerce.retention.1'"],
  ['the latest signal', 'classic', "kind = 'return'"],
  ['a leave', 'care', "rule_id like '%.leave.%'"],
  ['a stage for ever', 'care', "to_stage_id = 'friend'"],
];

describe('dongu explain of a simulated store', () => {
  it.each(histories)('says what the marts say: %s', async (_name, lifecycle, having) => {
    const [found] = await query(
      `select min(customer_id) as customer_id from stage_transitions where lifecycle_id = '${lifecycle}' and ${having}`,
    );
    const customerId = String(found?.customer_id);
    // within this process: the command is tried below, and would start anew for each
    const told = JSON.stringify(await explained(home, customerId, { country: 'TR' }));
    const explanation = ExplanationSchema.parse(JSON.parse(told));
    const published = await query(
      `select memberships.lifecycle_id, stage_id, entered_at, left_at, kind, count_skipped, rule_id, touchpoint_id
      from stage_memberships as memberships
      inner join stage_transitions as transitions
        on memberships.customer_id = transitions.customer_id
        and memberships.lifecycle_id = transitions.lifecycle_id
        and memberships.entered_at = transitions.occurred_at
      where memberships.customer_id = '${customerId}'
      order by memberships.lifecycle_id, entered_at`,
    );
    const memberships = explanation.lifecycles
      .toSorted((a, b) => (a.lifecycle_id < b.lifecycle_id ? -1 : 1))
      .flatMap(({ lifecycle_id, memberships: own }) =>
        own.map((one) => ({
          lifecycle_id,
          stage_id: one.stage_id,
          entered_at: one.entered_at,
          left_at: one.left_at,
          kind: one.kind,
          count_skipped: one.count_skipped,
          rule_id: one.cause?.rule_id ?? null,
          touchpoint_id: one.cause?.touchpoint.touchpoint_id ?? null,
        })),
      );

    expect(memberships).toEqual(
      published.map((row) => ({
        ...row,
        entered_at: instant(row.entered_at),
        left_at: instant(row.left_at),
      })),
    );
    expect(explanation.is_configuration_current).toBe(true);
    expect(explanation.lifecycles.map(({ matches_published }) => matches_published)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('says it in two languages, of one lifecycle, at an earlier instant', async () => {
    const [found] = await query(
      `select customer_id, occurred_at from stage_transitions
      where rule_id = 'ecommerce.retention.1' order by occurred_at, customer_id limit 1`,
    );
    const id = String(found?.customer_id);
    const at = String(instant(found?.occurred_at));
    const [turkish, english] = await Promise.all([
      explain(id, '--lifecycle', 'ecommerce', '--at', at),
      explain(id, '--lifecycle', 'ecommerce', '--at', at, '--language', 'en'),
    ]);

    expect(turkish.out).toMatch(/Aşama +Elde tutma \(4\/5\)/);
    expect(turkish.out).toMatch(/Neden +365 gün içinde en az 2 ayrı günde order_completed\n +\d+ /);
    expect(turkish.out).toContain(
      'Müşteriyi yukarı taşıyacak olan\n  Savunuculuk, biri yeter:\n    - referral_sent;',
    );
    expect(english.out).toMatch(/Because +order_completed on at least 2 different days within 365 days\n/);
    expect(english.out).toMatch(/Runs out +\d+ \w+ 20\d\d \d\d:\d\d\n +if nothing more happens, then: /);
    expect(english.out).not.toContain('Non-linear');
  });
});

describe('dongu explain by an identifier', () => {
  it.each(['email', 'phone'] as const)('finds the customer of an %s, and never says it', async (type) => {
    const key = await new KeyFileSecrets(
      join(store.home.root, 'keys', 'identity.key'),
      store.home.store,
    ).identityKey();
    const rows = await query('select identifier_key, customer_id from customer_identifiers');
    const customers = new Map(rows.map((row) => [row.identifier_key, row.customer_id]));
    const known = (await trueIdentifiers(store.files)).flatMap(({ type: own, written }) => {
      const plain = type === 'email' ? plainEmail(written) : `+90${plainPhone(written)}`;
      const customerId = own === type ? customers.get(personalKey(key, type, plain)) : undefined;
      return customerId === undefined ? [] : [{ written, customerId }];
    });
    expect(known.length).toBeGreaterThan(100);

    for (const { written, customerId } of known.slice(0, 2)) {
      const { status, out, err } = await explain(
        `--${type}`,
        ` ${written.toUpperCase()} `,
        '--format',
        'json',
      );

      expect(status).toBe(0);
      expect(err).toBe('');
      expect(ExplanationSchema.parse(JSON.parse(out)).customer_id).toBe(customerId);
      expect(`${out}${err}`.toLowerCase()).not.toContain(written.toLowerCase());
    }
  });

  it('does not repeat what it cannot find or read', async () => {
    const [unknown, unread, nobody, two] = await Promise.all([
      explain('--email', 'nobody.at.all@example.org'),
      explain('--phone', 'not-a-number'),
      explain(),
      explain('u-1', '--email', 'nobody.at.all@example.org'),
    ]);

    expect(unknown.err).toContain('no customer of the last run has this e-mail address');
    expect(unread.err).toContain('--phone: this is no phone number');
    expect(nobody.err).toContain('no customer is named');
    expect(two.err).toContain('named more than once');
    for (const { status, out, err } of [unknown, unread, nobody, two]) {
      expect(status).toBe(1);
      expect(`${out}${err}`).not.toMatch(/nobody\.at\.all|not-a-number/);
    }
  });
});
