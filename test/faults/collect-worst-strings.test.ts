import { describe, expect, it } from 'vitest';
import {
  asBasic,
  Collector,
  PUBLIC_KEY,
  publicKey,
  SERVER_KEY,
  SHOP,
  serverKey,
  writeKeys,
} from '../support/collector.ts';

const LENGTH = 64 * 1024;
const strings: Readonly<Record<string, string>> = {
  blanks: ' '.repeat(LENGTH),
  commas: ','.repeat(LENGTH),
  semicolons: ';'.repeat(LENGTH),
  equals: '='.repeat(LENGTH),
  letters: 'a'.repeat(LENGTH),
  signatures: 'v1=0'.repeat(LENGTH / 4),
  preferences: 'return=representatio '.repeat(LENGTH / 21),
  'almost basic': `Basic ${'A '.repeat(LENGTH / 2)}!`,
  'basic and blanks': `Basic ${' '.repeat(LENGTH)}!`,
  slashes: '/'.repeat(LENGTH),
  escapes: '%41'.repeat(LENGTH / 3),
  accents: '\u0301'.repeat(LENGTH / 2),
};
const headers = [
  'authorization',
  'x-write-key',
  'content-type',
  'content-encoding',
  'origin',
  'prefer',
  'x-dongu-timestamp',
  'x-dongu-signature',
] as const;

/** The fastest of some tries: what the machine does beside is not meant. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 5; n += 1) {
    const started = performance.now();
    await work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

describe('strings that make a backtracking pattern slow', () => {
  const collector = new Collector(
    writeKeys(
      serverKey({ quota_per_minute: 1e9 }),
      publicKey({ quota_per_minute: 1e9, events: ['product_added'] }),
      { id: 'hook', source: 'loyalty', kind: 'webhook', secret: 'x'.repeat(40), quota_per_minute: 1e9 },
    ),
  );

  it.each(Object.entries(strings))('%s in a header cost at most 5 ms', async (_name, text) => {
    for (const name of headers) {
      for (const path of ['/v1/batch', '/v1/webhook/hook']) {
        const given = {
          authorization: asBasic(SERVER_KEY),
          'x-dongu-timestamp': '1',
          'x-dongu-signature': 'v1=0',
          [name]: text,
        };
        const took = await fastest(() => collector.send({ path, headers: given, body: '{"batch":[]}' }));
        expect(took, `${name} of ${path}`).toBeLessThan(5);
      }
    }
  });

  it.each(Object.entries(strings))('%s in a path or query cost at most 5 ms', async (_name, text) => {
    expect(await fastest(() => collector.send({ path: text }))).toBeLessThan(5);
    expect(await fastest(() => collector.send({ path: `/v1/form/${text}` }))).toBeLessThan(5);
    expect(await fastest(() => collector.send({ query: text, body: {} }))).toBeLessThan(5);
  });

  it.each(Object.entries(strings))('%s as an event cost at most 5 ms', async (_name, text) => {
    const given = { authorization: asBasic(PUBLIC_KEY), origin: SHOP };
    const event = text.slice(0, 10_000);

    expect(await fastest(() => collector.send({ headers: given, body: { event } }))).toBeLessThan(5);
    expect(await fastest(() => collector.send({ headers: given, body: text }))).toBeLessThan(5);
  });
});
