import { DuckDBInstance } from '@duckdb/node-api';
import type { Frame } from '../../core/features/frame.ts';

/** Marks that stand before the features, see `frameParquet`. */
const MARKS = ['row', 'fold', 'label'];

/** Reads a frame as the training script read it, and the places of its rows. */
export async function readFrame(path: string): Promise<{ readonly frame: Frame; readonly rows: Int32Array }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(`select * from read_parquet('${path.replaceAll("'", "''")}')`);
    const columns = result.getColumns();
    const names = result.columnNames().filter((name) => !MARKS.includes(name));
    const rows = Int32Array.from(columns[result.columnNames().indexOf('row')] as number[]);
    const data = new Float32Array(rows.length * names.length);
    names.forEach((name, place) => {
      const values = columns[result.columnNames().indexOf(name)] as number[];
      for (let row = 0; row < rows.length; row++) data[row * names.length + place] = values[row] ?? Number.NaN;
    });
    connection.closeSync();
    return { frame: { names, rows: rows.length, data }, rows };
  } finally {
    instance.closeSync();
  }
}
