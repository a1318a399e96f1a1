import type { LakeField, LakeType } from '../contract/plan.ts';
import { CELL_FAULTS, type CellFault } from './cell-fault.ts';
import { trimAscii } from './clean-row.ts';
import { readExactJson } from './exact-json.ts';
import { parseDate, parseTimestamp } from './parse-instant.ts';
import { compileJsonParser } from './parse-json-value.ts';
import { parseDecimal, parseDouble, parseInt32, parseInt64 } from './parse-number.ts';

/** A value of a clean row as `LakeType` describes it, or null. */
export type CellValue = unknown;

/** Turns the text of a cell into a value, null or a fault. */
export type CellParser = (text: string) => CellValue | CellFault;

const WORDS: Readonly<Record<string, boolean>> = { 1: true, true: true, yes: true, 0: false, false: false, no: false };

/**
 * Compiles the reading of a column's text cells.
 *
 * An empty cell is null. Spaces and tabs around a cell are cut, unless it is a string or an enum. Limits (such as a
 * minimum) and missing values are the validator's business.
 */
export function compileCellParser(column: Pick<LakeField, 'type'>): CellParser {
  const parse = compileText(column.type);
  if (column.type.kind === 'string' || column.type.kind === 'enum') return (text) => (text === '' ? null : parse(text));
  return (text) => {
    const cut = trimAscii(text);
    return cut === '' ? null : parse(cut);
  };
}

function compileText(type: LakeType): CellParser {
  switch (type.kind) {
    case 'string':
      return (text) => text;
    case 'enum': {
      const values = new Set(type.values);
      return (text) => (values.has(text) ? text : CELL_FAULTS.enum);
    }
    case 'int32':
      return (text) => parseInt32(text) ?? CELL_FAULTS.type;
    case 'int64':
      return (text) => parseInt64(text) ?? CELL_FAULTS.type;
    case 'double':
      return (text) => parseDouble(text) ?? CELL_FAULTS.type;
    case 'decimal': {
      const { precision, scale } = type;
      return (text) => {
        const decimal = parseDecimal(text, precision, scale);
        return typeof decimal === 'string' ? CELL_FAULTS[decimal] : decimal.text;
      };
    }
    case 'boolean':
      return (text) => {
        if (text === '1') return true;
        if (text === '0') return false;
        const word = text.toLowerCase();
        return Object.hasOwn(WORDS, word) ? WORDS[word] : CELL_FAULTS.type;
      };
    case 'date':
      return (text) => parseDate(text) ?? CELL_FAULTS.type;
    case 'timestamp':
      return (text) => parseTimestamp(text) ?? CELL_FAULTS.type;
    case 'array':
    case 'struct': {
      const parse = compileJsonParser({ type });
      return (text) => {
        const json = readExactJson(text, true);
        // A JSON string would be read as a cell again, without end.
        return json === undefined || typeof json.value === 'string' ? CELL_FAULTS.type : parse(json.value, json.exact);
      };
    }
  }
}
