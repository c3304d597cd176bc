import { describe, expect, it } from 'vitest';
import { anOrder, parameters, plainSeeds, received } from './build.ts';
import { compareWithOracle } from './compare.ts';
import { identify } from './identity.ts';
import { keepRows, ledgerOf } from './land.ts';
import { martsOf, touchpointRows } from './relations.ts';
import { touchpointsOf } from './touchpoints.ts';
import type { KeptRow, ReceivedRow, Relations, Row } from './types.ts';

/** What an engine would answer that agrees with the oracle, but for hashed ids and other spellings of values. */
function engineAnswer(rows: readonly ReceivedRow[]): Relations {
  const hash = (id: string) => (id.startsWith('~') || id.startsWith('without id') ? `hash of ${id}` : id);
  const kept: KeptRow[] = keepRows(rows).map((row) => ({ ...row, touchpointId: hash(row.touchpointId) }));
  const touchpoints = touchpointsOf(kept, plainSeeds).map((item) => ({
    ...item,
    customerId: hash(item.customerId),
  }));
  const shown = touchpointRows(touchpoints, 'TRY').map((row, index) => ({
    ...row,
    occurred_at: new Date(Number(row.occurred_at)),
    customer_id: touchpoints[index]?.customerId,
    session_id: touchpoints[index]?.sessionId,
  }));
  const identifiers = [...identify(kept).customerOf].map(([key, customer]) => ({
    identifier_type: key.split(':')[0],
    customer_id: hash(customer),
  }));
  const ledger = [ledgerOf(rows)];
  return {
    ...martsOf(touchpoints, parameters, plainSeeds),
    touchpoints: shown,
    customer_identifiers: identifiers,
    ledger,
  };
}

const rows = received(
  anOrder('A', '2024-02-29T12:00:00Z'),
  { user_id: null, email: 'e@x.co', touchpoint_id: null, campaign_medium: 'email' },
  { user_id: null, email: 'e@x.co', ...anOrder('B', '2024-03-01T12:00:00Z') },
  { kind: 'identify', user_id: 'u9', phone: '5321234567' },
);
const world = { received: rows, seeds: plainSeeds };

function withChanged(relation: string, change: (row: Row, index: number) => Row): string[] {
  const answer = engineAnswer(rows);
  return compareWithOracle(
    { ...answer, [relation]: (answer[relation] ?? []).map(change) },
    world,
    parameters,
  );
}

describe('compareWithOracle', () => {
  it('finds nothing where only hashes and spellings differ', () => {
    expect(compareWithOracle(engineAnswer(rows), world, parameters)).toEqual([]);
  });

  it('names row, column and both values of a difference', () => {
    const differences = withChanged('orders', (row) =>
      row.order_id === 'B' ? { ...row, net_amount: 9 } : row,
    );

    expect(differences).toEqual(['orders order_id=B: net_amount is 9.00, the oracle says 10.00']);
  });

  it('finds a customer torn in two, and leaves the marts alone then', () => {
    const differences = withChanged('touchpoints', (row) =>
      row.order_id === 'B' ? { ...row, customer_id: 'another' } : row,
    );

    expect(differences).toEqual([
      'touchpoints t3: customer is another, the oracle says hash of ~email:e@x.co',
    ]);
  });

  it('finds two customers taken for one', () => {
    const differences = withChanged('touchpoints', (row) => ({ ...row, customer_id: 'u1' }));

    expect(differences[0]).toContain('customer u1 is two: u1; ~email:e@x.co');
  });

  it('finds a session cut in two, a missing identifier and a book that does not balance', () => {
    const first = engineAnswer(received({}, {}));
    const touchpoints = (first.touchpoints ?? []).map((row, index) => ({ ...row, session_id: `s${index}` }));
    const changed = {
      ...first,
      touchpoints,
      customer_identifiers: [],
      ledger: [{ ...first.ledger?.[0], loaded: 1 }],
    };

    expect(compareWithOracle(changed, { received: received({}, {}), seeds: plainSeeds }, parameters)).toEqual(
      [
        'touchpoints t2: session is s1, the oracle says s0',
        'ledger : loaded is 1, the oracle says 2',
        'customer_identifiers customer_id=u1 identifier_type=user_id: the row is missing',
        'customer_identifiers: 0 rows, the oracle says 1',
      ],
    );
  });

  it('finds missing relations, rows and columns', () => {
    const answer = engineAnswer(rows);
    const changed = {
      ...answer,
      customers: (answer.customers ?? []).slice(1),
      rfm_segments: (answer.rfm_segments ?? []).map(({ segment: _, ...row }) => row),
    };
    const differences = compareWithOracle(changed, world, parameters).join('\n');

    expect(differences).toContain('customers customer_id=u1: the row is missing');
    expect(differences).toContain('rfm_segments customer_id=u1: the column segment is missing');
  });
});
