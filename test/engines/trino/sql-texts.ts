import { bindNow } from '../../../core/alerts/bind-now.ts';
import {
  type AlertQuery,
  inDependencyOrder,
  type Parameter,
  readAlertQueries,
  readChecks,
  readQueries,
  readSql,
  type SqlFile,
  type SqlFolder,
} from '../../../local/sql-library.ts';

/** A file of `sql/`. */
export interface SqlText extends SqlFile {
  readonly dataset: string;
  readonly folder: SqlFolder;
  readonly parameters: readonly Parameter[];
}

/** The views of a dataset, its queries, its alerts and its checks: what reads the relations of the lake. */
export async function sqlTexts(sqlRoot: string, dataset: string): Promise<SqlText[]> {
  return [
    ...inDependencyOrder(await readSql(sqlRoot, dataset, 'views')).map((file) => text(dataset, 'views', file)),
    ...(await readQueries(sqlRoot, dataset)).map((file) => text(dataset, 'queries', file, file.parameters)),
    ...(await readAlertQueries(sqlRoot, dataset)).map((file) =>
      text(dataset, 'alerts', { ...file, sql: bindNow(file.sql, momentOf(file)) }),
    ),
    ...(await readChecks(sqlRoot, dataset)).map((file) => text(dataset, 'checks', file)),
  ];
}

/** An alert is asked with its moment in the text. */
function momentOf({ parameters }: AlertQuery): Date {
  return new Date(parameters[0]?.byDefault ?? 0);
}

/** What makes the curated tables. */
export async function curatedTexts(sqlRoot: string, dataset: string): Promise<SqlText[]> {
  return (await readSql(sqlRoot, dataset, 'curated')).map((file) => text(dataset, 'curated', file));
}

function text(
  dataset: string,
  folder: SqlFolder,
  { name, sql }: SqlFile,
  parameters: readonly Parameter[] = [],
): SqlText {
  return { dataset, folder, name, sql, parameters };
}
