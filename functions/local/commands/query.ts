import { warehouseKey } from '../../adapters/duckdb-build.ts';
import { queryWarehouse } from '../../adapters/duckdb-reader.ts';
import { ConfigurationError } from '../../core/errors.ts';
import { unknownNameText } from '../../core/nearest-name.ts';
import { csvText, tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function queryCommand(options: GlobalOptions, sql: string, format: string): Promise<void> {
  const formats: Readonly<Record<string, typeof tableText>> = {
    table: tableText,
    csv: csvText,
    json: (_columns, rows) => JSON.stringify(rows, null, 2),
  };
  const write = formats[format];
  if (!write) {
    throw new ConfigurationError(
      `--format: ${unknownNameText(format, Object.keys(formats))}`,
      'Choose one of them.',
    );
  }
  await withHome(options, async (home) => {
    const { columns, rows } = await queryWarehouse(home.store.localPath(warehouseKey), sql);
    process.stdout.write(`${write(columns, rows)}\n`);
  });
}
