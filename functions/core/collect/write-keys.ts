import { z } from 'zod';
import { ConfigurationError } from '../errors.ts';
import { readYaml } from '../read-yaml.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/, { error: 'is not a SHA-256 in hexadecimal digits' });
const Instant = z.iso.datetime({ offset: true, error: 'say an instant such as 2026-07-01T00:00:00Z' });
const Origin = z.string().regex(/^(\*|https?:\/\/[a-z0-9.-]+(:\d{1,5})?)$/, {
  error: 'say an origin such as https://shop.example, or *',
});
const WebAddress = z
  .string()
  .regex(/^https?:\/\/[^\s"<>\\]+$/, { error: 'say an address such as https://shop.example/thanks' });

const common = {
  /** A name for logs and commands; not secret. */
  id: z.string().regex(/^[a-z0-9-]{1,60}$/, { error: 'an id is lower-case letters, digits and hyphens' }),
  source: z.string().regex(/^[a-z0-9-]+$/),
  valid_from: Instant.optional(),
  valid_until: Instant.optional(),
};

/** Items a minute and container. */
const quota = (usual: number) => z.number().int().min(1).default(usual);

const sending = {
  ...common,
  /** SHA-256 of the key: who reads this file cannot send with it. */
  key_sha256: Hash,
  /** Names of events as they stand in `touchpoints` (page_viewed, identify, …), or all. */
  events: z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]).default('all'),
};

const WriteKey = z.discriminatedUnion('kind', [
  z.strictObject({
    ...sending,
    kind: z.literal('public'),
    quota_per_minute: quota(60_000),
    /** Pages that may send. `*` is any page, and programs that have no origin, such as apps. */
    origins: z.array(Origin).min(1, { error: 'a public key names the origins of its pages' }),
    /** Where a form may lead to; the first one, unless the form names another. */
    redirects: z.array(WebAddress).default([]),
  }),
  z.strictObject({ ...sending, kind: z.literal('server'), quota_per_minute: quota(600_000) }),
  z.strictObject({
    ...common,
    kind: z.literal('webhook'),
    quota_per_minute: quota(60_000),
    /** Signs; so it stands here as it is, and this file is a secret. */
    secret: z.string().min(32, { error: 'a secret has at least 32 characters' }),
  }),
]);
export type WriteKey = z.infer<typeof WriteKey>;
export type SendingKey = Exclude<WriteKey, { kind: 'webhook' }>;
export type WebhookKey = Extract<WriteKey, { kind: 'webhook' }>;

export const WriteKeyFile = z.strictObject({ keys: z.array(WriteKey).default([]) });
export type WriteKeyFile = z.infer<typeof WriteKeyFile>;

/** Reads the list of keys; JSON is YAML. No text of an error repeats a secret. */
export function readWriteKeys(text: string, file: string): readonly WriteKey[] {
  const { keys } = readYaml(
    text,
    file,
    WriteKeyFile,
    (message, hint) => new ConfigurationError(message, hint),
  );
  for (const [name, values] of [
    ['id', keys.map(({ id }) => id)],
    ['key', keys.flatMap((key) => (key.kind === 'webhook' ? [] : [key.key_sha256]))],
  ] as const) {
    if (new Set(values).size !== values.length) {
      throw new ConfigurationError(`${file}: two keys have the same ${name}`, 'Take one of them out.');
    }
  }
  return keys;
}

export function isValidAt(key: WriteKey, instant: Date): boolean {
  return (
    (key.valid_from === undefined || new Date(key.valid_from) <= instant) &&
    (key.valid_until === undefined || instant < new Date(key.valid_until))
  );
}

/** A server's key in a page is a leaked one: a request with an origin is refused. */
export function allowsOrigin(key: SendingKey, origin: string | undefined): boolean {
  if (key.kind === 'server') {
    return origin === undefined;
  }
  return key.origins.includes('*') || (origin !== undefined && key.origins.includes(origin));
}

/** Whether any key lets pages of this origin send: a preflight does not say its key. */
export function isKnownOrigin(keys: readonly WriteKey[], origin: string, instant: Date): boolean {
  return keys.some((key) => key.kind === 'public' && isValidAt(key, instant) && allowsOrigin(key, origin));
}

/** Names that differ in case, marks and separators only are one event here, as landing makes them one. */
function folded(event: string): string {
  return event
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

const foldedEvents = new WeakMap<readonly string[], ReadonlySet<string>>();

function foldedOnce(events: readonly string[]): ReadonlySet<string> {
  const known = foldedEvents.get(events) ?? new Set(events.map(folded));
  foldedEvents.set(events, known);
  return known;
}

const eventOfType: Readonly<Record<string, string>> = { page: 'page_viewed', screen: 'screen_viewed' };

/** Whether the key is for what an item says it is. */
export function allowsEvent(key: SendingKey, type: unknown, event: unknown): boolean {
  if (key.events === 'all') {
    return true;
  }
  const kind = typeof type === 'string' ? type.toLowerCase() : '';
  const name = kind === 'track' ? event : (Object.hasOwn(eventOfType, kind) && eventOfType[kind]) || kind;
  if (typeof name !== 'string' || name.length > 1_000) {
    return false;
  }
  return foldedOnce(key.events).has(folded(name));
}
