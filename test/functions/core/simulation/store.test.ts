import { describe, expect, it } from 'vitest';
import { phoneDigits } from '../../../../functions/core/simulation/identity.ts';
import { sourceNames, truthFiles } from '../../../../functions/core/simulation/source-files.ts';
import { turkishMoney } from '../../../../functions/core/simulation/text.ts';
import { aStore, isTime, linesOf, rowsOf } from './simulated-store.ts';

function mailKey(text: string): string {
  return text.trim().normalize('NFC').replaceAll('İ', 'i').toLowerCase();
}

describe('simulateStore', async () => {
  const store = await aStore({ seed: 42 });

  it('writes the same bytes for the same seed, and others for another', async () => {
    const again = await aStore({ seed: 42 });
    const other = await aStore({ seed: 43 });

    expect(again.files).toEqual(store.files);
    expect(other.files.get('orders.csv')).not.toEqual(store.files.get('orders.csv'));
  });

  it('ends when it says', () => {
    const times = linesOf(store, 'segment.ndjson').flatMap(
      (line) => line.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [],
    );
    const possible = times.filter(isTime).sort();

    expect(possible.at(-1)?.localeCompare(store.truth.ends_at)).toBe(-1);
    expect(possible[0]?.localeCompare(store.truth.starts_at)).toBeGreaterThanOrEqual(0);
  });

  it('gives e-mails and phones to one person each, but for declared families', () => {
    const families = new Map(
      rowsOf(store, truthFiles.customers).map((row) => [row?.person_id, row?.household_id]),
    );
    const owners = new Map<string, Set<string | undefined>>();
    for (const row of rowsOf(store, truthFiles.identities)) {
      const value = row?.identifier ?? '';
      const isPhone = row?.identifier_type === 'phone';
      const key = isPhone ? value.replace(/\D/g, '').slice(-10) : mailKey(value);
      const owner = isPhone ? families.get(row?.person_id) : row?.person_id;
      owners.set(key, (owners.get(key) ?? new Set()).add(owner));
    }
    const shared = [...owners].filter(([, persons]) => persons.size > 1);

    expect(shared).toEqual([]);
    expect(new Set(families.values()).size).toBeLessThan(families.size);
  });

  it('prints ten digits in a row only where they are a phone number', () => {
    const runs = [...store.files.values()].flatMap((text) => text.match(/\d{10,}/g) ?? []);

    expect(runs.filter((run) => !/^(90|0)?50[023]\d{7}$/.test(run))).toEqual([]);
  });

  it('lists every identifier of an accepted line with its person', () => {
    const known = new Set(rowsOf(store, truthFiles.identities).map((row) => row?.identifier));
    const used = rowsOf(store, 'orders.csv').flatMap((row) =>
      row === undefined ? [] : [row.customer_id, row.email, row.phone, row.loyalty_id],
    );

    expect(used.filter((value) => value !== '' && !known.has(value))).toEqual([]);
  });

  it('lets nobody order before the first touch, nor parcels arrive before their order', () => {
    const placed = rowsOf(store, 'orders.csv').filter(
      (row) => row?.status === 'completed' && isTime(row.ordered_at ?? ''),
    );
    const ordered = new Map(placed.map((row) => [row?.order_id, row?.ordered_at ?? '']));
    const delivered = rowsOf(store, 'order-events.csv').filter(
      (row) => row?.event === 'order_delivered' && isTime(row.occurred_at ?? ''),
    );
    const buyers = rowsOf(store, truthFiles.customers).filter((row) => row?.is_buyer === 'true');

    expect(buyers.length).toBeGreaterThan(100);
    expect(buyers.filter((row) => (row?.first_order_at ?? '') < (row?.arrived_at ?? ''))).toEqual([]);
    expect(delivered.filter((row) => (row?.occurred_at ?? '') < (ordered.get(row?.order_id) ?? ''))).toEqual(
      [],
    );
  });

  it('reaches about the number of touchpoints asked for', async () => {
    const sized = await aStore({ touchpoints: 12_000 });

    expect(sized.truth.totals.touchpoints_accepted).toBeGreaterThan(10_000);
    expect(sized.truth.totals.touchpoints_accepted).toBeLessThan(13_500);
  });

  it('refuses options that make no store', async () => {
    await expect(aStore({ customers: 0 })).rejects.toThrow('customers');
    await expect(aStore({ from: '2024-02-30' })).rejects.toThrow('2024-02-30');
    await expect(aStore({ seed: -1 })).rejects.toThrow('seed');
  });
});

describe('simulateStore, pure', async () => {
  const store = await aStore({ pure: true, customers: 1500 });

  it('has no dirt at all', () => {
    for (const source of sourceNames) {
      const truth = store.truth.dirt[source];
      expect(truth?.loaded).toBe(truth?.accepted);
      expect(truth?.labelled.bots).toBeUndefined();
    }
  });

  it('writes one line for each order, all by known customers', () => {
    const rows = rowsOf(store, 'orders.csv');
    const customers = rowsOf(store, truthFiles.customers);
    const countOrders = customers.reduce((sum, row) => sum + Number(row?.count_orders), 0);

    expect(rows).toHaveLength(countOrders);
    expect(rows.filter((row) => row?.status !== 'completed' || row?.customer_id === '')).toEqual([]);
  });

  it('spends about the mean of each customer', () => {
    const means = new Map(
      rowsOf(store, truthFiles.customers).map((row) => [row?.user_id, Number(row?.mean_value)]),
    );
    const ratios = rowsOf(store, 'orders.csv').map(
      (row) => Number(row?.amount) / (means.get(row?.customer_id) ?? 0),
    );
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;

    // each ratio is Gamma(4, 4): mean 1, variance a quarter
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(0.25 / ratios.length));
  });
});

describe('phoneDigits', () => {
  it('gives every owner another number', () => {
    const owners = Array.from({ length: 100_000 }, (_, owner) => owner * 299);

    expect(new Set(owners.map(phoneDigits)).size).toBe(owners.length);
    expect(phoneDigits(0)).toMatch(/^50[023]\d{7}$/);
  });
});

describe('turkishMoney', () => {
  it('groups by dots and ends in a comma', () => {
    expect([5, 124_990, 123_456_789].map(turkishMoney)).toEqual(['0,05', '1.249,90', '1.234.567,89']);
  });
});
