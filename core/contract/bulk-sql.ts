/**
 * The way of source lines into stored rows as DuckDB SQL: set-based, for files of any size.
 *
 * SQL decides only what it is sure of. Every other row is read by `core/etl/read-row.ts`, whose word is final; a
 * property test holds the two to the same rows.
 */
import type { HeaderMap } from '../etl/header-map.ts';
import { positionKey } from '../etl/position-key.ts';
import { cellSql } from './cell-sql.ts';
import { csvCells, jsonCells, jsonText } from './cells-sql.ts';
import { cleanSql, unchangedSql } from './clean-sql.ts';
import { duckdbType, sqlName, sqlText } from './duckdb-type.ts';
import { type Column, type DatasetPlan, storedColumns } from './plan.ts';

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
  const stored = storedColumns(plan);
  const given = stored.filter((column) => isGiven(column, source.format));
  const outcome = stored.map((column) => `${storedSql(column, source, given)} AS ${sqlName(column.name)}`).join(', ');
  const values = given.map(({ name }) => sqlName(`value of ${name}`)).join(', ');
  return {
    // Numbering stands above the check: a filter moves down to the lines otherwise, and all is computed twice.
    plainRows: (lines, firstLine) => `
      WITH ${judged(plan, source, given, lines, '', false)},
      numbered AS (SELECT ${[values, 'sure'].filter(Boolean).join(', ')}, row_number() OVER () + ${firstLine - 1} AS line_number FROM judged)
      SELECT ${outcome} FROM numbered WHERE sure`,
    cleanedRows: (lines) => `
      WITH ${judged(plan, source, given, lines, 'line, line_number,', true)}
      SELECT line, line_number, coalesce(sure, false) AS sure, changed, ${outcome} FROM judged`,
  };
}

/** Whether lines of the format can hold the column. */
function isGiven(column: Column, format: LineFormat): boolean {
  return column.origin !== 'lake' && (format.kind === 'json' || format.header.places.has(column.name));
}

function judged(
  plan: DatasetPlan,
  source: BulkSource,
  given: readonly Column[],
  lines: string,
  carried: string,
  isCleaned: boolean,
): string {
  const { format } = source;
  const cells =
    format.kind === 'csv'
      ? csvCells('line', format.delimiter, format.header.width)
      : jsonCells(
          'line',
          given.map(({ name }) => name),
        );
  const texts = given.map((column, index) => ({
    column,
    raw: `raw_${index}`,
    text: `text_${index}`,
    value: `value_${index}`,
  }));
  const raws = texts.map(({ column, raw }, index) => {
    const place = format.kind === 'csv' ? (format.header.places.get(column.name) ?? 0) : index;
    return `cells[${place + 1}] AS ${raw}`;
  });
  const rules = isCleaned ? plan.clean : [];
  const cleaned = texts.map(({ column, raw, text }) => {
    const plain = format.kind === 'csv' ? raw : jsonText(raw);
    const steps = rules.filter((rule) => rule.column === column.name);
    return { column, text, raw, steps: [plain], rules: steps } as {
      column: Column;
      text: string;
      raw: string;
      steps: string[];
      rules: typeof steps;
    };
  });
  for (const item of cleaned) {
    for (const rule of item.rules) item.steps.push(cleanSql(rule, item.steps.at(-1) ?? item.raw));
  }
  const changed = rules.map((rule) => {
    const item = cleaned.find(({ column }) => column.name === rule.column);
    const at = item?.rules.indexOf(rule) ?? -1;
    return item === undefined ? 'false' : `coalesce(${item.steps[at]} <> ${item.steps[at + 1]}, false)`;
  });
  const checks = texts.flatMap(({ column, raw, text, value }) => {
    const { check } = cellOf(column, text);
    return [
      column.origin === 'position' ? `(${text} IS NULL OR ${text} = '' OR ${check(value)})` : check(value),
      ...(format.kind === 'json' ? jsonCheck(plan, column, raw) : []),
      ...(isCleaned ? [] : unchangedSql(plan, column, text)),
    ];
  });
  const keep = carried === '' ? '' : `${carried} `;
  return `cut AS (SELECT ${keep}${carried === '' ? 'line, ' : ''}${cells} AS cells FROM ${lines}),
      raws AS (SELECT ${keep}${lineCheck(format)} AS is_whole${list(raws)} FROM cut),
      texts AS (SELECT ${keep}is_whole${list(texts.map(({ raw }) => raw))}${list(cleaned.map(({ text, steps }) => `${steps.at(-1)} AS ${text}`))}${isCleaned ? `, [${changed.join(', ')}]::BOOLEAN[] AS changed` : ''} FROM raws),
      typed AS (SELECT *${list(texts.map(({ column, text, value }) => `${cellOf(column, text).value} AS ${value}`))} FROM texts),
      judged AS (SELECT ${keep}${isCleaned ? 'changed, ' : ''}${[`is_whole AND ${positionCheck(plan, source, given)}`, ...checks].join('\n        AND ')} AS sure${list(texts.map(({ column, value }) => `${value} AS ${sqlName(`value of ${column.name}`)}`))} FROM typed)`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `, ${item}`).join('');
}

/** Lines that framing has marked start with a control character. */
function lineCheck(format: LineFormat): string {
  const unmarked = "(line >= ' ' OR starts_with(line, '\t'))";
  return format.kind === 'csv' ? `(${unmarked} AND len(cells) = ${format.header.width})` : `(cells IS NOT NULL)`;
}

function cellOf(column: Column, text: string) {
  return cellSql(column.origin === 'position' ? { ...column, nullable: true } : column, text);
}

/** A text column takes JSON strings only, a number's text is no day or instant either, and only strings are cleaned. */
function jsonCheck(plan: DatasetPlan, { name, type, privacy }: Column, json: string): string[] {
  const isText = `(${json} IS NULL OR ${json} = 'null' OR starts_with(${json}, '"'))`;
  if (privacy === 'pseudonym') return [`(${isText} OR regexp_full_match(${json}, '[0-9]{1,15}'))`];
  const isTextual = type.kind === 'string' || type.kind === 'enum' || type.kind === 'date' || type.kind === 'timestamp';
  const isMapped = plan.clean.some((rule) => rule.column === name && (rule.kind === 'map' || rule.kind === 'upper'));
  return isTextual || isMapped ? [isText] : [];
}

/** A key from the position must itself keep the contract, whatever its line. */
function positionCheck(plan: DatasetPlan, { checksum }: BulkSource, given: readonly Column[]): string {
  const sample = positionKey(checksum, 1);
  const fits = storedColumns(plan)
    .filter(({ origin }) => origin === 'position')
    .every(
      ({ pattern, minLength = 0, maxLength = 64, type }) =>
        type.kind === 'string' &&
        new RegExp(pattern ?? '').test(sample) &&
        sample.length >= minLength &&
        sample.length + 3 <= maxLength,
    );
  const others = storedColumns(plan).some(
    (column) => !column.nullable && column.origin === 'source' && !given.includes(column),
  );
  return fits && !others ? 'true' : 'false';
}

function storedSql(column: Column, { checksum, ingestedAt }: BulkSource, given: readonly Column[]): string {
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
  const value = given.includes(column) ? sqlName(`value of ${column.name}`) : `NULL::${duckdbType(column.type)}`;
  if (column.origin !== 'position') return value;
  return given.includes(column) ? `coalesce(${value}, ${positionSql(checksum)})` : positionSql(checksum);
}

/** `positionKey` in SQL; the zeros come from a table of cases, which is twice as fast as `lpad`. */
function positionSql(checksum: string): string {
  const cases = Array.from({ length: 8 }, (_, zeros) => 8 - zeros).map(
    (zeros) =>
      `WHEN line_number < 1${'0'.repeat(9 - zeros)} THEN ${sqlText(`${checksum.slice(0, 16)}-${'0'.repeat(zeros)}`)}`,
  );
  return `CASE ${cases.join(' ')} ELSE ${sqlText(`${checksum.slice(0, 16)}-`)} END || line_number::VARCHAR`;
}
