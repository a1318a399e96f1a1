/**
 * The way of source lines into stored rows as DuckDB SQL: set-based, for files of any size.
 *
 * SQL decides only what it is sure of. Every other row is read by `core/etl/read-row.ts`, whose word is final; a
 * property test holds the two to the same rows.
 */
import type { HeaderMap } from '../etl/header-map.ts';
import { positionKey } from '../etl/position-key.ts';
import { cellSql } from './cell-sql.ts';
import { csvCells, isEachKeyOnce, jsonCells, jsonText } from './cells-sql.ts';
import { cleanSql, unchangedSql } from './clean-sql.ts';
import { duckdbType, sqlName, sqlText } from './duckdb-type.ts';
import { type CleanRule, type Column, type DatasetPlan, storedColumns } from './plan.ts';

export type LineFormat =
  | { readonly kind: 'csv'; readonly delimiter: string; readonly header: HeaderMap }
  | { readonly kind: 'json' };

export interface BulkSource {
  readonly format: LineFormat;
  /** SHA-256 (hex) of the object. */
  readonly checksum: string;
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly ingestedAt: string;
}

export interface BulkSql {
  /**
   * A query of the stored rows that are sure and that no cleaning rule changes, in storage order.
   *
   * @param lines SQL of a relation with the column `line`, in the order of the source.
   * @param firstLine line number of the first of them.
   */
  plainRows(lines: string, firstLine: number): string;
  /**
   * A query of all lines with `line`, `line_number`, `sure`, `changed` (a list: whether each rule of the plan changed
   * the row) and the stored columns, which mean something only where `sure` is true.
   *
   * @param lines SQL of a relation with the columns `line` and `line_number`.
   */
  cleanedRows(lines: string): string;
}

/** Compiles the SQL of a plan for one source. */
export function bulkSql(plan: DatasetPlan, source: BulkSource): BulkSql {
  const columns = storedColumns(plan)
    .filter((column) => isGiven(column, source.format))
    .map((column, index) => givenColumn(plan, source.format, column, index));
  const values = columns.map(({ value }) => value).join(', ');
  const stored = storedColumns(plan).map(
    (column) => `${storedSql(column, source, columns)} AS ${sqlName(column.name)}`,
  );
  const isPossible = canBeAccepted(plan, source, columns);
  return {
    // Numbering stands above the check: a filter moves down to the lines otherwise, and all is computed twice.
    plainRows: (lines, firstLine) => `
      WITH ${steps(source.format, columns, { lines, carried: '', isCleaned: false, isPossible, changed: '' })},
      numbered AS (SELECT sure${list([values])}, row_number() OVER () + ${firstLine - 1} AS line_number FROM judged)
      SELECT ${stored.join(', ')} FROM numbered WHERE sure`,
    cleanedRows: (lines) => `
      WITH ${steps(source.format, columns, {
        lines,
        carried: 'line, line_number',
        isCleaned: true,
        isPossible,
        changed: `[${plan.clean.map((rule) => changedBy(rule, columns)).join(', ')}]::BOOLEAN[] AS changed`,
      })}
      SELECT line, line_number, coalesce(sure, false) AS sure, changed, ${stored.join(', ')} FROM judged`,
  };
}

/** A stored column that lines of the source can give, with the names and the SQL of its way. */
interface GivenColumn {
  readonly column: Column;
  /** Place in the list of cells, from 1. */
  readonly place: number;
  /** Names of the cell as it came, of its text and of its typed value. */
  readonly raw: string;
  readonly text: string;
  readonly value: string;
  /** SQL of the text before any cleaning rule, then after each. */
  readonly cleaning: readonly string[];
  readonly rules: readonly CleanRule[];
  readonly valueSql: string;
  readonly checks: readonly string[];
  /** Further checks where no rule is applied. */
  readonly unchanged: readonly string[];
}

/** Whether lines of the format can hold the column. */
function isGiven(column: Column, format: LineFormat): boolean {
  return column.origin !== 'lake' && (format.kind === 'json' || format.header.places.has(column.name));
}

function givenColumn(plan: DatasetPlan, format: LineFormat, column: Column, index: number): GivenColumn {
  const [raw, text, value] = [`raw_${index}`, `text_${index}`, `value_${index}`];
  const rules = plan.clean.filter((rule) => rule.column === column.name);
  const cleaning = [format.kind === 'csv' ? raw : jsonText(raw)];
  for (const rule of rules) cleaning.push(cleanSql(rule, cleaning.at(-1) ?? raw));
  // Where the source gives no key, the position does.
  const cell = cellSql(column.origin === 'position' ? { ...column, nullable: true } : column, text);
  return {
    column,
    place: (format.kind === 'csv' ? (format.header.places.get(column.name) ?? 0) : index) + 1,
    raw,
    text,
    value,
    cleaning,
    rules,
    valueSql: cell.value,
    checks: [cell.check(value), ...(format.kind === 'json' ? jsonChecks(column, rules, raw) : [])],
    unchanged: unchangedSql(plan, column, text),
  };
}

interface Steps {
  readonly lines: string;
  /** Columns of the lines that are carried along. */
  readonly carried: string;
  readonly isCleaned: boolean;
  /** False where no row can be sure. */
  readonly isPossible: boolean;
  /** SQL of which rules changed a row; empty where none is applied. */
  readonly changed: string;
}

/**
 * From lines to typed values and the column `sure`, a step for each that the next one needs by name: what a name stands
 * for is computed once.
 */
function steps(format: LineFormat, columns: readonly GivenColumn[], way: Steps): string {
  const { lines, carried, isCleaned, isPossible, changed } = way;
  const names = columns.map(({ column }) => column.name);
  const cells =
    format.kind === 'csv' ? csvCells('line', format.delimiter, format.header.width) : jsonCells('line', names);
  const raws = columns.map(({ place, raw }) => `cells[${place}] AS ${raw}`);
  const texts = columns.map(({ cleaning, text }) => `${isCleaned ? cleaning.at(-1) : cleaning[0]} AS ${text}`);
  const values = columns.map(({ valueSql, value }) => `${valueSql} AS ${value}`);
  const checks = columns.flatMap((column) => [...column.checks, ...(isCleaned ? [] : column.unchanged)]);
  const kept = carried === '' ? '' : `${carried}, `;
  return `cut AS (SELECT ${carried === '' ? 'line' : carried}, ${cells} AS cells FROM ${lines}),
      raws AS (SELECT ${kept}${wholeLine(format, columns)} AS is_whole${list(raws)} FROM cut),
      texts AS (SELECT *${list([...texts, changed])} FROM raws),
      typed AS (SELECT *${list(values)} FROM texts),
      judged AS (SELECT *, ${[isPossible ? 'is_whole' : 'false', ...checks].join('\n        AND ')} AS sure FROM typed)`;
}

function list(items: readonly string[]): string {
  return items.map((item) => (item === '' ? '' : `, ${item}`)).join('');
}

/** Lines that framing has marked start with a control character. */
function wholeLine(format: LineFormat, columns: readonly GivenColumn[]): string {
  if (format.kind === 'csv') {
    return `((line >= ' ' OR starts_with(line, '\t')) AND len(cells) = ${format.header.width})`;
  }
  const places = columns.map(({ place }) => `cells[${place}]`);
  return `CASE WHEN cells IS NOT NULL THEN ${isEachKeyOnce('line', places)} END`;
}

function changedBy(rule: CleanRule, columns: readonly GivenColumn[]): string {
  const given = columns.find(({ column }) => column.name === rule.column);
  const step = given?.rules.indexOf(rule) ?? -1;
  return given === undefined ? 'false' : `coalesce(${given.cleaning[step]} <> ${given.cleaning[step + 1]}, false)`;
}

/** A text column takes JSON strings only, a number's text is no day or instant either, and only strings are cleaned. */
function jsonChecks({ type, privacy }: Column, rules: readonly CleanRule[], json: string): string[] {
  const isText = `(${json} IS NULL OR ${json} = 'null' OR starts_with(${json}, '"'))`;
  if (privacy === 'pseudonym') return [`(${isText} OR regexp_full_match(${json}, '[0-9]{1,15}'))`];
  const isTextual = type.kind === 'string' || type.kind === 'enum' || type.kind === 'date' || type.kind === 'timestamp';
  return isTextual || rules.some(({ kind }) => kind === 'map' || kind === 'upper') ? [isText] : [];
}

/** Whether a row can be good at all: no column that must be there is missing, and a key from the position is a key. */
function canBeAccepted(plan: DatasetPlan, { checksum }: BulkSource, given: readonly GivenColumn[]): boolean {
  const sample = positionKey(checksum, 1);
  return storedColumns(plan).every((column) => {
    const { origin, pattern = '', minLength = 0, maxLength = 64, type } = column;
    if (origin === 'source') return column.nullable || given.some((it) => it.column === column);
    if (origin === 'lake') return true;
    const isLong = sample.length >= minLength && sample.length + 3 <= maxLength;
    return type.kind === 'string' && isLong && new RegExp(pattern).test(sample);
  });
}

function storedSql(column: Column, { checksum, ingestedAt }: BulkSource, given: readonly GivenColumn[]): string {
  switch (column.origin === 'lake' ? column.name : '') {
    case 'ingested_at':
      return `TIMESTAMPTZ ${sqlText(ingestedAt)}`;
    // Enums, because a constant text would be hashed and compared for every row when it is written.
    case 'source':
      return "'batch'::ENUM('batch')";
    case 'source_checksum':
      return `${sqlText(checksum)}::ENUM(${sqlText(checksum)})`;
    case 'source_line':
      return 'line_number::BIGINT';
    default:
  }
  const value = given.find((it) => it.column === column)?.value;
  if (column.origin !== 'position') return value ?? `NULL::${duckdbType(column.type)}`;
  return value === undefined ? positionSql(checksum) : `coalesce(${value}, ${positionSql(checksum)})`;
}

/** `positionKey` in SQL; the zeros come from a table of cases, which is twice as fast as `lpad`. */
function positionSql(checksum: string): string {
  const cases = Array.from({ length: 8 }, (_, zeros) => 8 - zeros).map(
    (zeros) =>
      `WHEN line_number < 1${'0'.repeat(9 - zeros)} THEN ${sqlText(`${checksum.slice(0, 16)}-${'0'.repeat(zeros)}`)}`,
  );
  return `CASE ${cases.join(' ')} ELSE ${sqlText(`${checksum.slice(0, 16)}-`)} END || line_number::VARCHAR`;
}
