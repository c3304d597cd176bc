const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml',
};

/** How a published file is served: what it is, and how long a reader may keep it. */
export function servedAs(path: string): { readonly contentType: string; readonly cacheControl: string } {
  const extension = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  // named by its content, or by its snapshot
  const isImmutable = /\.[0-9a-f]{16}\.[a-z.]+$|(^|\/)m\/[0-9A-Z]{26}\.json$/.test(path);
  return {
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    cacheControl: isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}
