import type { Column, DatasetPlan } from '../contract/plan.ts';
import { columnReason, compileValidator, type Reason } from '../contract/validator.ts';
import { CellFault } from './cell-fault.ts';
import { type CleanCell, compileCleaner } from './clean-row.ts';
import { readExactJson } from './exact-json.ts';
import type { HeaderMap } from './header-map.ts';
import { type CellParser, compileCellParser } from './parse-cell.ts';
import { compileJsonParser, type JsonParser, ownValue } from './parse-json-value.ts';
import { positionKey } from './position-key.ts';

/** A row as it is stored: values as `LakeType` says, null where missing. */
export type Row = Readonly<Record<string, unknown>>;

/** Where a row stands, which its lineage columns and perhaps its key are made from. */
export interface Position {
  readonly source: 'batch' | 'stream';
  /** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
  readonly ingestedAt: string;
  /** SHA-256 (hex) of the file; absent for a stream, whose records may give `source_checksum` themselves. */
  readonly checksum?: string;
  /** Line of the file, from 1; absent for a stream, whose records may give `source_line` themselves. */
  readonly line?: number;
}

export type ReadRow =
  | {
      readonly row: Row;
      /** Names of the cleaning rules that changed a cell. */
      readonly cleaned: readonly string[];
      readonly rejection?: undefined;
    }
  | { readonly row?: undefined; readonly rejection: Reason };

export interface RowReader {
  /** Reads the cells of one record of a csv. */
  readCells(cells: readonly (string | null)[], header: HeaderMap, position: Position): ReadRow;
  /** Reads the text of one JSON object. */
  readJson(text: string, position: Position): ReadRow;
  /** Reads a JSON object. `exact`: the same with its numbers as text, where they may have been rounded. */
  readObject(object: object, position: Position, exact?: object): ReadRow;
}

export interface RowReaderOptions {
  /** Stands for a personal value from now on: `compilePseudonymiser(key)`. */
  readonly pseudonymise: (value: string) => string;
}

/** One column of a row to be: its text or its JSON value as a value, null or a fault. */
interface Field {
  readonly column: Column;
  readonly isFromSource: boolean;
  readonly isPseudonym: boolean;
  readonly isPosition: boolean;
  readonly clean: CleanCell | undefined;
  readonly parseText: CellParser;
  readonly parseJson: JsonParser;
}

const NOTHING_CLEANED: readonly string[] = [];

/**
 * Compiles the way of a source row into a stored row: cleaned, typed, pseudonymised, keyed, with its lineage, and
 * checked against the whole contract. A bad row is a rejection with the first reason in column order; nothing throws.
 */
export function compileRowReader(plan: DatasetPlan, options: RowReaderOptions): RowReader {
  const validator = compileValidator(plan);
  const fields = fieldsOf(plan, options);
  const isExactWanted = fields.some(
    (field) => field.isFromSource && (field.isPseudonym || holdsExactNumbers(field.column.type)),
  );

  const newRow = rowMaker(fields.map(({ column }) => column.name));

  /** Checks a row whose first faulty cell, if any, is known. */
  const judge = (row: Row, changed: readonly string[], faulty: number, rule: string, found: unknown): ReadRow => {
    if (faulty === -1 && validator.accepts(row)) return { row, cleaned: changed };
    const reason = validator.reasonOf(row);
    const field = fields[faulty];
    if (field === undefined) {
      if (reason === undefined) throw new Error(`${plan.name}: a row is refused without a reason`);
      return { rejection: reason };
    }
    const isEarlier = reason !== undefined && fields.findIndex(({ column }) => column.name === reason.column) < faulty;
    return { rejection: isEarlier ? reason : columnReason(field.column, rule, found) };
  };

  /** The row of one source record: an object, or cells in the places that a header gives them. */
  const assemble = (position: Position, record: SourceRecord): ReadRow => {
    const { cells, header, object, exact } = record;
    const row = newRow();
    const changed: string[] = [];
    let faulty = -1;
    let rule = '';
    let found: unknown;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as Field;
      const { name } = field.column;
      let given: unknown;
      if (!field.isFromSource) given = lineage(name, position, object);
      else given = object === undefined ? cellOf(cells, header?.places.get(name)) : ownValue(object, name);
      if (typeof given === 'string' && given !== '' && field.clean !== undefined) given = field.clean(given, changed);
      const parsed =
        object === undefined && field.isFromSource
          ? field.parseText(given as string)
          : field.parseJson(given, exact === undefined ? undefined : ownValue(exact, name));
      if (!(parsed instanceof CellFault)) {
        row[name] = parsed === null && field.isPosition ? keyOf(position, object) : parsed;
        continue;
      }
      row[name] = null;
      if (faulty !== -1) continue;
      faulty = i;
      rule = parsed.rule;
      found = given;
    }
    return judge(row, changed.length === 0 ? NOTHING_CLEANED : changed, faulty, rule, found);
  };

  return {
    readObject: (object, position, exact) => assemble(position, { object, exact }),
    readJson(text, position) {
      const json = readExactJson(text, isExactWanted);
      if (json === undefined) return rowRejection(text.includes('\0') ? 'nul' : 'json', 'expected one JSON object');
      const { value, exact } = json;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return rowRejection('json', `found ${kindOf(value)}, expected one JSON object`);
      }
      return assemble(position, { object: value, exact: exact as object | undefined });
    },
    readCells(cells, header, position) {
      if (cells.length !== header.width) {
        return rowRejection('fields', `found ${cells.length} cells, expected ${header.width}`);
      }
      if (cells.some((cell) => cell?.includes('\0'))) return rowRejection('nul', 'found a NUL character');
      return assemble(position, { cells, header });
    },
  };
}

/** Makes rows of one shape, with all columns in place: setting them is then several times faster than adding them. */
function rowMaker(names: readonly string[]): () => Record<string, unknown> {
  const columns = names.map((name) => `${JSON.stringify(name)}: null`).join(', ');
  return new Function(`return { ${columns} };`) as () => Record<string, unknown>;
}

interface SourceRecord {
  readonly object?: object;
  readonly exact?: object | undefined;
  readonly cells?: readonly (string | null)[];
  readonly header?: HeaderMap;
}

function cellOf(cells: readonly (string | null)[] | undefined, place: number | undefined): string {
  return place === undefined ? '' : (cells?.[place] ?? '');
}

function fieldsOf(plan: DatasetPlan, { pseudonymise }: RowReaderOptions): readonly Field[] {
  const cleaners = compileCleaner(plan);
  return plan.columns
    .filter(({ privacy }) => privacy !== 'drop')
    .map((column) => {
      const isPseudonym = column.privacy === 'pseudonym';
      return {
        column,
        isFromSource: column.origin !== 'lake',
        isPseudonym,
        isPosition: column.origin === 'position',
        clean: cleaners.get(column.name),
        parseText: isPseudonym ? pseudonymOf(pseudonymise) : compileCellParser(column),
        parseJson: isPseudonym ? jsonPseudonymOf(pseudonymise) : compileJsonParser(column),
      };
    });
}

function pseudonymOf(pseudonymise: (value: string) => string): CellParser {
  return (text) => (text.trim() === '' ? null : pseudonymise(text));
}

/** The id of a person may be a JSON string or a number, whose digits count as they are written. */
function jsonPseudonymOf(pseudonymise: (value: string) => string): JsonParser {
  const parseString = compileJsonParser({ type: { kind: 'string' } });
  const parseText = pseudonymOf(pseudonymise);
  return (value, exact) => {
    const text = typeof value === 'number' ? (typeof exact === 'string' ? exact : String(value)) : parseString(value);
    return typeof text === 'string' ? parseText(text) : text;
  };
}

/** Value of a column that the lake itself sets. A record of a stream may say where its row stood in a file. */
function lineage(name: string, position: Position, record?: object): unknown {
  switch (name) {
    case 'ingested_at':
      return position.ingestedAt;
    case 'source':
      return position.source;
    case 'source_checksum':
      return position.checksum ?? (record === undefined ? null : ownValue(record, name));
    case 'source_line':
      return position.line ?? (record === undefined ? null : ownValue(record, name));
    default:
      return null;
  }
}

function keyOf(position: Position, record?: object): string | null {
  const checksum = lineage('source_checksum', position, record);
  const line = lineage('source_line', position, record);
  if (typeof checksum !== 'string' || !/^[0-9a-f]{64}$/.test(checksum)) return null;
  return Number.isSafeInteger(line) ? positionKey(checksum, line as number) : null;
}

function holdsExactNumbers(type: Column['type']): boolean {
  switch (type.kind) {
    case 'int64':
    case 'decimal':
      return true;
    case 'array':
      return holdsExactNumbers(type.element.type);
    case 'struct':
      return type.fields.some((field) => holdsExactNumbers(field.type));
    default:
      return false;
  }
}

function rowRejection(rule: string, message: string): ReadRow {
  return { rejection: { column: 'row', rule, message } };
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
