import { expect, it } from 'vitest';
import { loadFacts, loadSource } from '../../../functions/adapters/project-files.ts';
import { landMessages } from '../../../functions/handlers/land-messages.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';

it('names the messages that the queue is to give again, and no others', () =>
  withFolder(async (folder) => {
    const lake = await TestLake.open(folder);
    const warnings: string[] = [];
    const requests = [
      request(1, [track('a'), track('b')]),
      request(2, [track('c')], { source: 'nowhere' }),
      request(3, [track('d')]),
    ];
    const records = requests.map((each) => ({
      messageId: `id of ${each.id}`,
      receiptHandle: `handle of ${each.id}`,
      body: messageOf(each).body,
      attributes: { ApproximateReceiveCount: '2' },
    }));

    const answer = await landMessages(
      { Records: records },
      {
        landing: await lake.landing(),
        store: lake.store,
        queue: { delete: async () => {} },
        telemetry: { warn: (text) => warnings.push(text) },
        loadSource: (name) => loadSource(name, folder),
        facts: await loadFacts(),
      },
    );

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: `id of ${requests[1]?.id}` }] });
    expect(warnings).toHaveLength(1);
    expect(await lake.ledger()).toMatchObject([{ accepted: 3, loaded: 3, unaccounted: 0 }]);
  }));
