import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../support/engine.ts';
import { hasRealData, ledgerOf, zendeskFile } from '../support/real-data.ts';
import { TestLake } from '../support/test-lake.ts';

const tables = [
  'ticket_comment_data',
  'sla_policy_metric_history_data',
  'ticket_field_history_data',
  'ticket_sla_policy_data',
  'user_data',
  'ticket_data',
] as const;

const parameters = {
  asOf: new Date('2021-01-31T21:00:00Z'),
  timeZone: 'Europe/Istanbul',
  currency: 'TRY',
  activityEvent: 'order_completed',
};

/** Rows of a table whose first columns hold no line break and no quoted comma: read here without the importer. */
const linesOf = (table: string): readonly string[][] =>
  readFileSync(zendeskFile(table), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

/** Kept in whatever order the tables come: nothing is known of a comment's ticket when the comment lands. */
async function landed(folder: string): Promise<TestLake> {
  const lake = await TestLake.open(folder);
  for (const table of tables) await lake.import('zendesk', zendeskFile(table));
  return lake;
}

describe.skipIf(!hasRealData())('help-desk tables of a connector', () => {
  it(
    'become tickets with the service level that held when each was created, and the KPIs of service',
    { timeout: 300_000 },
    () =>
      withFolder(async (folder) => {
        const lake = await landed(folder);
        const count = tables.flatMap(linesOf).length;

        expect(await ledgerOf(lake, 'zendesk')).toMatchObject({
          accepted: count,
          loaded: count - 3 - 2,
          duplicate: 3,
          quarantined: { deleted_ticket: 2 },
          unaccounted: 0,
        });
        await lake.build(parameters, async (warehouse) => {
          const tickets = await warehouse.rows(
            `select ticket_id, priority, sla_policy, is_solved, count_agent_replies + count_customer_replies as replies,
             resolution_minutes, resolution_business_minutes, first_reply_target_minutes as target, is_first_reply_met
           from tickets order by cast(ticket_id as bigint)`,
          );
          const waiting = { is_solved: false, resolution_minutes: null, resolution_business_minutes: null };
          const none = { priority: null, replies: '0', is_first_reply_met: false, ...waiting };
          expect(
            tickets.map((row) => ({ ...row, replies: String(row.replies), target: Number(row.target) })),
          ).toEqual([
            { ...none, ticket_id: '1404', sla_policy: '1001', target: 480 },
            { ...none, ticket_id: '1966', sla_policy: '1001', target: 480 },
            { ...none, ticket_id: '4721', sla_policy: '1002', target: 960 },
            { ...none, ticket_id: '6171', sla_policy: '1001', target: 480 },
            { ...none, ticket_id: '6605', sla_policy: '1002', target: 960 },
            {
              ...none,
              ticket_id: '11071',
              // urgent now; its history begins with normal
              priority: 'normal',
              sla_policy: '1002',
              is_solved: true,
              // 28 August 18:06:36 to 14 November 11:01:27; closed on the 15th, which solves nothing again
              resolution_minutes:
                (Date.UTC(2020, 10, 14, 11, 1, 27) - Date.UTC(2020, 7, 28, 18, 6, 36)) / 60_000,
              // 55 working days from 31 August to 13 November, less 29 October and the afternoon before
              resolution_business_minutes: 54 * 540 - 300,
              target: 960,
            },
            // the policy was made tighter in June
            { ...none, ticket_id: '14173', sla_policy: '1001', target: 360 },
            { ...none, ticket_id: '16988', sla_policy: '1001', target: 360 },
          ]);
          const values = await warehouse.rows(
            `select kpi_id, segment_value, value, n from kpi_values
           where grain = 'year' and period_start = '2020-01-01'
             and (kpi_id = 'resolution_time' and segment_type in ('all', 'measure')
               or kpi_id = 'sla_attainment_rate' and segment_type in ('all', 'metric'))
           order by 1, 2`,
          );
          const hours = 111_894.85 / 60;
          expect(
            values.map((row) => [row.kpi_id, row.segment_value, Number(row.value), Number(row.n)]),
          ).toEqual([
            ['resolution_time', 'all', hours, 1],
            ['resolution_time', 'mean', hours, 1],
            ['resolution_time', 'mean_business', 481, 1],
            ['resolution_time', 'median_business', 481, 1],
            ['sla_attainment_rate', 'all', 0, 16],
            ['sla_attainment_rate', 'first_reply', 0, 8],
            ['sla_attainment_rate', 'resolution', 0, 8],
          ]);
        });
      }),
  );
});
