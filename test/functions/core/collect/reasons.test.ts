import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../../functions/core/collect/limits.ts';
import { itemRefusals, requestRefusals } from '../../../../functions/core/collect/reasons.ts';

const page = readFileSync(new URL('../../../../docs/collector.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|'));

describe('docs/collector.md', () => {
  it.each(Object.entries(requestRefusals))('explains %s with its status', (reason, { status }) => {
    expect(rows.filter((row) => row.includes(`\`${reason}\``) && row.includes(`| ${status} |`))).toHaveLength(
      1,
    );
  });

  it.each(Object.keys(itemRefusals))('explains %s', (reason) => {
    expect(rows.filter((row) => row.includes(`\`${reason}\``))).toHaveLength(1);
  });

  it('knows no other reason', () => {
    const named = [...page.matchAll(/^\| (`[a-z_`, ]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name),
    );
    const known = new Set([
      ...Object.keys(requestRefusals),
      ...Object.keys(itemRefusals),
      'public',
      'webhook',
    ]);

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([limits.requestBytes, limits.itemBytes, limits.items, limits.itemDepth, limits.formFields])(
    'says the limit %d',
    (limit) => {
      expect(rows.some((row) => row.includes(`| ${limit.toLocaleString('en-US')}`))).toBe(true);
    },
  );
});
