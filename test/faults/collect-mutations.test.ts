import { describe, expect, it } from 'vitest';
import { chanceOf } from '../support/chance.ts';
import { findFaults } from '../support/collect-judge.ts';
import { Collector, publicKey, serverKey, webhookKey, writeKeys } from '../support/collector.ts';
import { mutatedRequest } from '../support/mutated-requests.ts';

// biome-ignore lint/style/noProcessEnv: the full number takes minutes
const isFull = process.env.DONGU_FAULTS === 'full';
const REQUESTS = isFull ? 200_000 : 10_000;
const FIRST_SEED = 1;

const noQuota = { quota_per_minute: 1_000_000_000 };

describe('requests mutated at random', () => {
  it(`no crash, no 5xx, no refusal without a reason, nothing unaccounted, in ${REQUESTS}`, async () => {
    const collector = new Collector(
      writeKeys(
        serverKey(noQuota),
        publicKey({ ...noQuota, events: ['lead_created', 'order_completed'] }),
        webhookKey(noQuota),
      ),
    );
    const statuses = new Map<number, number>();
    const met = new Set<string>();
    const faults: string[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + REQUESTS && faults.length < 5; seed += 1) {
      const event = mutatedRequest(chanceOf(seed));
      collector.messages.length = 0;
      const answer = await collector.handle(event).catch((error: unknown) => ({
        statusCode: 599,
        headers: {},
        body: String(error),
      }));
      faults.push(...findFaults(event, answer, collector.messages).map((fault) => `seed ${seed}: ${fault}`));
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      for (const [, word] of answer.body.matchAll(/"([a-z0-9_]+)"/g)) {
        met.add(word ?? '');
      }
    }

    console.log(
      `${REQUESTS} requests by status:`,
      Object.fromEntries([...statuses].sort(([a], [b]) => a - b)),
    );
    expect(faults).toEqual([]);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    // a generator that only makes nonsense, or only sense, would prove nothing
    expect((statuses.get(200) ?? 0) / REQUESTS).toBeGreaterThan(0.1);
    expect((statuses.get(400) ?? 0) / REQUESTS).toBeGreaterThan(0.1);
    for (const reason of expectedReasons) {
      expect(met, reason).toContain(reason);
    }
  });
});

/** What a good mix meets; the others need a clock, a quota or more bytes than is worth while here. */
const expectedReasons = [
  'missing_key',
  'unknown_key',
  'origin_not_allowed',
  'unknown_path',
  'method_not_allowed',
  'unsupported_content_type',
  'unsupported_charset',
  'unsupported_content_encoding',
  'broken_gzip',
  'invalid_utf8',
  'empty_body',
  'invalid_json',
  'invalid_batch',
  'invalid_form',
  'missing_signature',
  'item_not_an_object',
  'item_invalid_json',
  'item_too_large',
  'item_too_deep',
  'event_not_allowed',
] as const;
