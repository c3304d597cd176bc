import type { ColumnInfo } from '@aws-sdk/client-athena';
import type { BedAddress } from '../bed/bed.ts';
import type { CaseEngine, CaseWarehouse, YieldedColumn } from '../case-engines.ts';
import { type AthenaBuild, AthenaPlace } from './athena-place.ts';

/** As YAML spells it. */
function typeOf({ Type = '', Precision, Scale }: ColumnInfo): string {
  return Type === 'decimal' ? `decimal(${Precision},${Scale})` : Type;
}

/** How fine each time is: Athena's list of columns leaves it out, and a stored time holds no more than milliseconds. */
async function timeTypes(
  { warehouse }: AthenaBuild,
  select: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (names.length === 0) {
    return {};
  }
  const types = names.map((name) => `typeof(arbitrary("${name}")) as "${name}"`);
  const [row = {}] = await warehouse.rows(`select ${types.join(', ')} from (${select}\n) as model`);
  return Object.fromEntries(Object.entries(row).map(([name, type]) => [name, storedTime(String(type))]));
}

const storedTime = (type: string): string => (/^timestamp\([0-3]\)$/.test(type) ? 'timestamp' : type);

async function columnsOfSelect(build: AthenaBuild, select: string): Promise<readonly YieldedColumn[]> {
  const columns = await build.statements.columns(`select * from (${select}\n) as model limit 0`);
  const yielded = columns.map((column) => ({ name: column.Name ?? '', type: typeOf(column) }));
  const times = yielded.filter(({ type }) => type.startsWith('timestamp')).map(({ name }) => name);
  const types = await timeTypes(build, select, times);
  return yielded.map(({ name, type }) => ({ name, type: types[name] ?? type }));
}

/** The bed's Athena: every warehouse is a Glue database of its own. */
export function athenaCases(bed: BedAddress, sideBySide: number): CaseEngine {
  const open = async (): Promise<CaseWarehouse> => {
    // one case runs one statement at a time; what it is given is declared side by side
    const place = await AthenaPlace.open(bed, 'parity-cases', 4);
    const build = await place.openBuild();
    return {
      warehouse: build.warehouse,
      columnsOf: (select) => columnsOfSelect(build, select),
      close: async () => {
        await build.discard();
        await place.close();
      },
    };
  };
  return { name: 'athena', sideBySide, open };
}
