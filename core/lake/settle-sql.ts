/**
 * SQL (DuckDB's) that settles the processed rows of a unit: one row a key, the newest, with
 *
 * - `versions`: how many rows have the key;
 * - `is_repeat`: whether a row of the same content (every stored source column but the key) stands at an earlier line of
 *   the same source object.
 *
 * The statements read `unit_rows`: the stored columns and the partition column of a unit's processed rows.
 */
import { queryType } from '../contract/duckdb-type.ts';
import { type Column, type DatasetPlan, storedColumns } from '../contract/plan.ts';

/** To be counted up when the meaning of settled rows changes, so that curated tables are made anew. */
export const SETTLE_VERSION = 2;

/** Name of the settled rows, from which the SQL of a curated table selects. */
export function settledName(dataset: string): string {
  return `settled_${dataset}`;
}

/** Reads files, each list with the day of its rows, as `unit_rows`. */
export function unitRowsSql(plan: DatasetPlan, filesByDay: ReadonlyMap<string, readonly string[]>): string {
  const columns = storedColumns(plan).map(typedColumn).join(', ');
  const days = [...filesByDay].map(
    ([day, paths]) =>
      `select ${columns}, cast(${text(day)} as date) as ${name(plan.partitionBy)} from read_parquet([${paths.map(pathText).join(', ')}], hive_partitioning = false)`,
  );
  return `create or replace temp view unit_rows as ${days.join(' union all ')}`;
}

/** Writes `unit_rows` into `count` folders (`bucket=0`, …), all rows of a key into the same one. */
export function splitRowsSql(plan: DatasetPlan, count: number, folder: string): string[] {
  return [
    // The rows that each thread holds back, over all folders.
    'set partitioned_write_flush_threshold = 250000',
    `copy (select *, hash(${list(plan.key)}) % ${count} as bucket from unit_rows)
      to ${text(folder)} (format parquet, compression lz4_raw, partition_by (bucket), overwrite_or_ignore)`,
  ];
}

/** Reads files that `splitRowsSql` wrote as `unit_rows`. */
export function bucketRowsSql(paths: readonly string[]): string {
  return `create or replace temp view unit_rows as
    select * from read_parquet([${paths.map(pathText).join(', ')}], hive_partitioning = false)`;
}

/** Files of a batch and of a stream have different writers, which may say the same type in different ways. */
function typedColumn(column: Column): string {
  return `cast(${name(column.name)} as ${queryType(column.type)}) as ${name(column.name)}`;
}

/** Makes `repeat_candidates`: hashes of content that occurs more than once. Equal content has an equal hash. */
export function repeatCandidatesSql(plan: DatasetPlan, isOneObject: boolean): string {
  return `create or replace temp table repeat_candidates as
    select content from (select source_line, ${contentHash(plan, isOneObject)} as content from unit_rows where source_checksum is not null)
    group by content having ${severalLines(isOneObject)}`;
}

/**
 * Makes `repeats` from the candidates: each content that stands on several lines of an object, and the first of them.
 * Here the columns themselves are compared, because an equal hash proves nothing.
 */
export function repeatsSql(plan: DatasetPlan, isOneObject: boolean): string {
  const content = list(['source_checksum', ...contentColumns(plan)]);
  return `create or replace temp table repeats as
    select ${content}, min(source_line) as first_line, count(*) as copies from unit_rows
    where source_checksum is not null and ${contentHash(plan, isOneObject)} in (select content from repeat_candidates)
    group by ${content} having ${severalLines(isOneObject)}`;
}

/** Makes `shared_keys` (keys of more than one row) and `newest_rows` (the row of each that stands). */
export function sharedKeysSql(plan: DatasetPlan): string[] {
  const key = list(plan.key);
  return [
    `create or replace temp table shared_keys as
      select ${key}, cast(count(*) as integer) as versions from unit_rows group by ${key} having count(*) > 1`,
    `create or replace temp table newest_rows as
      select * exclude (place) from (
        select unit_rows.*, versions, row_number() over (partition by ${key} order by ${order(plan)}) as place
        from unit_rows join shared_keys using (${key}))
      where place = 1`,
  ];
}

/** Within one object no two rows have the same line; a row that came by file and by stream has, and is no repeat. */
function severalLines(isOneObject: boolean): string {
  return isOneObject ? 'count(*) > 1' : 'min(source_line) < max(source_line)';
}

export interface SettleOptions {
  readonly keysAreUnique: boolean;
  /** Whether `repeats` was made; where there were no candidates it is not needed. */
  readonly hasRepeats: boolean;
}

/** Makes the settled rows of the dataset out of the relations above. */
export function settledSql(plan: DatasetPlan, { keysAreUnique, hasRepeats }: SettleOptions): string {
  const alone = keysAreUnique
    ? 'unit_rows'
    : `(select * from unit_rows anti join shared_keys using (${list(plan.key)}))`;
  const columns = [...storedColumns(plan).map((column) => column.name), plan.partitionBy];
  const select = (versions: string, from: string) =>
    `select ${columns.map((column) => `r.${name(column)}`).join(', ')}, ${versions} as versions,
      ${hasRepeats ? 'coalesce(r.source_line > repeats.first_line, false)' : 'false'} as is_repeat
    from ${from} as r ${hasRepeats ? `left join repeats on ${sameContent(plan)}` : ''}`;
  const body = keysAreUnique
    ? select('1', alone)
    : `${select('1', alone)} union all ${select('r.versions', 'newest_rows')}`;
  return `create or replace temp view ${name(settledName(plan.name))} as ${body}`;
}

function sameContent(plan: DatasetPlan): string {
  const same = contentColumns(plan).map((column) => `r.${name(column)} is not distinct from repeats.${name(column)}`);
  return ['r.source_checksum = repeats.source_checksum', ...same].join(' and ');
}

function contentHash(plan: DatasetPlan, isOneObject: boolean): string {
  const columns = contentColumns(plan);
  return `hash(${list(isOneObject ? columns : ['source_checksum', ...columns])})`;
}

/** Names of what a row says, apart from which row it is and how it came here: equal content of two lines is a repeat. */
export function contentColumns(plan: DatasetPlan): string[] {
  return storedColumns(plan)
    .filter((column) => column.origin !== 'lake' && !plan.key.includes(column.name))
    .map((column) => column.name);
}

function order(plan: DatasetPlan): string {
  return newestFirst(plan)
    .map((column) => `${name(column)} desc nulls last`)
    .join(', ');
}

/**
 * Names of the columns that tell the newest of the rows of a key: it has the greatest value, null the lowest. Every other
 * column follows on `newestBy`, so that the choice never hangs on chance.
 */
export function newestFirst(plan: DatasetPlan): string[] {
  const others = storedColumns(plan)
    .map((column: Column) => column.name)
    .filter((column) => !plan.newestBy.includes(column) && !plan.key.includes(column));
  return [...plan.newestBy, ...others];
}

function list(names: readonly string[]): string {
  return names.map(name).join(', ');
}

function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A path as a text in which `*`, `?` and `[` mean themselves, not a pattern. */
export function pathText(path: string): string {
  return text(path.replace(/[*?[]/g, '[$&]'));
}
