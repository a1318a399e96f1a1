/** The table as a statement that Athena runs: for a lake made by hand, and to read what the Glue table says. */
import { folder, type GlueColumn, glueColumns, glueParameters, gluePartitionKeys, oneLine } from './glue-columns.ts';
import type { DatasetPlan } from './plan.ts';

/**
 * `create external table` in the dialect of Athena's DDL, which is Hive's.
 *
 * `location` is the folder of the table, as in `s3://bucket/bookings`.
 */
export function athenaDdl(plan: DatasetPlan, { database, location }: { database: string; location: string }): string {
  const parameters = Object.entries(glueParameters(plan, location)).filter(([name]) => name !== 'EXTERNAL');
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS ${identifier(database)}.${identifier(plan.name)} (`,
    glueColumns(plan).map(columnLine).join(',\n'),
    ')',
    `COMMENT ${literal(oneLine(plan.description))}`,
    `PARTITIONED BY (`,
    gluePartitionKeys(plan).map(columnLine).join(',\n'),
    ')',
    'STORED AS PARQUET',
    `LOCATION ${literal(folder(location))}`,
    'TBLPROPERTIES (',
    parameters.map(([name, value]) => `  ${literal(name)} = ${literal(value)}`).join(',\n'),
    ')',
  ].join('\n');
}

function columnLine({ name, type, comment }: GlueColumn): string {
  return `  ${identifier(name)} ${type} COMMENT ${literal(comment)}`;
}

/** Hive's quoting of names: any character is allowed within, a backtick is doubled. */
function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Hive's quoting of texts: backslash escapes, not doubled quotes, which would join two texts into one. */
function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
