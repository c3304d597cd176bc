export type MessageType = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';

export type Route =
  | { readonly kind: 'message'; readonly type: MessageType }
  | { readonly kind: 'batch' }
  /** The event that the form's path names. */
  | { readonly kind: 'form'; readonly event: string }
  | { readonly kind: 'webhook'; readonly keyId: string }
  | { readonly kind: 'health' };

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ...(['track', 'identify', 'page', 'screen', 'group', 'alias'] as const).flatMap((type) => [
    [`/v1/${type}`, { kind: 'message', type }] as const,
    // the browser SDK says only the first letter
    [`/v1/${type[0]}`, { kind: 'message', type }] as const,
  ]),
  ...['/v1/batch', '/v1/import', '/v1/b'].map((path) => [path, { kind: 'batch' }] as const),
  ['/v1/form', { kind: 'form', event: 'Form Submitted' }],
  ['/v1/health', { kind: 'health' }],
  ['/health', { kind: 'health' }],
  ['/', { kind: 'health' }],
]);

/** What a path is for; undefined where there is nothing. */
export function routeOf(path: string): Route | undefined {
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const known = routes.get(plain);
  if (known || plain.length > 300) {
    return known;
  }
  const form = /^\/v1\/form\/([^/]{1,200})$/.exec(plain)?.[1];
  if (form !== undefined) {
    const event = decoded(form);
    return event?.trim() ? { kind: 'form', event } : undefined;
  }
  const keyId = /^\/v1\/webhook\/([a-z0-9-]{1,60})$/.exec(plain)?.[1];
  return keyId === undefined ? undefined : { kind: 'webhook', keyId };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
