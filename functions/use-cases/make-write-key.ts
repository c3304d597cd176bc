import { createHash, randomBytes } from 'node:crypto';
import type { WriteKey } from '../core/collect/write-keys.ts';

export interface WantedKey {
  readonly kind: WriteKey['kind'];
  readonly source: string;
  readonly id: string | undefined;
  readonly events: readonly string[];
  readonly origins: readonly string[];
  readonly redirects: readonly string[];
  readonly quotaPerMinute: number | undefined;
  readonly validFrom: Date;
  readonly validUntil: Date | undefined;
}

export interface MadeKey {
  /** What the sender is given; kept nowhere, but for the secret of a webhook. */
  readonly secret: string;
  readonly key: WriteKey;
}

const KEY_BYTES = 24;

const usualQuota: Readonly<Record<WriteKey['kind'], number>> = {
  public: 60_000,
  server: 600_000,
  webhook: 60_000,
};

/** A key that may what another one may, for as long. */
export function makeSuccessor(old: WriteKey, id: string | undefined, validFrom: Date): MadeKey {
  const end = old.valid_until === undefined ? undefined : new Date(old.valid_until);
  const name = old.id.replace(/-[0-9a-f]{6}$/, '').slice(0, 50);
  return makeWriteKey({
    kind: old.kind,
    source: old.source,
    id: id ?? `${name}-${randomBytes(3).toString('hex')}`,
    events: old.kind === 'webhook' || old.events === 'all' ? [] : old.events,
    origins: old.kind === 'public' ? old.origins : [],
    redirects: old.kind === 'public' ? old.redirects : [],
    quotaPerMinute: old.quota_per_minute,
    validFrom,
    // of one that has ended already the successor begins anew
    validUntil: end !== undefined && end > validFrom ? end : undefined,
  });
}

/** A random key of 192 bits, of which the list keeps the hash. */
export function makeWriteKey(wanted: WantedKey): MadeKey {
  const secret = `dongu_${wanted.kind}_${randomBytes(KEY_BYTES).toString('base64url')}`;
  const common = {
    id: wanted.id ?? `${wanted.source}-${randomBytes(3).toString('hex')}`,
    source: wanted.source,
    quota_per_minute: wanted.quotaPerMinute ?? usualQuota[wanted.kind],
    valid_from: wanted.validFrom.toISOString(),
    ...(wanted.validUntil ? { valid_until: wanted.validUntil.toISOString() } : {}),
  };
  if (wanted.kind === 'webhook') {
    return { secret, key: { ...common, kind: 'webhook', secret } };
  }
  const sending = {
    ...common,
    key_sha256: createHash('sha256').update(secret).digest('hex'),
    events: wanted.events.length > 0 ? [...wanted.events] : ('all' as const),
  };
  return {
    secret,
    key:
      wanted.kind === 'server'
        ? { ...sending, kind: 'server' }
        : { ...sending, kind: 'public', origins: [...wanted.origins], redirects: [...wanted.redirects] },
  };
}
