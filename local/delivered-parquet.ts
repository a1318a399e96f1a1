import type { DuckDBConnection } from '@duckdb/node-api';
import { duckdbType, sqlName, sqlText } from '../core/contract/duckdb-type.ts';
import { type DatasetPlan, storedColumns } from '../core/contract/plan.ts';
import { type DeliveredRows, describeDelivered } from '../lambdas/register/describe-delivered.ts';

/**
 * Converts JSON lines as the transform encodes them to Parquet, as Firehose does with the table's schema.
 *
 * Throws where a line is not what the schema says: the transform has checked every row, so that is our mistake.
 */
export async function convertDelivered(
  connection: DuckDBConnection,
  plan: DatasetPlan,
  jsonPath: string,
  parquetPath: string,
): Promise<DeliveredRows> {
  const columns = storedColumns(plan);
  const types = columns.map((column) => `${sqlText(column.name)}: ${sqlText(duckdbType(column.type))}`).join(', ');
  const names = columns.map((column) => sqlName(column.name)).join(', ');
  await connection.run(
    `copy (select ${names} from read_json(${sqlText(jsonPath)}, format = 'newline_delimited', columns = {${types}}))
     to ${sqlText(parquetPath)} (format parquet, compression zstd)`,
  );
  return describeDelivered(connection, plan, parquetPath);
}
