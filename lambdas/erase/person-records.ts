import { type Column, type DatasetPlan, sourceColumns } from '../../core/contract/plan.ts';
import { CellFault } from '../../core/etl/cell-fault.ts';
import { readExactJson } from '../../core/etl/exact-json.ts';
import { type CellParser, compileCellParser } from '../../core/etl/parse-cell.ts';
import { ownValue } from '../../core/etl/parse-json-value.ts';
import type { PersonMatcher } from '../../core/etl/person.ts';
import { splitLine } from '../../core/etl/split-line.ts';
import type { RecordFormat } from '../convert/read-line.ts';

/** Tells whether records, as they came, are of a person. */
export interface PersonRecords {
  /**
   * By the columns that the contract calls personal, and by those that it does not know, for nobody has said that they
   * are harmless. A record that cannot be cut into columns is the person's where the identifier stands in it as a word.
   */
  readonly isOf: (text: string, format: RecordFormat) => boolean;
  /** The same of a record that was refused: its cells may be shifted, so those of other text columns count as well. */
  readonly isRefusedOf: (text: string, format: RecordFormat | undefined) => boolean;
}

/** A value of a record and the column that it stands under; undefined for one that the contract does not know. */
type Cell = readonly [column: Column | undefined, text: string];

export function personRecords(plan: DatasetPlan, person: PersonMatcher): PersonRecords {
  const known = new Map(sourceColumns(plan).map((column) => [column.name, column]));
  const personal = new Set(person.columns);
  const parsers = new Map([...known.values()].map((column) => [column, textParser(column)]));
  const isPersonal = ([column, text]: Cell) => {
    if (column === undefined) return person.is(text);
    return personal.has(column) && person.isNamedBy(column, text);
  };
  const isShifted = ([column, text]: Cell) => {
    if (column === undefined || personal.has(column)) return person.is(text);
    const parse = parsers.get(column);
    // A number that its own column takes for one is that number, whoever bears it as an identifier.
    const isOwn = parse !== undefined && !(parse(text) instanceof CellFault);
    return !isOwn && person.is(text);
  };
  const judge = (isOne: (cell: Cell) => boolean) => (text: string, format: RecordFormat) => {
    const cells = format.kind === 'json' ? valuesOf(text, known) : cellsOf(text, format, known);
    return cells === undefined ? person.isIn(text) : cells.some(isOne);
  };
  const isRefused = judge(isShifted);
  return {
    isOf: judge(isPersonal),
    isRefusedOf: (text, format) => (format === undefined ? person.isIn(text) : isRefused(text, format)),
  };
}

/** Undefined for a column of texts, whose parser takes every cell. */
function textParser(column: Column): CellParser | undefined {
  return column.type.kind === 'string' || column.type.kind === 'enum' ? undefined : compileCellParser(column);
}

function cellsOf(
  text: string,
  { delimiter, header }: RecordFormat & { kind: 'csv' },
  known: ReadonlyMap<string, Column>,
): Cell[] | undefined {
  const cells = splitLine(text, delimiter);
  if (cells === 'row:quote' || cells.length !== header.width) return undefined;
  const names = new Map([...header.places].map(([name, place]) => [place, name]));
  return cells.map((cell, place) => [known.get(names.get(place) ?? ''), cell]);
}

/** The fields of a JSON object that are texts or numbers, whose digits count as they are written. */
function valuesOf(text: string, known: ReadonlyMap<string, Column>): Cell[] | undefined {
  const json = readExactJson(text, true);
  const object = json?.value;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
  return Object.entries(object).flatMap(([name, value]): Cell[] => {
    const column = known.get(name);
    if (typeof value === 'string') return [[column, value]];
    if (typeof value === 'object' && value !== null) return column === undefined ? textsIn(value) : [];
    const exact = json?.exact === undefined ? undefined : ownValue(json.exact as object, name);
    return typeof value === 'number' ? [[column, typeof exact === 'string' ? exact : String(value)]] : [];
  });
}

/** Texts and numbers at any depth, under no column. Not recursive: a row may be nested deeper than the stack. */
function textsIn(value: object): Cell[] {
  const found: Cell[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' || typeof next === 'number') found.push([undefined, String(next)]);
    else if (typeof next === 'object' && next !== null) waiting.push(...Object.values(next));
  }
  return found;
}
