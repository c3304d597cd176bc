import { errorText, InputFileError } from '../core/errors.ts';
import { DuckdbConnection, literal } from './duckdb-connection.ts';

/** Rows and column names of a Parquet file, from its footer. */
export async function countParquetRows(
  path: string,
  name: string,
): Promise<{ readonly rows: number; readonly columns: readonly string[] }> {
  const connection = await DuckdbConnection.open(':memory:', {
    memoryLimit: '256MB',
    temporaryDirectory: '',
  });
  try {
    const rows = await connection.count(`select sum(num_rows) from parquet_file_metadata(${literal(path)})`);
    const described = await connection.rows(`describe select * from read_parquet(${literal(path)})`);
    return { rows, columns: described.map((column) => String(column.column_name)) };
  } catch (error) {
    throw new InputFileError(
      `${name}: is no readable Parquet file (${errorText(error)})`,
      'Write it again.',
      {
        cause: error,
      },
    );
  } finally {
    connection.close();
  }
}
