// Sends with Segment's browser SDK in a page of jsdom: node segment-browser.mjs HOST KEY COUNT PREFIX ORIGIN STRATEGY.
import { JSDOM } from 'jsdom';

const [host, writeKey, count, prefix, origin, strategy] = process.argv.slice(2);
const { window } = new JSDOM('<!doctype html><script src="x.js"></script>', {
  url: `${origin}/products?utm_source=newsletter`,
  referrer: 'https://search.example/',
});
const answers = [];
const send = globalThis.fetch;
const fetchAsPage = async (url, init) => {
  const answer = await send(url, { ...init, headers: { ...init?.headers, origin } });
  // what a browser would have kept from the page
  answers.push({
    path: new URL(url).pathname,
    status: answer.status,
    isReadable: answer.headers.get('access-control-allow-origin') === origin,
  });
  return answer;
};
Object.assign(window, { fetch: fetchAsPage });
globalThis.fetch = fetchAsPage;
for (const name of [
  'window',
  'document',
  'location',
  'localStorage',
  'sessionStorage',
  'navigator',
  'self',
]) {
  Object.defineProperty(globalThis, name, {
    value: name === 'self' ? window : window[name],
    configurable: true,
  });
}
window.localStorage.clear();

const { AnalyticsBrowser } = await import('@segment/analytics-next');
const [analytics] = await AnalyticsBrowser.load(
  { writeKey, cdnSettings: { integrations: { 'Segment.io': { apiKey: writeKey } } } },
  {
    integrations: {
      'Segment.io': {
        apiHost: `${new URL(host).host}/v1`,
        protocol: 'http',
        deliveryStrategy:
          strategy === 'batching' ? { strategy, config: { size: 5, timeout: 100 } } : { strategy },
      },
    },
  },
);
for (let number = 0; number < Number(count); number += 1) {
  await analytics.track('Product Added', { product_id: `P-${number}`, note: prefix });
}
await analytics.page('Home', { note: prefix });
await analytics.screen('Home', { note: prefix });
await analytics.identify(`${prefix}-customer`, { email: `${prefix}@example.com` });
await analytics.group('G-1');
await analytics.alias(`${prefix}-new`, `${prefix}-old`);
await new Promise((done) => setTimeout(done, 1500));
process.stdout.write(JSON.stringify({ answers }));
process.exit(0);
