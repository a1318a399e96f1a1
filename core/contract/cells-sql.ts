/** Cutting one line of a source into the texts of its cells, in DuckDB SQL. */
import { sqlText } from './duckdb-type.ts';

/** What framing puts for a line break within quotes. */
const JOINED_LINES = 'chr(30)';

/**
 * The cells of a csv line as a list, or NULL where the quotes are the row reader's business.
 *
 * A line without quotes is split. So is a fully quoted one, at `","`, which is right where no cell holds a quote of its
 * own: then there are two quotes a cell. All others are cut by a regular expression; what it finds must make up the
 * whole line.
 */
export function csvCells(line: string, delimiter: string, width: number): string {
  const between = sqlText(delimiter);
  const mark = escaped(delimiter);
  const token = `${mark}(?:"(?:[^"]|"")*"|(?:[^"${mark}][^${mark}]*)?)`;
  const tokens = `regexp_extract_all(${between} || ${line}, ${sqlText(token)})`;
  const cell = `CASE WHEN substr(x, 2, 1) = '"' THEN replace(substr(x, 3, length(x) - 3), '""', '"') ELSE substr(x, 2) END`;
  const quotes = `strlen(${line}) - strlen(replace(${line}, '"', ''))`;
  return `CASE
      WHEN NOT contains(${line}, '"') THEN string_split(${line}, ${between})
      WHEN contains(${line}, ${JOINED_LINES}) THEN NULL
      WHEN starts_with(${line}, '"') AND ends_with(${line}, '"') AND ${quotes} = ${2 * width}
        THEN string_split(substr(${line}, 2, length(${line}) - 2), ${sqlText(`"${delimiter}"`)})
      WHEN array_to_string(${tokens}, '') = ${between} || ${line} THEN [${cell} FOR x IN ${tokens}]
    END`;
}

/**
 * The JSON of each name in an object as a list, or NULL where the line is not surely the JSON that JavaScript reads.
 *
 * DuckDB's parser is lenient (a comma too many, `NaN`), keeps the first of two equal keys and rounds long numbers. So:
 * no escapes, no key twice, and the line is what DuckDB would write itself, but for spaces and zeros after decimals.
 */
export function jsonCells(line: string, names: readonly string[]): string {
  const paths = names.map((name) => sqlText(`$."${name}"`)).join(', ');
  const compact = (text: string) => `replace(${text}, ' ', '')`;
  const shorter = (text: string) => `regexp_replace(${compact(text)}, '(\\.[0-9]+?)0+([],}])', '\\1\\2', 'g')`;
  const own = `json(${line})::VARCHAR`;
  const same = `CASE WHEN ${compact(own)} = ${compact(line)} THEN true ELSE ${shorter(own)} = ${shorter(line)} END`;
  const once = `len(json_keys(${line})) = len(list_distinct(json_keys(${line})))`;
  return `CASE WHEN starts_with(${line}, '{') AND NOT contains(${line}, '\\') AND NOT contains(${line}, 'NaN')
        AND NOT contains(${line}, 'Infinity') THEN
      CASE WHEN json_valid(${line}) THEN
        CASE WHEN ${same} AND ${once} THEN json_extract(${line}, [${paths}])::VARCHAR[] END
      END
    END`;
}

/** The text of a JSON value; NULL for null and for a missing key. */
export function jsonText(json: string): string {
  return `CASE WHEN starts_with(${json}, '"') THEN substr(${json}, 2, length(${json}) - 2) WHEN ${json} <> 'null' THEN ${json} END`;
}

function escaped(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : `\\x{${character.codePointAt(0)?.toString(16)}}`;
}
