import { marts, touchpoints as touchpointTable } from './contract-columns.ts';
import { type Comparison, differencesOf } from './differences.ts';
import { identify } from './identity.ts';
import { keepRows, ledgerOf } from './land.ts';
import { recogniseCustomers, recogniseSessions, withEngineTouchpointIds } from './match.ts';
import { martsOf, touchpointRows } from './relations.ts';
import { touchpointsOf } from './touchpoints.ts';
import type { KeptRow, OracleParameters, ReceivedRow, Relations, Row, Seeds } from './types.ts';
import { groupBy } from './values.ts';

const text = 'text';

export type ReceivedWorld = { readonly received: readonly ReceivedRow[]; readonly seeds: Seeds };

/**
 * What the engine's relations say differently from the oracle, in words; empty when nothing does. When they disagree about
 * who a customer is, the marts are not compared: every figure of them would differ.
 */
export function compareWithOracle(
  relations: Relations,
  { received, seeds }: ReceivedWorld,
  parameters: OracleParameters,
): string[] {
  const engine = relations.touchpoints ?? [];
  const rows = withEngineTouchpointIds(keepRows(received), engine);
  const touchpoints = touchpointsOf(rows, seeds);
  const names = recogniseCustomers(touchpoints, engine);
  const ofTouchpoints = [
    ...differencesOf(
      touchpointTable,
      touchpointRows(touchpoints, parameters.currency),
      relations.touchpoints,
    ),
    ...names.differences,
    ...recogniseSessions(touchpoints, engine).differences,
    ...ledgerDifferences(relations, received),
  ];
  if (names.differences.length > 0) return ofTouchpoints;
  const named = touchpoints.map((item) => ({ ...item, customerId: names.nameOf(item.customerId) }));
  const expected = martsOf(named, parameters, seeds);
  return [
    ...ofTouchpoints,
    ...identifierDifferences(rows, names.nameOf, relations.customer_identifiers),
    ...marts.flatMap((mart) =>
      differencesOf(mart, expected[mart.relation] ?? [], relations[mart.relation]?.map(withoutEmptyRefund)),
    ),
  ];
}

/** The design leaves open whether an order without refunds has refunded nothing or null: both are read as 0. */
function withoutEmptyRefund(row: Row): Row {
  return 'refunded_amount' in row ? { ...row, refunded_amount: row.refunded_amount ?? '0.00' } : row;
}

/** Identifier keys are hashes, so customers are compared by how many identifiers of each type they have. */
function identifierDifferences(
  rows: readonly KeptRow[],
  nameOf: (customerId: string) => string,
  engine: readonly Row[] | undefined,
): string[] {
  const { customerOf, customerOfRow } = identify(rows);
  const touching = new Set(rows.filter((row) => row.kind === 'touchpoint').map(customerOfRow));
  const all = [...customerOf].map(([key, customerId]) => ({ key, customerId }));
  // Who is known from identify rows alone may bear a hash that nothing ties to the oracle's customer: only counted.
  const expected = all
    .filter(({ customerId }) => touching.has(customerId))
    .map(({ key, customerId }) => ({
      identifier_type: key.slice(0, key.indexOf(':')),
      customer_id: nameOf(customerId),
    }));
  const comparison: Comparison = {
    relation: 'customer_identifiers',
    key: ['customer_id', 'identifier_type'],
    columns: { customer_id: text, identifier_type: text, count: 'count' },
  };
  const named = new Set(expected.map((row) => row.customer_id));
  const actual = engine?.filter((row) => named.has(String(row.customer_id)));
  const differences = differencesOf(comparison, counted(expected), actual && counted(actual));
  return engine === undefined || engine.length === all.length
    ? differences
    : [...differences, `customer_identifiers: ${engine.length} rows, the oracle says ${all.length}`];
}

function counted(rows: readonly Row[]): Row[] {
  const groups = groupBy(rows, (row) => JSON.stringify([row.customer_id, row.identifier_type]));
  return [...groups.values()].map((group) => ({ ...group[0], count: group.length }));
}

/** The ledger is compared where the engine gives one: a relation `ledger` of one row with these columns. */
function ledgerDifferences(relations: Relations, received: readonly ReceivedRow[]): string[] {
  if (relations.ledger === undefined) return [];
  const { accepted, loaded, duplicate, quarantined, suppressed } = ledgerOf(received);
  return differencesOf(
    {
      relation: 'ledger',
      key: [],
      columns: {
        accepted: 'count',
        loaded: 'count',
        duplicate: 'count',
        quarantined: 'count',
        suppressed: 'count',
      },
    },
    [{ accepted, loaded, duplicate, quarantined, suppressed }],
    relations.ledger,
  );
}
