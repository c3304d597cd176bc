import type { Columns, ObjectAddress } from '../ports/warehouse.ts';
import type { GlueTables } from './glue-tables.ts';

/** A zone of the lake as a run reads it. */
export interface RawZone {
  readonly columns: Columns;
  readonly objects: readonly ObjectAddress[];
}

/** Where landing puts a row's object, as columns that a reader can filter by. */
const PARTITIONS = { source: 'varchar', received_date: 'date' } as const;

/**
 * Declares a zone of the lake for people who look into it: parted by source and day of receipt, whose folders follow from
 * their values, so that nothing has to be registered when objects land. `today` is the day of the run.
 */
export async function declareRawTable(
  glue: GlueTables,
  name: string,
  { columns, objects }: RawZone,
  today: string,
): Promise<void> {
  const zone = objects[0]?.replace(/source=.*$/, '') ?? '';
  const days = objects.flatMap((address) => /\/received_date=([\d-]+)\//.exec(address)?.[1] ?? []).sort();
  const sources = new Set(objects.flatMap((address) => /\/source=([^/]+)\//.exec(address)?.[1] ?? []));
  const last = days.at(-1) ?? today;
  const inFile = Object.entries(columns).filter(([column]) => !(column in PARTITIONS));
  await glue.declare(name, {
    columns: Object.fromEntries(inFile),
    location: zone,
    partitions: PARTITIONS,
    parameters: {
      'projection.enabled': 'true',
      'projection.source.type': 'enum',
      'projection.source.values': [...sources].sort().join(','),
      'projection.received_date.type': 'date',
      'projection.received_date.format': 'yyyy-MM-dd',
      'projection.received_date.range': `${days[0] ?? today},${last > today ? last : 'NOW'}`,
      'storage.location.template': `${zone}source=\${source}/received_date=\${received_date}/`,
    },
  });
}
