import type { LakeField, LakeType } from '../contract/plan.ts';
import { CELL_FAULTS, CellFault } from './cell-fault.ts';
import { type CellParser, type CellValue, compileCellParser } from './parse-cell.ts';
import { parseDecimal, parseInt64, plainNumber } from './parse-number.ts';

/**
 * Turns a parsed JSON value into a value of a clean row, null or a fault.
 *
 * @param exact the same value with its numbers as source text, where they may have been rounded.
 */
export type JsonParser = (value: unknown, exact?: unknown) => CellValue | CellFault;

/** Compiles the reading of a column's JSON values. JSON strings of other than string columns are read as cells. */
export function compileJsonParser(field: Pick<LakeField, 'type'>): JsonParser {
  const { type } = field;
  const parseValue = compileValue(type);
  if (type.kind === 'string') return (value) => (value === null || value === undefined ? null : soundText(value));
  // An array or struct within a text would be another encoding of the same row; a cell is where that belongs.
  const parseText: CellParser =
    type.kind === 'array' || type.kind === 'struct' ? () => CELL_FAULTS.type : compileCellParser({ type });
  return (value, exact) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string') return parseValue(value, exact);
    return value === '' ? null : parseText(value);
  };
}

function compileValue(type: LakeType): JsonParser {
  switch (type.kind) {
    case 'int32':
      return (value) => (typeof value === 'number' && (value | 0) === value ? value + 0 : CELL_FAULTS.type);
    case 'int64':
      return (value, exact) => {
        if (typeof value !== 'number') return CELL_FAULTS.type;
        if (typeof exact === 'string') return parseInt64(withoutZeros(plainNumber(exact))) ?? CELL_FAULTS.type;
        return Number.isSafeInteger(value) ? BigInt(value) : CELL_FAULTS.type;
      };
    case 'double':
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : CELL_FAULTS.type);
    case 'decimal': {
      const { precision, scale } = type;
      return (value, exact) => {
        if (typeof value !== 'number' || !Number.isFinite(value)) return CELL_FAULTS.type;
        const decimal = parseDecimal(plainNumber(typeof exact === 'string' ? exact : String(value)), precision, scale);
        return typeof decimal === 'string' ? CELL_FAULTS[decimal] : decimal.text;
      };
    }
    case 'boolean':
      return (value) =>
        typeof value === 'boolean' ? value : value === 1 ? true : value === 0 ? false : CELL_FAULTS.type;
    case 'array':
      return compileArray(type.element);
    case 'struct':
      return compileStruct(type.fields);
    case 'string':
    case 'enum':
    case 'date':
    case 'timestamp':
      return () => CELL_FAULTS.type;
  }
}

function compileArray(element: LakeField): JsonParser {
  const parse = compileJsonParser(element);
  return (value, exact) => {
    if (!Array.isArray(value)) return CELL_FAULTS.type;
    const parsed: CellValue[] = [];
    for (let i = 0; i < value.length; i++) {
      const item = parse(value[i], Array.isArray(exact) ? exact[i] : undefined);
      if (item instanceof CellFault) return item;
      parsed.push(item);
    }
    return parsed;
  };
}

function compileStruct(fields: readonly (LakeField & { readonly name: string })[]): JsonParser {
  const parsers = fields.map((field) => ({ name: field.name, parse: compileJsonParser(field) }));
  return (value, exact) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return CELL_FAULTS.type;
    const parsed: Record<string, CellValue> = {};
    for (const { name, parse } of parsers) {
      const item = parse(ownValue(value, name), isObject(exact) ? ownValue(exact, name) : undefined);
      if (item instanceof CellFault) return item;
      parsed[name] = item;
    }
    return parsed;
  };
}

/** The value that an object itself has: never one that it inherits. */
export function ownValue(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A text that UTF-8 can hold and that every engine reads back: no half surrogate pair, no NUL; empty is null. */
function soundText(value: unknown): CellValue | CellFault {
  if (typeof value !== 'string') return CELL_FAULTS.type;
  if (value === '') return null;
  return isWellFormed(value) && !value.includes('\0') ? value : CELL_FAULTS.type;
}

/** In Node 20, but in TypeScript's es2024 only. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** `12.00` is the whole number 12. */
function withoutZeros(text: string): string {
  return text.replace(/\.0+$/, '');
}
