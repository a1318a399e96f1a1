import type { DatasetPlan, LakeType } from '../contract/plan.ts';
import { storedColumns } from '../contract/plan.ts';

/** A clean row: values as `LakeType` says, null where missing. */
export type CleanRow = Readonly<Record<string, unknown>>;

/**
 * Generates the encoder of a dataset: a clean row as one line of JSON, ended by `\n`, with the stored columns and
 * nothing else; a null is left out.
 *
 * The line is what Firehose's OpenX JSON SerDe turns into Parquet without loss, and DuckDB's JSON reader as well:
 * - int64 as bare digits: both read them as 64 bits, whatever JavaScript would make of them;
 * - decimal as a string: a JSON number with a point passes through a double in many readers, a string in none;
 * - timestamp as `YYYY-MM-DDTHH:MM:SS.mmmZ` and date as `YYYY-MM-DD`, the forms that Firehose's guide names.
 */
export function compileRowEncoder(plan: DatasetPlan): (row: CleanRow) => string {
  const lines = storedColumns(plan).map((column) => {
    const name = JSON.stringify(`${JSON.stringify(column.name)}:`);
    const value = `row[${JSON.stringify(column.name)}]`;
    return `v = ${value}; if (v !== null && v !== undefined) { s += comma + ${name} + ${expression(column.type, 'v')}; comma = ','; }`;
  });
  const body = `return (row) => { let s = '{'; let comma = ''; let v; ${lines.join('\n')} return s + '}\\n'; }`;
  return new Function('text', 'double', body)(encodeText, encodeDouble) as (row: CleanRow) => string;
}

/** JavaScript source that encodes the value of `source`, which is not null. */
function expression(type: LakeType, source: string): string {
  switch (type.kind) {
    case 'string':
    case 'enum':
      return `text(${source})`;
    case 'double':
      return `double(${source})`;
    case 'int32':
    case 'int64':
    case 'boolean':
      return source;
    case 'decimal':
    case 'date':
    case 'timestamp':
      return `'"' + ${source} + '"'`;
    case 'array':
      return `'[' + ${source}.map((e) => ${nullable(type.element.type, 'e')}).join(',') + ']'`;
    case 'struct': {
      const fields = type.fields.map((field) => {
        const value = `o[${JSON.stringify(field.name)}]`;
        return `${JSON.stringify(`${JSON.stringify(field.name)}:`)} + ${nullable(field.type, value)}`;
      });
      return `((o) => '{' + ${fields.join(" + ',' + ") || "''"} + '}')(${source})`;
    }
  }
}

function nullable(type: LakeType, source: string): string {
  return `(${source} === null || ${source} === undefined ? 'null' : ${expression(type, source)})`;
}

/** A text as JSON. */
export function encodeText(value: string): string {
  if (SAFE.test(value)) return `"${value}"`;
  // Half a surrogate pair is no text: UTF-8 cannot hold it, and JSON readers refuse its escape.
  return JSON.stringify(value.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** Nothing that JSON would escape. */
const SAFE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A finite number as JSON, that reads back as the same 64 bits. */
export function encodeDouble(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}
