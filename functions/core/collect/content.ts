import type { RequestReason } from './reasons.ts';
import type { Route } from './request-paths.ts';

/**
 * What each path takes. Browsers send JSON as text/plain, which needs no preflight; axios calls a zipped body
 * x-www-form-urlencoded. So the paths of messages judge the body and refuse only what says it is something else.
 */
const messageTypes: readonly string[] = [
  '',
  'application/json',
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
];
const takenTypes: Readonly<Record<Exclude<Route['kind'], 'health'>, readonly string[]>> = {
  message: messageTypes,
  batch: messageTypes,
  form: ['application/x-www-form-urlencoded'],
  webhook: ['', 'application/json', 'text/plain', 'text/json', 'application/octet-stream'],
};

export function contentRefusal(
  route: Exclude<Route, { kind: 'health' }>,
  contentType: string | undefined,
): RequestReason | undefined {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';', 10);
  if (!takenTypes[route.kind].includes(type.trim())) {
    return 'unsupported_content_type';
  }
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='));
  const name = charset?.slice('charset='.length).replaceAll('"', '').trim();
  return name === undefined || ['utf-8', 'utf8', 'us-ascii'].includes(name)
    ? undefined
    : 'unsupported_charset';
}

/** How the body is to be unzipped; undefined where it says something that nobody here can. */
export function bodyEncoding(contentEncoding: string | undefined): 'identity' | 'gzip' | undefined {
  const name = (contentEncoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') {
    return 'identity';
  }
  return name === 'gzip' || name === 'x-gzip' ? 'gzip' : undefined;
}

/** The user of basic authentication, where Segment's SDKs put the write key. */
export function basicUser(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([a-z0-9+/=_-]{1,1000}) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) {
    return undefined;
  }
  try {
    return atob(encoded.replaceAll('-', '+').replaceAll('_', '/')).split(':')[0] || undefined;
  } catch {
    return undefined;
  }
}
