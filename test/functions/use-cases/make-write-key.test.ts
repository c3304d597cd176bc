import { describe, expect, it } from 'vitest';
import { makeSuccessor, makeWriteKey } from '../../../functions/use-cases/make-write-key.ts';

const now = new Date('2026-11-01T00:00:00.000Z');
const common = {
  source: 'segment',
  events: [],
  origins: [],
  redirects: [],
  quotaPerMinute: undefined,
  validFrom: new Date('2026-01-01T00:00:00.000Z'),
  validUntil: undefined,
};

describe('the successor of a write key', () => {
  it('may what the old one may, with another secret and from now on', () => {
    const { key: old, secret } = makeWriteKey({
      ...common,
      kind: 'public',
      id: 'web-0a1b2c',
      events: ['page_viewed'],
      origins: ['https://shop.example'],
      redirects: ['https://shop.example/thanks'],
      quotaPerMinute: 7,
    });
    const made = makeSuccessor(old, undefined, now);

    expect(made.secret).not.toBe(secret);
    expect(made.key).toEqual({
      ...old,
      id: expect.stringMatching(/^web-[0-9a-f]{6}$/),
      key_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      valid_from: now.toISOString(),
    });
    expect(made.key.id).not.toBe(old.id);
  });

  it('signs with a secret of its own where it is a webhook', () => {
    const { key: old } = makeWriteKey({ ...common, kind: 'webhook', id: 'app' });
    const { key, secret } = makeSuccessor(old, 'app-2', now);

    expect(key).toEqual({ ...old, id: 'app-2', secret, valid_from: now.toISOString() });
    expect(old).not.toMatchObject({ secret });
  });

  it('ends when the old one would have ended, unless that is over', () => {
    const ending = (validUntil: Date) =>
      makeSuccessor(makeWriteKey({ ...common, kind: 'server', id: 'a', validUntil }).key, undefined, now).key;

    expect(ending(new Date('2027-01-01T00:00:00.000Z')).valid_until).toBe('2027-01-01T00:00:00.000Z');
    expect(ending(new Date('2026-02-01T00:00:00.000Z'))).not.toHaveProperty('valid_until');
  });
});
