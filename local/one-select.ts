import { type DuckDBConnection, StatementType } from '@duckdb/node-api';

import { bareSql, withDollars } from '../core/answers/statement-text.ts';
import { checkDialect } from './dialect.ts';

export interface Select {
  /** With `$name` for each `:name`, and no semicolon at the end. */
  readonly sql: string;
  /** Names of the parameters. */
  readonly names: readonly string[];
}

/** The text as DuckDB takes it. Throws for anything but one SELECT in the dialect that Athena shares. */
export async function oneSelect(connection: DuckDBConnection, text: string): Promise<Select> {
  checkDialect(text);
  if (bareSql(text).trim() === '') throw new Error('found no SQL, expected one select');
  const select = withDollars(text.trim().replace(/;\s*$/, ''));
  const statements = await connection.extractStatements(select.sql);
  if (statements.count !== 1) throw new Error(`found ${statements.count} statements, expected one select`);
  const prepared = await statements.prepare(0);
  const type = prepared.statementType;
  prepared.destroySync();
  if (type === StatementType.SELECT) return select;
  throw new Error(`found ${StatementType[type].toLowerCase()}, expected one select: a query only reads`);
}
